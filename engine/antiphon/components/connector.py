"""Connectors: how a network is read and written, and what it promises."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, get_args

from pydantic import SecretStr

from antiphon.components.capabilities import Ability, abilities_of
from antiphon.components.clock import Clock
from antiphon.components.component import Component, Options
from antiphon.components.http import Http
from antiphon.components.limits import Limits
from antiphon.components.source import Source
from antiphon.model.effect import Idempotency


class Connector(Component):
    """A network. `Options` are those of a connection in antiphon.toml: server, token and the like.

    A secret option is a pydantic `SecretStr`. An instance belongs to one connection and is kept for its lifetime.
    `reader_class` and `writer_class` are those of its clients: what the network can do is told by the capabilities that
    they have (`antiphon.components.capabilities`), without opening anything.
    """

    reader_class: ClassVar[type] = object
    writer_class: ClassVar[type] = type(None)
    sources: ClassVar[Sequence[type[Source]]] = ()
    idempotency: ClassVar[Mapping[str, Idempotency]] = {}
    limits: ClassVar[Limits] = Limits()
    """What the network allows, so far as it does not tell itself at run time."""

    def __init__(self, connection: str, options: Any, http: Http, clock: Clock) -> None:
        self.connection = connection
        self.options = options
        self.http = http
        self.clock = clock

    @classmethod
    def secret_options(cls) -> Mapping[str, bool]:
        """The names of the secret options, and of each whether it must be given."""
        fields = cls.Options.model_fields
        return {
            field.alias or name: field.is_required() for name, field in fields.items() if _is_secret(field.annotation)
        }

    @classmethod
    def promises(cls, options: Mapping[str, Any]) -> Mapping[str, Idempotency]:
        """What is promised of each verb by a connection with these options, as they are written in antiphon.toml: what
        the connector declares, unless a connection that lacks something can promise less."""
        return cls.idempotency

    @classmethod
    def abilities(cls) -> tuple[Ability, ...]:
        """What the network can do, by the capabilities of its clients."""
        return abilities_of(cls.reader_class, cls.writer_class)

    @abstractmethod
    def reader(self) -> object:
        """A client that can only read."""

    def writer(self) -> object | None:
        """A client that can also write, or None when the network cannot be written to."""
        return None

    def documented(self) -> Mapping[str, Any]:
        """What the network answers by its documentation, as JSON by path: limits, and who we are. In tests of documents
        and backtests nobody asks it: the reader is told this, and what is not here is out of reach.

        A `*` in a path is any one part of it. An answer that hangs on what is asked is a function of the query.
        """
        return {}

    @abstractmethod
    def check(self) -> str:
        """Who we are there, as a sentence. Raises StepError with what to do about it."""


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))


class NoOptions(Options):
    """For what needs no options."""

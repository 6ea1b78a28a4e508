"""Connectors: how a network is read and written, and what it promises."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from pydantic import SecretStr

from antiphon.components.clock import Clock
from antiphon.components.component import Component, Options
from antiphon.components.http import Http
from antiphon.model.effect import Idempotency
from antiphon.model.event import Event
from antiphon.model.person import Person


@dataclass(frozen=True, slots=True)
class Page:
    """Some items of a source, oldest first. `cursor` is where to go on; `more` says that a next page waits already."""

    events: Sequence[Event]
    cursor: str
    more: bool = False
    people: Sequence[Person] = ()


class Source(Component):
    """Something a network lets us ask for new items now and then: mentions, a timeline, a feed.

    `event` is the type of the events it gives.
    """

    event: ClassVar[str]

    @abstractmethod
    def fetch(self, options: Any, client: Any, cursor: str | None) -> Page:
        """The items after `cursor`; with no cursor, the most recent ones only. `client` is the connection's reader.

        Raises:
            RetryLater: the network is not there or asks to come back later.
            GiveUp: the credentials, the address or the answer are wrong.
        """


class Connector(Component):
    """A network. `Options` are those of a connection in antiphon.toml: server, token and the like.

    A secret option is a pydantic `SecretStr`. An instance belongs to one connection and is kept for its lifetime.
    """

    sources: ClassVar[Sequence[type[Source]]] = ()
    idempotency: ClassVar[Mapping[str, Idempotency]] = {}

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

    @abstractmethod
    def reader(self) -> object:
        """A client that can only read."""

    def writer(self) -> object | None:
        """A client that can also write, or None when the network cannot be written to."""
        return None

    def documented(self) -> Mapping[str, Any]:
        """What the network answers by its documentation, as JSON by path: limits, and who we are. In tests of documents
        and backtests nobody asks it: the reader is told this, and what is not here is out of reach."""
        return {}

    @abstractmethod
    def check(self) -> str:
        """Who we are there, as a sentence. Raises StepError with what to do about it."""


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))


class NoOptions(Options):
    """For what needs no options."""

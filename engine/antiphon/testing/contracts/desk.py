"""A desk: one connection to the network of a bench, and what is done with it whatever the network calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from antiphon.components.capabilities import (
    Ability,
    Composes,
    ComposesMessages,
    Made,
    Messages,
    Publishes,
)
from antiphon.components.connector import Connector
from antiphon.components.http import Http
from antiphon.components.posting import SKEW
from antiphon.errors import GiveUp
from antiphon.model.draft import Composed, Draft
from antiphon.model.effect import Done, Outcome
from antiphon.registry import Registry
from antiphon.testing.contracts.bench import Bench
from antiphon.testing.contracts.check import Broken, LeftOut

KEY, OTHER_KEY = "5f" * 32, "a0" * 32
TIMEOUT = 2.5
"""Seconds of silence after which a network is taken not to answer: long enough for a busy machine, short for a test."""


class Desk:
    """`reader` and `writer` are the connector's; `connect` opens it anew, such as after its credentials changed."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.catalogue = Registry.load().catalogue
        given = bench.connector
        self.connector_class: type[Connector] = self.catalogue.connectors[given] if isinstance(given, str) else given
        self.connect()

    def connect(self) -> Connector:
        """Open the connection with the options of the bench."""
        kind = self.connector_class
        self.options: Any = kind.Options.model_validate(dict(self.bench.options()))
        self.http = Http(allow_private=frozenset({"127.0.0.1", "localhost"}), timeout=TIMEOUT, deadline=3 * TIMEOUT)
        self.connector = kind("bench", self.options, self.http, self.bench.clock)
        self.reader: Any = self.connector.reader()
        self.writer: Any = self.connector.writer()
        return self.connector

    @property
    def secrets(self) -> set[str]:
        """The secrets of the connection."""
        values = (getattr(self.options, name) for name in type(self.options).model_fields)
        return {value.get_secret_value() for value in values if isinstance(value, SecretStr)} - {""}

    @property
    def verb(self) -> str:
        """What the connector calls the act that is tried: to post, or else to send a message."""
        if isinstance(self.reader, Composes) and isinstance(self.writer, Publishes):
            return "post"
        if isinstance(self.reader, ComposesMessages) and isinstance(self.writer, Messages):
            return "message"
        raise LeftOut(f"{self.connector_class.name} can neither {Ability.PUBLISH} nor {Ability.MESSAGE}")

    @property
    def idempotency(self) -> str:
        """What the connector promises for it."""
        declared = self.connector_class.idempotency.get(self.verb)
        if declared is None:
            raise Broken(f"{self.connector_class.name} declares no idempotency for {self.verb!r}")
        return declared

    def compose(self, text: str | None = None) -> Composed:
        """What a text comes to; the bench's own without one."""
        draft = Draft(text=self.bench.text if text is None else text)
        if self.verb == "post":
            return self.reader.compose(draft)  # type: ignore[no-any-return]
        return self.reader.compose_message(draft, self.bench.to)  # type: ignore[no-any-return]

    def send(self, composed: Composed, key: str = KEY) -> Outcome:
        """Publish it, or send it."""
        act = self.writer.publish if self.verb == "post" else self.writer.message
        return act(dict(composed.payload), key, ())  # type: ignore[no-any-return]

    def look(self, composed: Composed, key: str = KEY, made: Made = lambda remote_id: False) -> Outcome | None:
        """Look for it, as the engine does after a doubt."""
        find = self.writer.find_published if self.verb == "post" else self.writer.find_message
        since = self.bench.clock.now() - timedelta(seconds=1) - SKEW
        return find(dict(composed.payload), key, since, made)  # type: ignore[no-any-return]

    def done(self, composed: Composed, key: str = KEY) -> Done:
        """Send what must succeed."""
        outcome = self.send(composed, key)
        if not isinstance(outcome, Done):
            raise Broken(f"a text in order was not published: {outcome!r}")
        return outcome

    def sources(self) -> Mapping[str, Any]:
        """The sources that the bench feeds, by name, bound to their options."""
        own = {source.name: source for source in self.connector_class.sources}
        named = {name: {**self.catalogue.sources, **own}[name] for name, _ in self.bench.sources}
        return {name: (named[name], named[name].Options.model_validate(dict(o))) for name, o in self.bench.sources}


@contextmanager
def refused(about: str) -> Iterator[list[GiveUp]]:
    """What is inside must raise GiveUp; it is handed over."""
    found: list[GiveUp] = []
    try:
        yield found
    except GiveUp as refusal:
        found.append(refusal)
    else:
        raise Broken(f"{about}: it was not refused")

"""Where the test of a network works: one connection, `brand`, a store, and contexts to plan and to perform in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from antiphon.components.capabilities import Ability
from antiphon.components.connector import Connector
from antiphon.components.context import Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.media import Files, NoFiles
from antiphon.components.ports import Store
from antiphon.model.effect import Effect, Idempotency
from antiphon.testing.clock import VirtualClock

T = TypeVar("T")


class NoReports:
    """For actions that have no business with reports."""

    def write(self, *sections: Any, **options: Any) -> NoReturn:
        raise AssertionError("an action on a network wrote a report")


@dataclass(kw_only=True)
class AnyDesk:
    """What the desks of all networks have in common. `made` are the remote ids that are other effects' already."""

    connector: Connector = field(init=False)
    clock: VirtualClock
    store: Store
    http: Http
    made: set[str] = field(default_factory=set)
    files: Files = field(default_factory=NoFiles)
    here: Here = field(default_factory=lambda: Here("thanks", "run-1", "answer", ZoneInfo("Europe/Paris"), event="e-1"))

    def reader(self, name: str, of: type[T]) -> T:
        client = self.connector.reader()
        assert isinstance(client, of)
        return client

    def writer(self, name: str, of: type[T]) -> T:
        client = self.connector.writer()
        assert isinstance(client, of)
        return client

    def idempotency(self, name: str, verb: str) -> Idempotency:
        return self.connector.idempotency[verb]

    def can(self, name: str, ability: Ability) -> bool:
        return ability in self.connector.abilities()

    def network_of(self, name: str) -> str:
        return self.connector.name

    @property
    def reading(self) -> ReadContext:
        store = self.store
        return ReadContext(
            self.here,
            self.clock,
            self,
            store.events,
            store.runs,
            store.ledger,
            store.people,
            store.records,
            store.marks,
            files=self.files,
        )

    @property
    def performing(self) -> PerformContext:
        return PerformContext(
            here=replace(self.here, live=True),
            clock=self.clock,
            connections=self,
            http=self.http,
            events=self.store.events,
            records=self.store.records,
            people=self.store.people,
            reports=NoReports(),
            brakes=self.store.brakes,
            claimed_at=self.clock.now(),
            made=self.made.__contains__,
            reveal=lambda value: value,
            files=self.files,
        )

    def plan(self, action: Any, **options: Any) -> Effect:
        """What an action would do with these options."""
        effect = action().plan(action.Options(connection="brand", **options), self.reading)
        assert isinstance(effect, Effect)
        return effect

    def perform(self, action: Any, effect: Effect) -> Any:
        """What becomes of an effect."""
        return action().perform(effect, self.performing)

    def reconcile(self, action: Any, effect: Effect) -> Any:
        """What can be found out about an effect afterwards."""
        return action().reconcile(effect, self.performing)

"""A sandbox network, an account on it, and contexts to plan and to perform in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.workbench import Listener, Workbench

from antiphon.components.capabilities import Ability
from antiphon.components.connector import Connector
from antiphon.components.context import Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.media import Files, NoFiles
from antiphon.components.ports import Store
from antiphon.model.effect import Effect, Idempotency
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox
from antiphon_networks.mastodon.connector import Mastodon, MastodonOptions

T = TypeVar("T")


class NoReports:
    """For actions that have no business with reports."""

    def write(self, *sections: Any, **options: Any) -> Sequence[str]:
        raise AssertionError("an action on a network wrote a report")


@dataclass
class Desk:
    """Where a test works: one connection, `brand`, to one account, and a store."""

    network: Sandbox
    account: Account
    clock: VirtualClock
    store: Store
    http: Http
    files: Files = field(default_factory=NoFiles)
    here: Here = field(default_factory=lambda: Here("thanks", "run-1", "answer", ZoneInfo("Europe/Paris"), event="e-1"))

    def __post_init__(self) -> None:
        self.connect(self.account.token)

    def connect(self, token: str) -> Mastodon:
        options = MastodonOptions(server=self.network.url, token=SecretStr(token))
        self.connector = Mastodon("brand", options, self.http, self.clock)
        return self.connector

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
            made=lambda remote_id: False,
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

    def published(self) -> list[str]:
        """The texts of the account's statuses, as the network has them."""
        return [status.text for status in self.network.statuses(by=self.account.username)]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def network(clock: VirtualClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def http() -> Http:
    return Http(allow_private=frozenset({"127.0.0.1"}), timeout=5.0)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that answers what the test says."""
    server = Listener()
    yield server
    server.stop()


@pytest.fixture
def workbench(clock: VirtualClock, http: Http, tmp_path: Path) -> Iterator[Callable[[Connector], Workbench]]:
    """Makes a workbench for a connector."""
    store = open_store(f"sqlite:///{tmp_path / 'workbench.db'}", clock)
    yield lambda connector: Workbench(connector, clock, store, http)
    store.close()


@pytest.fixture
def desk(network: Sandbox, clock: VirtualClock, http: Http, tmp_path: Path) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    yield Desk(network, network.account("torrea", name="Torréa", followers=1204), clock, store, http)
    store.close()

"""A sandbox network, an account on it, and contexts to plan and to perform in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.desk import AnyDesk
from tests.antiphon_networks.workbench import Listener, Workbench

from antiphon.components.connector import Connector
from antiphon.components.http import Http
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox
from antiphon_networks.mastodon.connector import Mastodon, MastodonOptions


@dataclass(kw_only=True)
class Desk(AnyDesk):
    """A desk with one account on a network like Mastodon."""

    connector: Mastodon = field(init=False)
    network: Sandbox
    account: Account

    def __post_init__(self) -> None:
        self.connect(self.account.token)

    def connect(self, token: str) -> Mastodon:
        options = MastodonOptions(server=self.network.url, token=SecretStr(token))
        self.connector = Mastodon("brand", options, self.http, self.clock)
        return self.connector

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
    yield lambda connector: Workbench(connector=connector, clock=clock, store=store, http=http)
    store.close()


@pytest.fixture
def desk(network: Sandbox, clock: VirtualClock, http: Http, tmp_path: Path) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    account = network.account("torrea", name="Torréa", followers=1204)
    yield Desk(network=network, account=account, clock=clock, store=store, http=http)
    store.close()

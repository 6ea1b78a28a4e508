"""An account on a real server, and a desk that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.desk import AnyDesk
from tests.servers.bluesky.server import Account, Bluesky, started, started_with_index

from antiphon import Token
from antiphon.components.clock import SystemClock
from antiphon.components.http import Http
from antiphon.components.tokens import OwnTokens, TokenKeeper
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon.testing.serving import Forwarding, Served
from antiphon_networks.bluesky.connector import Bluesky as Connector
from antiphon_networks.bluesky.connector import BlueskyOptions


@dataclass(kw_only=True)
class SkyDesk(AnyDesk):
    """A desk with an account on Bluesky, behind a wire that can be broken."""

    connector: Connector = field(init=False)
    network: Bluesky
    wire: Served
    account: Account
    called_before: int = 0

    def __post_init__(self) -> None:
        self.open()

    def open(self, app_password: str = "", handle: str = "") -> Connector:
        """Open the connection, with what is known of its token."""
        options = BlueskyOptions(
            server=self.wire.url,
            handle=handle or self.account.handle,
            app_password=SecretStr(app_password or self.account.app_password),
        )
        self.connector = Connector("brand", options, self.http, self.clock)
        return self.connector

    def connect(self, app_password: str = "", handle: str = "") -> Connector:
        """Open the connection, not signed in yet."""
        self.http = replace(self.http, keeper=OwnTokens(self.clock))
        return self.open(app_password, handle)

    def as_(self, account: Account) -> SkyDesk:
        """The same desk for another account."""
        self.account = account
        self.connect()
        return self

    def token(self) -> Token:
        """The token of the session, which is opened when there is none."""
        self.connector.check()
        return self.http.tokens(self.clock).token(lambda last: pytest.fail("the token is not good"))

    def wear(self, access: str, refresh: str = "") -> None:
        """Let the tokens of the session be others."""
        worn = self.token().model_copy(update={"access": access, **({"refresh": refresh} if refresh else {})})
        self.connect()
        self.http.tokens(self.clock).token(lambda last: worn)
        self.called_before = len(self.wire.requests)

    def fail(self, method: str, *kinds: FaultKind, **how: Any) -> None:
        """Let the next calls of a method go wrong between us and the server."""
        verb = "GET" if ".get" in method else "POST"
        self.wire.faults.add(*(Fault(f"{verb} /xrpc/{method}", kind, **how) for kind in kinds))

    @property
    def called(self) -> list[str]:
        """The methods that were called, without the family that they are of."""
        return [request.path.rpartition(".")[2] for request in self.wire.requests[self.called_before :]]

    def published(self) -> list[str]:
        """The texts of the account's posts, as the network has them."""
        return [record["value"]["text"] for record in self.network.records(self.account)]


@pytest.fixture(scope="session")
def bluesky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bluesky]:
    with started(tmp_path_factory.mktemp("bluesky")) as network:
        yield network


@pytest.fixture(scope="session")
def ana(bluesky: Bluesky) -> Account:
    """Somebody else."""
    return bluesky.account("ana")


@pytest.fixture(scope="session")
def torrea(bluesky: Bluesky) -> tuple[Account, TokenKeeper]:
    """The brand, and the tokens of its session: a server lets nobody sign in as often as the tests would."""
    return bluesky.account("torrea"), OwnTokens(SystemClock())


@pytest.fixture
def sky(bluesky: Bluesky, torrea: tuple[Account, TokenKeeper], http: Http, tmp_path: Path) -> Iterator[SkyDesk]:
    """The desk of the brand, which has said nothing yet."""
    account, keeper = torrea
    bluesky.clear(account)
    clock = VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    ours = replace(http, keeper=keeper)
    with Served(Forwarding(bluesky.url)) as wire:
        desk = SkyDesk(network=bluesky, wire=wire, account=account, clock=clock, store=store, http=ours)
        desk.connector.reader().did()
        desk.called_before = len(wire.requests)
        yield desk
    store.close()


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, postgresql_server: str) -> Iterator[Bluesky]:
    """A network with its index, which takes a while to start."""
    with started_with_index(tmp_path_factory.mktemp("indexed"), postgresql_server) as network:
        yield network


@pytest.fixture
def heard(indexed: Bluesky, http: Http, tmp_path: Path) -> Iterator[SkyDesk]:
    """The desk of a brand that is new on a network with an index."""
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock := VirtualClock(datetime.now(UTC)))
    with Served(Forwarding(indexed.url)) as wire:
        yield SkyDesk(
            network=indexed, wire=wire, account=indexed.account("torrea"), clock=clock, store=store, http=http
        )
    store.close()

"""A submission server, a Dovecot, an account on both, and contexts to plan and to perform in."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from tests.servers.mail.certificates import Authority, authority
from tests.servers.mail.office import PASSWORD, Office, open_office
from tests.servers.mail.server import Dovecot, started

from antiphon import Effect, Event, Page
from antiphon.components import wire
from antiphon.components.capabilities import Ability
from antiphon.components.context import Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.media import Files, NoFiles
from antiphon.components.ports import Store
from antiphon.model.effect import Idempotency
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon_networks.mail.connector import Mail

T = TypeVar("T")

SENDER = "hello@torrea.example"


class NoReports:
    """For actions that have no business with reports."""

    def write(self, *sections: Any, **options: Any) -> Any:
        raise AssertionError("an e-mail wrote a report")


@dataclass
class Desk:
    """Where a test works: one connection, `post`, and a store."""

    office: Office
    clock: VirtualClock
    store: Store
    http: Http
    dovecot: Dovecot | None = None
    account: str = SENDER
    options: dict[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=NoFiles)
    here: Here = field(default_factory=lambda: Here("thanks", "run-1", "answer", ZoneInfo("Europe/Paris"), event="e-1"))

    @property
    def connector(self) -> Mail:
        written: dict[str, Any] = {
            "smtp": f"smtp://127.0.0.1:{self.office.port}",
            "from": f"Torréa <{self.account}>",
            "password": PASSWORD,
        }
        if self.dovecot:
            written["imap"] = f"imap://127.0.0.1:{self.dovecot.port}"
        return Mail("post", Mail.Options.model_validate({**written, **self.options}), self.http, self.clock)

    def reader(self, name: str, of: type[T]) -> T:
        client = self.connector.reader()
        assert isinstance(client, of)
        return client

    def writer(self, name: str, of: type[T]) -> T:
        client = self.connector.writer()
        assert isinstance(client, of)
        return client

    def idempotency(self, name: str, verb: str) -> Idempotency:
        return self.connector.promises({"imap": self.dovecot})[verb]

    def can(self, name: str, ability: Ability) -> bool:
        return ability in self.connector.abilities()

    def network_of(self, name: str) -> str:
        return self.connector.name

    @property
    def reading(self) -> ReadContext:
        kept = self.store
        return ReadContext(
            self.here,
            self.clock,
            self,
            kept.events,
            kept.runs,
            kept.ledger,
            kept.people,
            kept.records,
            kept.marks,
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
        effect = action().plan(action.Options.model_validate({"connection": "post", **options}), self.reading)
        assert isinstance(effect, Effect)
        return effect

    def perform(self, action: Any, effect: Effect) -> Any:
        """What becomes of an effect."""
        return action().perform(effect, self.performing)

    def reconcile(self, action: Any, effect: Effect) -> Any:
        """What can be found out about an effect afterwards."""
        return action().reconcile(effect, self.performing)

    def fetch(self, source: Any, cursor: str | None = None) -> Page:
        """One page of a source."""
        page = source().fetch(source.Options(), self.connector.reader(), cursor)
        assert isinstance(page, Page)
        return page

    def hear(self, source: Any, cursor: str | None) -> tuple[list[Event], str]:
        """All that a source has after a cursor, and where it stands then."""
        events: list[Event] = []
        while True:
            page = self.fetch(source, cursor)
            events += page.events
            cursor = page.cursor
            if not page.more:
                return events, cursor

    def sent(self) -> list[tuple[str, bytes]]:
        """The flags and text of each copy in the mailbox for what was sent."""
        assert self.dovecot
        return self.dovecot.held(self.account, "Sent")

    def arrive(self, message: bytes | EmailMessage, at: datetime | None = None) -> None:
        """Let a message arrive in the inbox."""
        assert self.dovecot
        raw = message if isinstance(message, bytes) else message.as_bytes()
        self.dovecot.deliver(self.account, raw, at or self.clock.now())


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def dovecot(ca: Authority) -> Iterator[Dovecot]:
    pair = ca.issue("dovecot", "127.0.0.1", "mail.test")
    with started(pair.certificate, pair.key) as server:
        yield server


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as office:
        yield office


@pytest.fixture
def http() -> Http:
    return Http(allow_private=frozenset({"127.0.0.1", "localhost", "mail.test"}), timeout=5.0)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests: contexts need one, and e-mail keeps nothing in it."""
    folder = tmp_path_factory.mktemp("store")
    store = open_store(f"sqlite:///{folder / 'antiphon.db'}", VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC)))
    yield store
    store.close()


@pytest.fixture
def desk(office: Office, clock: VirtualClock, http: Http, kept: Store) -> Desk:
    """A desk that can only send."""
    return Desk(office, clock, kept, http)


@pytest.fixture
def full_desk(desk: Desk, dovecot: Dovecot, trusting: None, request: pytest.FixtureRequest) -> Desk:
    """A desk that keeps copies and reads; each test has an account of its own."""
    return replace(desk, dovecot=dovecot, account=f"{abs(hash(request.node.nodeid)):x}@torrea.example")


@pytest.fixture
def trusting(ca: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our authority is trusted, as SSL_CERT_FILE says."""
    monkeypatch.setenv("SSL_CERT_FILE", str(ca.certificate))
    wire.tls.cache_clear()
    yield
    wire.tls.cache_clear()


@pytest.fixture
def identified(ca: Authority) -> Callable[..., ssl.SSLContext]:
    """A server's side of TLS, with a certificate of our authority for these hosts."""

    def context(*hosts: str, expired: bool = False) -> ssl.SSLContext:
        pair = ca.issue(f"{hosts[0]}-{expired}", *hosts, expired=expired)
        found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        found.load_cert_chain(pair.certificate, pair.key)
        return found

    return context

"""A real WordPress, emptied before each test, and contexts to plan and to perform in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
import pytest
from tests.servers.wordpress.server import WordPress, started

from antiphon import Effect, Event, Page
from antiphon.components.capabilities import Ability
from antiphon.components.clock import SystemClock
from antiphon.components.context import Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.ports import Store
from antiphon.model.effect import Idempotency
from antiphon.runtime.files import WorkspaceFiles
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon_networks.wordpress.connector import WordPress as Connector

T = TypeVar("T")


class NoReports:
    """For actions that have no business with reports."""

    def write(self, *sections: Any, **options: Any) -> Any:
        raise AssertionError("a post wrote a report")


@dataclass
class Desk:
    """Where a test works: one connection, `blog`, and a store."""

    site: WordPress
    clock: VirtualClock
    store: Store
    http: Http
    files: WorkspaceFiles
    account: str = "editor"
    options: dict[str, Any] = field(default_factory=dict)
    here: Here = field(default_factory=lambda: Here("news", "run-1", "post", ZoneInfo("Europe/Paris"), event="e-1"))

    @property
    def connector(self) -> Connector:
        written = {"site": self.site.url, "username": self.account, "password": self.site.passwords[self.account]}
        return Connector("blog", Connector.Options.model_validate({**written, **self.options}), self.http, self.clock)

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

    def performing(self, made: Sequence[str] = ()) -> PerformContext:
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
            made=lambda remote_id: remote_id in made,
            reveal=lambda value: value,
            files=self.files,
        )

    def plan(self, action: Any, **options: Any) -> Effect:
        """What an action would do with these options."""
        effect = action().plan(action.Options.model_validate({"connection": "blog", **options}), self.reading)
        assert isinstance(effect, Effect)
        return effect

    def perform(self, action: Any, effect: Effect) -> Any:
        """What becomes of an effect."""
        return action().perform(effect, self.performing())

    def do(self, action: Any, **options: Any) -> Any:
        """What becomes of an action with these options."""
        return self.perform(action, self.plan(action, **options))

    def reconcile(self, action: Any, effect: Effect, made: Sequence[str] = ()) -> Any:
        """What can be found out about an effect afterwards."""
        return action().reconcile(effect, self.performing(made))

    def hear(self, source: Any, cursor: str | None = None) -> tuple[list[Event], str]:
        """All that a source has after a cursor, and where it stands then."""
        page = source().fetch(source.Options(), self.connector.reader(), cursor)
        assert isinstance(page, Page)
        assert not page.more
        return list(page.events), page.cursor

    def see(self, path: str, **asked: Any) -> Any:
        """What the site answers its editor."""
        return self.ask("GET", path, params={"context": "edit", **asked})

    def ask(self, method: str, path: str, **how: Any) -> Any:
        """What the site answers when its editor does something by hand."""
        auth = ("editor", self.site.passwords["editor"])
        return httpx.request(method, f"{self.site.url}/wp-json/wp/v2/{path}", auth=auth, timeout=30, **how).json()

    def comment(self, post: str, text: str, **more: Any) -> str:
        """A visitor's comment; its number."""
        form = {"post": post, "content": text, "author_name": "Ana", "author_email": "Ana@Example.org", **more}
        return str(self.ask("POST", "comments", json=form)["id"])


@pytest.fixture(scope="session")
def running_site() -> Iterator[WordPress]:
    with started() as server:
        yield server


@pytest.fixture
def site(running_site: WordPress) -> WordPress:
    running_site.empty()
    return running_site


@pytest.fixture
def desk(site: WordPress, tmp_path: Path) -> Iterator[Desk]:
    clock = VirtualClock(SystemClock().now())
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    http = Http(allow_private=frozenset({"127.0.0.1"}), timeout=20.0)
    yield Desk(site, clock, store, http, WorkspaceFiles(tmp_path))
    store.close()

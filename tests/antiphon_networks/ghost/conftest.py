"""A real Ghost, emptied before each test, and contexts to plan and to perform in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.antiphon_networks.desk import AnyDesk
from tests.servers.ghost.server import Ghost, started

from antiphon import Event, Page
from antiphon.components.clock import SystemClock
from antiphon.components.http import Http
from antiphon.runtime.files import WorkspaceFiles
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon_networks.ghost.connector import Ghost as Connector

TEAM = "team@example.org"


@dataclass(kw_only=True)
class Desk(AnyDesk):
    """Where a test works: one connection to the site, and a store."""

    site: Ghost
    connector: Connector = field(init=False)

    def connect(self, **options: Any) -> None:
        """Open the connection anew, with these options in the place of its own."""
        written = {"site": self.site.url, "key": self.site.key, "member": TEAM, **options}
        self.connector = Connector("brand", Connector.Options.model_validate(written), self.http, self.clock)

    def do(self, action: Any, **options: Any) -> Any:
        """What becomes of an action with these options."""
        return self.perform(action, self.plan(action, **options))

    def hear(self, source: Any, cursor: str | None = None) -> tuple[list[Event], str]:
        """All that a source has after a cursor, and where it stands then."""
        page = source().fetch(source.Options(), self.connector.reader(), cursor)
        assert isinstance(page, Page)
        assert not page.more
        return list(page.events), page.cursor

    def post(self, remote_id: str) -> Any:
        """A post as its editor sees it."""
        return self.site.ask("GET", f"/posts/{remote_id}/", params={"formats": "html,plaintext"})["posts"][0]

    def posts(self) -> list[Any]:
        """All posts of the site, the newest first."""
        return list(self.site.ask("GET", "/posts/", params={"order": "id desc"})["posts"])

    def write(self, **form: Any) -> str:
        """A post that its owner writes by hand; its id."""
        form = {"status": "published", **form}
        return str(
            self.site.ask("POST", "/posts/", params={"source": "html"}, json={"posts": [form]})["posts"][0]["id"]
        )

    def change(self, remote_id: str, **form: Any) -> None:
        """The owner changes a post by hand."""
        form = {"updated_at": self.post(remote_id)["updated_at"], **form}
        self.site.ask("PUT", f"/posts/{remote_id}/", json={"posts": [form]})

    def join(self, address: str, name: str = "") -> str:
        """Somebody becomes a member; their id."""
        form = {"members": [{"email": address, "name": name}]}
        return str(self.site.ask("POST", "/members/", json=form)["members"][0]["id"])

    def comment(self, member: str, text: str, **place: str) -> str:
        """A member's comment; its id."""
        form = {"comments": [{"member_id": member, "html": f"<p>{text}</p>", **place}]}
        return str(self.site.ask("POST", "/comments/", json=form)["comments"][0]["id"])


@pytest.fixture(scope="session")
def running_site() -> Iterator[Ghost]:
    with started() as server:
        yield server


@pytest.fixture
def site(running_site: Ghost) -> Ghost:
    running_site.empty()
    return running_site


@pytest.fixture
def desk(site: Ghost, tmp_path: Path) -> Iterator[Desk]:
    clock = VirtualClock(SystemClock().now())
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    http = Http(allow_private=frozenset({"127.0.0.1"}), timeout=20.0)
    desk = Desk(site=site, clock=clock, store=store, http=http, files=WorkspaceFiles(tmp_path))
    desk.connect()
    desk.join(TEAM, "Torréa")
    yield desk
    store.close()

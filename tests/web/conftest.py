"""A workspace and its pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from antiphon.app import Antiphon
from antiphon.testing.clock import VirtualClock
from antiphon.web.server import create
from antiphon.web.sessions import Sessions

from .full import Stage, fill

HERE = "http://127.0.0.1:8770"
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""Where the clock of the tests stands."""

DESK = """
antiphon: 1
id: desk
name: Complaint desk <b>
tz: UTC
triggers:
  - {id: heard, event: {type: mention.received, match: {text: {contains: broken}}}}
  - {id: orders, webhook: {path: shop/orders, auth: {hmac: "${{ secrets.shop }}"}}}
  - {id: open, webhook: {path: open, auth: none}}
conditions:
  - text: {of: "${{ event.author.handle }}", not: {contains: troll}}
actions:
  - id: ticket
    use: inbox.ticket
    with: {title: "Complaint by ${{ event.author.handle }}", text: "${{ event.text }}", url: "${{ event.url }}"}
"""
OFF = """
antiphon: 1
id: off
name: Off
enabled: false
tz: UTC
triggers: [{id: t, webhook: {path: off, auth: none}}]
actions: [{use: log, with: {message: never}}]
"""


@pytest.fixture
def app(tmp_path: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Antiphon]:
    """A workspace with a desk for complaints, at nine in Paris."""
    monkeypatch.setenv("ANTIPHON_SECRET_SHOP", "shared-with-the-shop")
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "desk.yaml").write_text(DESK)
    (tmp_path / "workflows" / "off.yaml").write_text(OFF)
    (tmp_path / "antiphon.toml").write_text('[workspace]\nname = "Torréa"\ntimezone = "Europe/Paris"\n')
    app = Antiphon.open(tmp_path, clock=clock)
    yield app
    app.close()


@pytest.fixture
def stranger(app: Antiphon) -> Iterator[TestClient]:
    """A browser at the workspace's pages, in which nobody has signed in."""
    with TestClient(create(app), base_url=HERE, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(app: Antiphon, stranger: TestClient) -> TestClient:
    """A browser in which Ana has signed in."""
    return signed_in(stranger, app)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace in which something of everything has happened."""
    folder = tmp_path_factory.mktemp("full")
    fill(folder, VirtualClock(NINE)).close()
    return folder


@pytest.fixture
def full(filled: Path, tmp_path: Path, clock: VirtualClock) -> Iterator[Antiphon]:
    """A workspace in which something of everything has happened, for one test."""
    app = Antiphon.open(shutil.copytree(filled, tmp_path / "full"), clock=clock, plugins={"stage": Stage()})
    yield app
    app.close()


@pytest.fixture
def desk(full: Antiphon) -> Iterator[TestClient]:
    """A browser at that workspace, in which Ana has signed in."""
    with TestClient(create(full), base_url=HERE, raise_server_exceptions=False) as client:
        yield signed_in(client, full)


def signed_in(client: TestClient, app: Antiphon, who: str = "ana") -> TestClient:
    """The browser, once somebody has followed a link that signs in."""
    assert client.get(f"/sign-in/{Sessions.of_workspace(app).link(who)}").status_code == 200
    return client


def press(client: TestClient, at: str, to: str = "", **fields: str) -> Any:
    """Press a button on the page at an address, which sends its form there or elsewhere, as a browser would."""
    [form] = set(re.findall(r'name="form" value="(\w+)"', client.get(at).text))
    return client.post(to or at, data={"form": form, **fields}, headers={"Origin": HERE})

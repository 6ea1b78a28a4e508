"""Doorways: what plugins open to anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from antiphon import Doorway, Redirect, Visit, hookimpl
from antiphon.app import Antiphon
from antiphon.testing.clock import VirtualClock
from antiphon.web.server import create

PUBLIC = "https://torrea.example"


class House:
    """A plugin with one door, behind which is whatever the key says."""

    @hookimpl
    def register_doorways(self) -> Iterable[Doorway]:
        return [Doorway("door", self.open), Doorway("letterbox", self.open, posted=True)]

    def open(self, visit: Visit) -> Redirect | str | None:
        answers = {"away": Redirect("https://example.org/?a=1&b=é"), "bad": Redirect("javascript:alert(1)")}
        if visit.key == "broken":
            raise RuntimeError("the secret is 1234")
        if visit.key == "who":
            return f"{visit.method} {visit.headers['user-agent']}"
        return answers.get(visit.key)


@pytest.fixture
def visitor(tmp_path: Path, clock: VirtualClock) -> Iterator[TestClient]:
    """A browser that knows the public name only."""
    (tmp_path / "antiphon.toml").write_text(f'[web]\npublic_url = "{PUBLIC}"\n')
    app = Antiphon.open(tmp_path, clock=clock, plugins={"house": House()})
    with TestClient(create(app), base_url=PUBLIC, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client
    app.close()


def test_redirect(visitor: TestClient) -> None:
    """Anybody is sent on by the public name, gets no cookie, and nothing is kept on the way."""
    found = visitor.get("/door/away")

    assert (302, "https://example.org/?a=1&b=%C3%A9") == (found.status_code, found.headers["location"])
    assert ("no-store", False) == (found.headers["cache-control"], "set-cookie" in found.headers)
    assert 421 == visitor.get("/runs").status_code


def test_text(visitor: TestClient) -> None:
    """A doorway sees how it was opened, and may answer in plain words."""
    found = visitor.get("/door/who", headers={"user-agent": "<b>"})

    assert (200, "GET <b>") == (found.status_code, found.text)
    assert found.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("key", ["bad", "nothing", "", "away/x", "%0d%0aSet-Cookie:x", "x" * 5000])
def test_nothing_there(visitor: TestClient, key: str) -> None:
    """What is not there is 404, and so is an address that is no web address."""
    assert 404 == visitor.get(f"/door/{key}").status_code


def test_broken(visitor: TestClient) -> None:
    """A doorway that fails says so, and not why."""
    found = visitor.get("/door/broken")

    assert (503, False) == (found.status_code, "1234" in found.text)


def test_only_opened(visitor: TestClient) -> None:
    """A doorway cannot be written to."""
    assert 405 == visitor.post("/door/away").status_code


def test_posted(visitor: TestClient) -> None:
    """A doorway that says so may be posted to, also under the public name, and sees that it was."""
    found = visitor.post("/letterbox/who", content="a=1", headers={"user-agent": "mail"})

    assert (200, "POST mail") == (found.status_code, found.text)

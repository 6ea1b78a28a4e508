"""A tape: what was said once can be heard again, and says nothing of who we are."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from antiphon.components.http import Http
from antiphon.components.tape import Tape
from antiphon.testing.replaying import Replay
from antiphon.testing.serving import Served

SECRET = "a-secret-of-ours-0123"
HERE = frozenset({"127.0.0.1"})


async def network(scope: Scope, receive: Receive, send: Send) -> None:
    """Says back who we are, and gives a token."""
    asked = Request(scope, receive)
    told = {"you": asked.headers.get("authorization"), "access_token": "fresh-token", "at": asked.url.path}
    answer: Response = JSONResponse(told, headers={"Set-Cookie": "session=1"})
    if asked.url.path == "/image":
        answer = Response(b"\x89PNG\xff", media_type="image/png")
    await answer(scope, receive, send)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A tape of four exchanges with the network."""
    path = tmp_path / "tape.jsonl"
    tape = Tape(path, lambda text: text.replace(SECRET, "[ours]"))
    with Served(network) as served:
        client = Http(HERE, tape=tape).client(served.url, {"Authorization": f"Bearer {SECRET}"})
        client.post(f"/login?client_secret={SECRET}&page=1", data={"password": "pass-word-1", "name": "ana"})
        client.post("/say", json={"text": f"Bonjour {SECRET}", "api_key": "key-of-ours"})
        client.get("/say")
        client.get("/image")
    return path


def test_nothing_of_ours(path: Path) -> None:
    """No secret is on it: by its value, by the name of its header, its parameter or its field."""
    text = path.read_text(encoding="utf-8")

    assert [] == [word for word in (SECRET, "pass-word-1", "key-of-ours", "fresh-token", "session=1") if word in text]
    assert "Bonjour [ours]" in text
    assert "name=ana" in text
    assert stat.S_IRUSR | stat.S_IWUSR == stat.S_IMODE(path.stat().st_mode)


def test_replayed(path: Path) -> None:
    """The same requests are answered the same, in order; the last answer for ever, and others not at all."""
    with Served(Replay(path)) as served:
        client = Http(HERE).client(served.url)

        assert "/say" == client.get("/say").json()["at"]
        assert b"\x89PNG\xff" == client.get("/image").content
        assert ["/login", "/login"] == [client.post("/login").json()["at"] for _ in range(2)]
        assert "The tape has no DELETE /say." == client.delete("/say").json()["error"]


def test_one_line_each(path: Path) -> None:
    """Every exchange is a line of its own, with what was sent and what came."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert [("POST", "/login"), ("POST", "/say"), ("GET", "/say"), ("GET", "/image")] == [
        (line["method"], line["path"]) for line in lines
    ]
    assert "client_secret=%5Bconcealed%5D&page=1" == lines[0]["query"]

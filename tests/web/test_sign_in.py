"""Signing in: who may look at the pages, and who may act on them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from antiphon.app import Antiphon
from antiphon.testing.clock import VirtualClock
from antiphon.web.server import create
from antiphon.web.sessions import LINKS, SESSIONS, Sessions

from .conftest import HERE, press, signed_in

OPEN = {"/hooks/{path}", "/approve/{token}", "/sign-in/{token}", "/language/{language}", "/health"}
"""What may be asked without a session."""


@pytest.fixture
def sessions(app: Antiphon) -> Sessions:
    """The workspace's sessions."""
    return Sessions.of_workspace(app)


def test_gate(stranger: TestClient, app: Antiphon) -> None:
    """Whatever is not expressly for everybody asks for a session, for every method, and says how to get one."""
    routes = create(app).openapi()["paths"]
    doors = {f"/{door.path}/{{key}}" for door in app.registry.catalogue.doorways}
    private = [(path, method) for path, methods in routes.items() if path not in OPEN | doors for method in methods]
    assert routes.keys() > OPEN
    assert ("/sign-out", "post") in private
    for path, method in private:
        answer = stranger.request(method, path.replace("{", "").replace("}", ""))
        assert answer.status_code == 401, (method, path)
        assert "antiphon page link" in answer.text
        assert "<nav" not in answer.text


def test_gate_as_json(stranger: TestClient) -> None:
    """To a machine, the same is said as JSON."""
    answer = stranger.get("/runs", headers={"Accept": "application/json"})

    assert (401, "Nobody has signed in. See `antiphon page link`.") == (answer.status_code, answer.json()["error"])


def test_link(stranger: TestClient, sessions: Sessions) -> None:
    """A link signs in, in a cookie that no script reads and that is sent along with nothing another site has begun."""
    answer = stranger.get(f"/sign-in/{sessions.link('ana')}")
    cookie = answer.headers["set-cookie"].lower()

    assert cookie.startswith("antiphon_8770=")
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/", "max-age=604800"))
    assert '<meta http-equiv="refresh" content="0;url=/">' in answer.text
    assert "no-referrer" == answer.headers["referrer-policy"]
    assert 200 == stranger.get("/").status_code


def test_once(stranger: TestClient, sessions: Sessions) -> None:
    """A link signs in once."""
    address = f"/sign-in/{sessions.link('ana')}"

    assert [200, 403] == [stranger.get(address).status_code for _ in range(2)]


@pytest.mark.parametrize("token", ["x", "%00", "a" * 5000, "é"])
def test_no_link(stranger: TestClient, token: str) -> None:
    """Whatever is no link of ours signs nobody in, and says what to do."""
    answer = stranger.get(f"/sign-in/{token}")

    assert (403, None) == (answer.status_code, answer.headers.get("set-cookie"))
    assert "antiphon page link" in answer.text


def test_late(stranger: TestClient, sessions: Sessions, clock: VirtualClock) -> None:
    """A link is good for a quarter of an hour, and a session for a week."""
    late, soon = sessions.link("ana"), sessions.link("ana")
    clock.advance(timedelta(minutes=14, seconds=59))
    signed = sessions.sign_in(soon)
    clock.advance(timedelta(seconds=1))

    assert None is sessions.sign_in(late)
    assert signed is not None
    assert sessions.of(signed)
    clock.advance(timedelta(days=7))
    assert None is sessions.of(signed)


def test_kept(app: Antiphon, sessions: Sessions) -> None:
    """Only hashes of links and sessions are kept, and what has expired goes with the next link."""
    link = sessions.link("ana")
    token = sessions.sign_in(sessions.link("ben")) or ""
    kept = [*app.store.records.list(LINKS), *app.store.records.list(SESSIONS)]

    assert {hashlib.sha256(one.encode()).hexdigest() for one in (link, token)} == {one.key for one in kept}
    assert not [one for one in kept if link in str(one) or token in str(one)]


def test_tidy(app: Antiphon, sessions: Sessions, clock: VirtualClock) -> None:
    """What has expired is let go when the next link is made."""
    sessions.sign_in(sessions.link("ana"))
    sessions.link("ana")
    clock.advance(timedelta(days=8))
    sessions.link("ben")

    assert ([], 1) == (list(app.store.records.list(SESSIONS)), len(app.store.records.list(LINKS)))


def test_sign_out(client: TestClient) -> None:
    """Who signs out has no session any more, whatever cookie they keep."""
    cookies = dict(client.cookies)
    answer = press(client, "/", "/sign-out")

    assert 401 == answer.status_code
    client.cookies.update(cookies)
    assert 401 == client.get("/").status_code


def test_sign_out_all(client: TestClient, sessions: Sessions, stranger: TestClient) -> None:
    """Everybody is signed out at once, and links that were given out are worth nothing."""
    link = sessions.link("ben")

    assert 1 == sessions.sign_out_all()
    assert 401 == client.get("/").status_code
    assert 403 == stranger.get(f"/sign-in/{link}").status_code


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://evil.example", None),
        ("http://127.0.0.1:8771", None),
        ("https://127.0.0.1:8770", None),
        ("null", None),
        (None, None),
        (HERE, "cross-site"),
        (HERE, "same-site"),
    ],
)
def test_origin(client: TestClient, origin: str | None, site: str | None) -> None:
    """A form that another site has sent does nothing, though it knew the word."""
    form = client.get("/").text.split('name="form" value="')[1].partition('"')[0]
    headers = {name: value for name, value in (("Origin", origin), ("Sec-Fetch-Site", site)) if value}

    assert 403 == client.post("/sign-out", data={"form": form}, headers=headers).status_code
    assert 200 == client.get("/").status_code


@pytest.mark.parametrize("body", ["", "form=", "form=x", "form=%ff", "form=x&form=y", "a=" + "b" * 2_000_000])
def test_word(client: TestClient, body: str) -> None:
    """A form without the session's own word does nothing, though it seems to come from here."""
    headers = {"Origin": HERE, "Content-Type": "application/x-www-form-urlencoded"}

    assert 403 == client.post("/sign-out", content=body, headers=headers).status_code
    assert 200 == client.get("/").status_code


def test_others_word(client: TestClient, app: Antiphon) -> None:
    """The word of one session is worth nothing in another."""
    other = signed_in(TestClient(create(app), base_url=HERE), app, "ben")
    form = other.get("/").text.split('name="form" value="')[1].partition('"')[0]

    assert 403 == client.post("/sign-out", data={"form": form}, headers={"Origin": HERE}).status_code


def test_open_ways(stranger: TestClient) -> None:
    """Webhooks, links to approve, and whether we are well, need no session."""
    answers = [stranger.post("/hooks/open", content=b"{}"), stranger.get("/approve/x.y"), stranger.get("/health")]

    assert [202, 403, 200] == [answer.status_code for answer in answers]
    assert "antiphon page link" not in answers[1].text

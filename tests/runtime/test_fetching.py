"""Fetching what stands at an address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.components.conftest import TinyServer, tiny_server

from antiphon.components.http import Http
from antiphon.errors import GiveUp, RetryLater
from antiphon.runtime import fetching
from antiphon.runtime.fetching import Fetch
from antiphon.testing.clock import VirtualClock

__all__ = ["tiny_server"]

Start = Callable[[], TinyServer]


@pytest.fixture
def fetch(clock: VirtualClock) -> Fetch:
    return fetching.fetching(Http(frozenset({"127.0.0.1"})), clock)


def test_fetched(tiny_server: Start, fetch: Fetch) -> None:
    """It is fetched whole, where it has moved to, and without anything that tells who we are."""
    server = tiny_server()
    server.redirect("/old.png", f"{server.url}/a.png")
    server.answer("/a.png", b"\x89PNG\0")

    assert b"\x89PNG\0" == fetch(f"{server.url}/old.png")
    assert not {"authorization", "cookie"} & server.heard[-1].headers.keys()


def test_inside(tiny_server: Start, clock: VirtualClock) -> None:
    """Nothing is fetched from a private address that is not allowed."""
    server = tiny_server()
    server.answer("/a.png", b"secret")

    with pytest.raises(GiveUp, match=r"127\.0\.0\.1 is"):
        fetching.fetching(Http(), clock)(f"{server.url}/a.png")
    assert [] == server.heard


@pytest.mark.parametrize(("status", "error"), [("404 Not Found", GiveUp), ("401 Unauthorized", GiveUp),
                                               ("503 Service Unavailable", RetryLater)])  # fmt: skip
def test_refused(tiny_server: Start, fetch: Fetch, status: str, error: type[Exception]) -> None:
    """What is not there, or is locked, is given up; what may come back is asked for later."""
    server = tiny_server()
    server.answer("/a.png", b"no", status)

    with pytest.raises(error) as raised:
        fetch(f"{server.url}/a.png")
    assert error is type(raised.value)


def test_too_large(tiny_server: Start, fetch: Fetch, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger than is fetched is given up."""
    monkeypatch.setattr(fetching, "LARGEST", 10)
    server = tiny_server()
    server.answer("/a.png", bytes(11))

    with pytest.raises(GiveUp, match="larger than 10 bytes"):
        fetching.fetching(Http(frozenset({"127.0.0.1"})), clock)(f"{server.url}/a.png")

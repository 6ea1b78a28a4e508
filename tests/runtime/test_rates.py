"""Rate limits, learnt by one worker and kept to by all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from antiphon.components.http import Http
from antiphon.components.outcomes import attempt, outcome_of, trouble_of
from antiphon.components.ports import Store
from antiphon.components.wire import KeptBack
from antiphon.errors import RetryLater
from antiphon.model.effect import RateLimited, Receipt
from antiphon.runtime.rates import SharedRates, scope_of
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.limits import Limit, Limits

Worker = Callable[[str], SharedRates]


def said(remaining: int, limit: int = 300, reset: str = "300") -> dict[str, str]:
    return {"x-ratelimit-limit": str(limit), "x-ratelimit-remaining": str(remaining), "x-ratelimit-reset": reset}


@pytest.fixture
def worker(store: Store, clock: VirtualClock) -> Worker:
    """Workers on the same store."""
    return lambda connection: SharedRates(connection, lambda: store.allowances, clock)


def test_shared(worker: Worker, clock: VirtualClock) -> None:
    """What one worker learns, another keeps to, until the moment the network named."""
    worker("brand").learn("GET", "/api/v1/notifications", 200, said(0))

    assert clock.now() + timedelta(minutes=5) == worker("brand").free_at("GET", "/api/v1/notifications")
    assert worker("other").free_at("GET", "/api/v1/notifications") is None
    clock.advance(timedelta(minutes=5))
    assert worker("brand").free_at("GET", "/api/v1/notifications") is None


def test_counted_together(worker: Worker) -> None:
    """Two kinds of request that the network counts together wait together; one that is counted apart goes on."""
    rates = worker("brand")
    rates.learn("GET", "/api/v1/notifications", 200, said(20))
    rates.learn("POST", "/api/v1/statuses", 200, said(0))
    rates.learn("DELETE", "/api/v1/statuses/7", 200, said(3, limit=30, reset="1800"))

    assert rates.free_at("GET", "/api/v1/notifications") is not None
    assert rates.free_at("DELETE", "/api/v1/statuses/8") is None


def test_everything(worker: Worker) -> None:
    """A limit that a network calls global stops every request of the connection."""
    worker("brand").learn("GET", "/api/v10/channels/1", 429, {"retry-after": "2", "x-ratelimit-global": "true"})

    assert worker("brand").free_at("POST", "/api/v10/webhooks/1/2") is not None


def test_plenty_is_not_kept(worker: Worker, store: Store) -> None:
    """While there is plenty left, nothing is written."""
    worker("brand").learn("GET", "/api/v1/notifications", 200, said(299))

    assert {} == store.allowances.known("brand")


def test_without_store(clock: VirtualClock) -> None:
    """Where there is no store, nothing is known, and nothing is kept back."""
    rates = SharedRates("brand", lambda: None, clock)
    rates.learn("GET", "/", 429, {"retry-after": "2"})

    assert rates.free_at("GET", "/") is None


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/api/v1/statuses/109372843234/reblog", "GET /api/v1/statuses/*/reblog"),
        ("/bot123456:ABC-def/sendMessage", "GET /*/sendMessage"),
        ("/xrpc/app.bsky.feed.getAuthorFeed", "GET /xrpc/app.bsky.feed.getAuthorFeed"),
        ("/v2/tweets", "GET /v2/tweets"),
    ],
)
def test_scope(path: str, scope: str) -> None:
    """A kind of request names no single post and no token."""
    assert scope == scope_of("GET", path)


def test_kept_back(worker: Worker, clock: VirtualClock) -> None:
    """A request that would be refused is not sent: a write waits, a read is repeated later, and both know when."""
    with Sandbox(clock=clock, limits=Limits(everything=Limit(3, 300))) as network:
        http = Http(frozenset({"127.0.0.1"}), watch=worker("brand"))
        client = http.client(network.url)
        for _ in range(3):
            client.get("/api/v2/instance")
        asked = len(network.requests)

        answer = attempt(lambda: client.get("/api/v2/instance"))

        assert isinstance(answer, KeptBack)
        assert asked == len(network.requests)
        until = answer.until
        trouble = trouble_of(answer, clock)
        assert isinstance(trouble, RetryLater)
        assert "takes no more before" in trouble.sentence
        assert until - clock.now() == trouble.after
        assert RateLimited(until=until) == outcome_of(answer, lambda _: Receipt(at=clock.now()), clock)

        clock.set(until)
        assert isinstance(attempt(lambda: client.get("/api/v2/instance")), httpx.Response)

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import UNLIMITED, Limit, Limits, Sandbox

LIMITS = Limits(everything=Limit(5, 300), media=Limit(2, 1800), delete=Limit(1, 1800))


@pytest.fixture
def network(clock: VirtualClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock, limits=LIMITS) as running:
        yield running


def allowance(answer: httpx.Response) -> tuple[str, str, str]:
    limit, remaining, reset = (answer.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset"))
    return limit, remaining, reset


def test_headers(client: httpx.Client) -> None:
    """Every answer says what is left, and when the window of the clock ends."""
    assert allowance(client.get("/api/v1/notifications")) == ("5", "4", "2026-03-02T09:05:00.000000Z")
    assert allowance(client.get("/api/v1/nothing")) == ("5", "3", "2026-03-02T09:05:00.000000Z")


def test_exceeded(client: httpx.Client, network: Sandbox, clock: VirtualClock) -> None:
    """Beyond the limit nothing is done and the answer is 429, until the window ends."""
    answers = [client.post("/api/v1/statuses", data={"status": str(number)}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5].json() == {"error": "Too many requests"}
    assert allowance(answers[5]) == ("5", "0", "2026-03-02T09:05:00.000000Z")
    assert len(network.statuses()) == 5
    clock.advance(timedelta(minutes=5))
    assert client.get("/api/v1/notifications").status_code == 200


def test_per_account(client: httpx.Client, network: Sandbox, visitor: httpx.Client) -> None:
    """One account's requests, another's, and those without a token are counted apart."""
    for _ in range(6):
        last = client.get("/api/v1/notifications")
    headers = {"Authorization": f"Bearer {network.account('other').token}"}
    others = client.get("/api/v1/notifications", headers=headers), visitor.get("/api/v2/instance")
    assert [answer.status_code for answer in (last, *others)] == [429, 200, 200]


def test_closest_limit(client: httpx.Client) -> None:
    """Media and deletions have limits of their own; the headers tell of the closest."""
    files = {"file": ("a.png", b"x", "image/png")}
    assert [allowance(client.post("/api/v2/media", files=files))[:2] for _ in range(2)] == [("2", "1"), ("2", "0")]
    assert client.post("/api/v2/media", files=files).status_code == 429
    assert allowance(client.get("/api/v1/notifications"))[:2] == ("5", "1")


def test_deletions(client: httpx.Client, network: Sandbox) -> None:
    """Deleting and taking a reblog back share one limit."""
    status = network.post("torrea", "x")
    assert client.post(f"/api/v1/statuses/{status.id}/unreblog").status_code == 200
    assert client.delete(f"/api/v1/statuses/{status.id}").status_code == 429
    assert [status] == network.statuses()


def test_defaults() -> None:
    """The documented limits: 300 in 5 minutes, and 30 in 30 minutes for media and deletions."""
    assert Limits() == Limits(Limit(300, 300), Limit(30, 1800), Limit(30, 1800))


def test_unlimited(clock: VirtualClock) -> None:
    """A network without limits sends no such headers."""
    with Sandbox(clock=clock, limits=UNLIMITED) as network:
        assert "x-ratelimit-limit" not in httpx.get(f"{network.url}/api/v2/instance", trust_env=False).headers

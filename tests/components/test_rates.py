from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from antiphon.components.rates import Allowance, allowance_of, reset_at, retry_at

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(**length: float) -> datetime:
    return NOW + timedelta(**length)


@pytest.mark.parametrize(
    ("headers", "allowance"),
    [
        (
            {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "2026-03-02T09:05:00Z"},
            Allowance(300, 7, at(minutes=5)),
        ),
        (
            {"ratelimit-limit": "3000", "ratelimit-remaining": "0", "ratelimit-reset": str(int(NOW.timestamp()) + 90)},
            Allowance(3000, 0, at(seconds=90)),
        ),
        (
            {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "1", "x-rate-limit-reset": "45"},
            Allowance(100, 1, at(seconds=45)),
        ),
        (
            {"x-ratelimit-used": "3", "x-ratelimit-remaining": "97.0", "x-ratelimit-reset": "120.5"},
            Allowance(0, 97, at(seconds=120.5)),
        ),
        (
            {
                "x-ratelimit-limit": "5",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "9",
                "x-ratelimit-reset-after": "1.5",
            },
            Allowance(5, 0, at(seconds=1.5)),
        ),
        ({"ratelimit": '"default";r=50;t=30'}, Allowance(0, 50, at(seconds=30))),
        ({"x-ratelimit-remaining": "7"}, None),
        ({"x-ratelimit-remaining": "many", "x-ratelimit-reset": "45"}, None),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "999999999999"}, None),
        ({}, None),
    ],
)
def test_allowance(headers: dict[str, str], allowance: Allowance | None) -> None:
    """What is left is understood however a network writes it, and what cannot be understood says nothing."""
    assert allowance == allowance_of(200, headers, NOW)


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"retry-after": "42"}, at(seconds=42)),
        ({"retry-after": "0.35"}, at(seconds=0.35)),
        ({"retry-after": "Mon, 02 Mar 2026 09:10:00 GMT"}, at(minutes=10)),
        ({"x-ratelimit-reset": "30"}, at(seconds=30)),
    ],
)
def test_refused(headers: dict[str, str], until: datetime) -> None:
    """A refusal leaves nothing until the moment it names."""
    allowance = allowance_of(429, headers, NOW)

    assert allowance is not None
    assert (0, until) == (allowance.remaining, allowance.until)


@pytest.mark.parametrize("hours", [-3, 3])
def test_skew(hours: int) -> None:
    """A network whose clock is hours off, or ours, is waited for as long as it says, and not for hours."""
    there = at(hours=hours)
    headers = {
        "date": there.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "x-ratelimit-reset": str(int(there.timestamp()) + 60),
        "retry-after": (there + timedelta(minutes=2)).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }

    assert at(minutes=1) == reset_at(headers, NOW)
    assert at(minutes=2) == retry_at(headers, NOW)

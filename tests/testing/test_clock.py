"""The clock that is moved by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from antiphon.testing.clock import VirtualClock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_stands() -> None:
    """A clock that nobody moves tells the same moment, in UTC."""
    clock = VirtualClock(NINE.astimezone(timezone(timedelta(hours=2))))
    assert clock.now() == clock.now() == NINE
    assert clock.now().tzinfo is UTC


def test_moves() -> None:
    """To sleep moves it at once, three weeks in no time; it can be advanced, and set to any moment."""
    clock, began = VirtualClock(NINE), time.monotonic()
    clock.sleep(21 * 24 * 3600)
    assert clock.now() == NINE + timedelta(days=21)
    assert time.monotonic() - began < 1
    clock.sleep(-5)
    clock.advance(timedelta(microseconds=1))
    assert clock.now() == NINE + timedelta(days=21, microseconds=1)
    clock.set(NINE - timedelta(days=1))
    assert clock.now() == NINE - timedelta(days=1)


def test_refuses() -> None:
    """A time without a zone, and a step back, are mistakes; the clock stays where it is."""
    clock = VirtualClock(NINE)
    with pytest.raises(ValueError, match="no time zone"):
        VirtualClock(datetime(2026, 3, 2, 9))
    with pytest.raises(ValueError, match="no time zone"):
        clock.set(datetime(2026, 3, 2, 9))
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == NINE

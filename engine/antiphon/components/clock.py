"""The one clock: nothing else in the house asks what time it is, or sleeps."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as a run sees it; tests and backtests hand in one that they move themselves."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed on this clock."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:  # noqa: D102
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:  # noqa: D102
        time.sleep(max(0.0, seconds))


class VirtualClock:
    """A clock that stands still until it is moved, so that three weeks pass in no time; threads may share it."""

    def __init__(self, start: datetime) -> None:
        """Stand at `start`, which must be aware."""
        self._lock = threading.Lock()
        self._now = _in_utc(start)

    def now(self) -> datetime:
        """Where the clock stands, in UTC."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Move on by `seconds` at once; a negative number does not move it."""
        self.advance(timedelta(seconds=max(0.0, seconds)))

    def advance(self, length: timedelta) -> None:
        """Move on by a length of time. Raises ValueError if it would go back."""
        if length < timedelta(0):
            raise ValueError(f"a clock does not go back by {-length}; use set() to start it anew")
        with self._lock:
            self._now += length

    def set(self, moment: datetime) -> None:
        """Stand at another moment, earlier or later; it must be aware."""
        moment = _in_utc(moment)
        with self._lock:
            self._now = moment


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write datetime(…, tzinfo=UTC)")
    return moment.astimezone(UTC)

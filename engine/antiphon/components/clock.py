"""The one clock: nothing else in the house asks what time it is, or sleeps."""

from __future__ import annotations

import time
from datetime import UTC, datetime
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

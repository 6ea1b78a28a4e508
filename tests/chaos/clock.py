"""A clock that several processes share, and that a test can move: the machine's, and what a file adds to it."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from antiphon.components.clock import SystemClock


class SharedClock:
    """The machine's time, put forward by as many seconds as the file says; who sleeps puts it forward for all."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._system = SystemClock()

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._system.now() + self._ahead()

    def sleep(self, seconds: float) -> None:
        """Put the clock forward."""
        self.advance(timedelta(seconds=max(0.0, seconds)))

    def advance(self, length: timedelta) -> None:
        """Put the clock forward, for every process that looks at the same file."""
        new = self._file.with_suffix(f".{os.getpid()}")
        new.write_text(repr((self._ahead() + length).total_seconds()))
        new.replace(self._file)

    def _ahead(self) -> timedelta:
        return timedelta(seconds=float(self._file.read_text()) if self._file.exists() else 0.0)

"""The crew: starts workers, kills them, and hears how they ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.chaos.worker import Job, line_of

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Real seconds after which a worker is taken to be stuck."""


@dataclass(frozen=True)
class End:
    """How a worker ended: `killed_at` is a boundary, `outside`, or empty when it came to its own end.

    `unheard` tells that the network could not be asked what is new.
    """

    killed_at: str = ""
    unheard: bool = False
    raised: str = ""


class Crew:
    """One worker at a time, forked by a process that has loaded everything; a context manager."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.chaos.worker"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
        )
        self._told: dict[str, Any] = {}
        self.hear("ready")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def start(self, job: Job) -> int:
        """Let a worker begin; its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(line_of(job))
        self._process.stdin.flush()
        self._told = {}
        pid: int = self.hear("pid")
        return pid

    def end(self, pid: int, *, kill_after: float = PATIENCE) -> End:
        """Wait for the worker's end, which is SIGKILL at the latest after so many real seconds."""
        killing = threading.Timer(kill_after, _kill, [pid])
        killing.start()
        code = self.hear("ended")
        killing.cancel()
        if code == -signal.SIGKILL:
            return End(self._told.get("killed_at", "outside"))
        return End(unheard=self._told.get("unheard", False), raised=self._told.get("trace", ""))

    def run(self, job: Job, *, kill_after: float = PATIENCE) -> End:
        """Start a worker and wait for its end."""
        return self.end(self.start(job), kill_after=kill_after)

    def hear(self, word: str) -> Any:
        """Wait until the worker at work has told this of itself."""
        assert self._process.stdout is not None
        while word not in self._told:
            line = self._process.stdout.readline()
            assert line, "the process that forks the workers has ended"
            self._told |= json.loads(line)
        return self._told[word]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)

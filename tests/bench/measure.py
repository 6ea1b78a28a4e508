"""Measuring: the best of several turns, and a ratio to a bare loop that did the least that could be done."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TURNS = 3
"""How often a thing is done; the best counts, since the machine's other work only ever slows it down."""


@dataclass(frozen=True)
class Figure:
    """One line of the benchmark: what was measured, against what, and what was hoped for."""

    name: str
    measured: str
    ratio: str
    hoped: str
    reached: bool


def cpu(work: Callable[[], object], *, turns: int = TURNS) -> float:
    """The CPU seconds of the best turn."""
    best = float("inf")
    for _ in range(turns):
        gc.collect()
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def command_cpu(*command: str, cwd: Path | None = None) -> float:
    """The CPU seconds (user and system) of a process with its children, in the best of several turns."""
    best = float("inf")
    for _ in range(TURNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], cwd=cwd, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def resident() -> float:
    """The memory of this process that is in use now, in MiB; where /proc is missing, the most it ever used."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

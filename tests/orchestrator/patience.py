"""Waiting for what happens elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(happened: Callable[[], object], seconds: float = 20) -> float:
    """Return how many seconds it took; fail when it does not happen in time."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, f"it did not happen within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began

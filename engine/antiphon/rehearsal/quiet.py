"""Quiet: what workflows log while they rehearse is not what an operator wants to read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quietly() -> Iterator[None]:
    """Let nothing of the engine and of workflows be logged meanwhile."""
    logger = logging.getLogger("antiphon")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)

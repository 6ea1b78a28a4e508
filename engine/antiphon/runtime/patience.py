"""Patience: when a step that could not be done yet is tried again. Nothing else in the house decides that."""

from __future__ import annotations

from datetime import datetime, timedelta

from antiphon.model.waiting import Retry

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)


def next_try(now: datetime, tries: int, asked: datetime | None = None, retry: Retry | None = None) -> datetime:
    """When to try again after so many tries: 30 seconds after the first, then twice as long each time, up to a quarter
    of an hour, or as a step's own `retry` says; and never before the network `asked` us to come back."""
    wait = retry.pause(tries) if retry else min(FIRST * (1 << min(tries - 1, 10)), LONGEST)
    return max(now + wait, asked or now)

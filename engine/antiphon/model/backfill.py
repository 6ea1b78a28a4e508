"""A backfill: the calls of a stretch of time that is past, answered now, at a measured pace."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from antiphon.model.base import Noun


class BackfillState(StrEnum):
    """Where a backfill stands: it is done when every call was opened, whatever comes of the runs."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class Backfill(Noun):
    """What is made up for, and how far that is.

    The calls are the ticks of `trigger` from `since` to `until` (UTC, exclusive), or with `events` the kept events of
    that time that wake `trigger`, or any trigger where it is empty. At most `at_once` runs are under way at a time.
    What was answered before is passed over, unless it is to be answered `again`. `at` and `event` are the call up to
    which all were looked at; `calls` counts them, the passed over too.
    """

    id: str
    workflow: str
    trigger: str
    events: bool
    since: datetime
    until: datetime
    labels: dict[str, str] = {}
    at_once: int
    again: bool
    state: BackfillState = BackfillState.RUNNING
    at: datetime | None = None
    event: str = ""
    calls: int = 0
    begun_at: datetime
    begun_by: str
    because: str = ""

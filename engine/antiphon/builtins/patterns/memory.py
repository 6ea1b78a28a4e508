"""What the patterns remember alike: the events of late, in the order in which they happened."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta

from antiphon.components.watch import Sighting

LATENESS = timedelta(minutes=15)
"""How much later than a newer event one may come and still count; for a longer `within`, that."""

Seen = tuple[Sighting, ...]
"""Events in the order of time, each once."""


def horizon(within: timedelta) -> tuple[timedelta, timedelta]:
    """How far behind the newest event one may have happened to be taken in, and how far back events are remembered.

    One that is just taken in must find all that it may come about together with.
    """
    late = max(within, LATENESS)
    return late, late + within


def inserted(seen: Seen, sighting: Sighting) -> tuple[Seen, int] | None:
    """The events with one more, and its place; None when it is among them already."""
    index = bisect_left(seen, sighting[:2])
    if index < len(seen) and seen[index][:2] == sighting[:2]:
        return None
    return (*seen[:index], sighting, *seen[index:]), index


def newest(seen: datetime | None, sighting: Sighting) -> datetime:
    """The latest moment at which something happened."""
    return sighting.at if seen is None else max(seen, sighting.at)

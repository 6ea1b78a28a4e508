"""Local times and the instants at which they happen, each exactly once over every change of the clocks.

Two things are odd about a local clock. When it jumps forward, some local times never happen: such a time stands for the
instant that comes later by the length of the jump, so 02:30 in a gap of one hour is 03:30. When it is set back, some
local times happen twice: such a time stands for the first, or for both where a schedule goes round the clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

_DAY = timedelta(days=1)


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        ValueError: with a sentence for the author.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; write a name such as Europe/Paris") from error


def _zone_name(name: str) -> str:
    return zone(name).key


ZoneName = Annotated[str, AfterValidator(_zone_name)]
"""A pydantic field type: the IANA name of a time zone."""


def instant(local: datetime, timezone: ZoneInfo) -> datetime:
    """When a local time happens first, in UTC; a time that the clock jumps over is moved by the length of the jump."""
    # A fold of 0 means the offset before the change (PEP 495), which is both the first occurrence and the shift.
    return local.replace(tzinfo=timezone, fold=0).astimezone(UTC)


def _repeated(local: datetime, timezone: ZoneInfo) -> datetime:
    """When a local time happens for the last time; earlier than `instant` for a time that never happens."""
    return local.replace(tzinfo=timezone, fold=1).astimezone(UTC)


def _offsets(moment: datetime, timezone: ZoneInfo) -> list[timedelta]:
    """The offsets from UTC in force around a moment. No zone changes more than once in a day."""
    around = (moment.astimezone(UTC) + shift for shift in (-_DAY, timedelta(0), _DAY))
    return [offset for near in around if (offset := near.astimezone(timezone).utcoffset()) is not None]


def earliest_local(after: datetime, timezone: ZoneInfo) -> datetime:
    """A local time that no local time of a later instant comes before."""
    return after.astimezone(UTC).replace(tzinfo=None) + min(_offsets(after, timezone))


def instants(local_times: Iterable[datetime], timezone: ZoneInfo, *, both: bool) -> Iterator[datetime]:
    """The instants (UTC, ascending, each once) of ascending local times; `both` counts a repeated time twice."""
    waiting: list[datetime] = []
    last: datetime | None = None

    def settled(until: datetime | None) -> Iterator[datetime]:
        nonlocal last
        while waiting and (until is None or waiting[0] <= until):
            found = heapq.heappop(waiting)
            if last is None or found > last:
                last = found
                yield found

    for local in local_times:
        first = instant(local, timezone)
        heapq.heappush(waiting, first)
        if both and (second := _repeated(local, timezone)) > first:
            heapq.heappush(waiting, second)
        # Around a change, a later local time may happen earlier; what comes before this moment is beyond doubt.
        certain = local - max(_offsets(first, timezone))
        yield from settled(certain.replace(tzinfo=UTC))
    yield from settled(None)

"""Periods of a local calendar, as instants: a day of the clock change is not 24 hours long."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from antiphon.builtins.local_time import instant

Period = Literal["hour", "day", "week", "month"]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC."""
    return instant(datetime.combine(day, time()), zone)


def at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """When a clock shows `08:30` on a day, in UTC; 24:00 is the next midnight."""
    hours, minutes = map(int, clock.split(":"))
    return instant(datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes), zone)


def around(now: datetime, period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The hour (of UTC), day, week (from Monday) or month in which a moment lies: its beginning and its end, in UTC."""
    if period == "hour":
        begin = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return begin, begin + timedelta(hours=1)
    day = now.astimezone(zone).date()
    match period:
        case "day":
            first, after = day, day + timedelta(days=1)
        case "week":
            first = day - timedelta(days=day.weekday())
            after = first + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
    return midnight(first, zone), midnight(after, zone)

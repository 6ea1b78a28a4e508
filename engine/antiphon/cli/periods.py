"""`7d` on the command line: how far back is looked, or ahead."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from antiphon.errors import InputError

_CLOCK = re.compile(r"\d{1,2}:\d\d")


def since(period: str, now: datetime) -> datetime:
    """The moment that lies so far back. Raises InputError."""
    try:
        return now - length(period)
    except OverflowError as error:
        raise InputError(f"{error}.") from error


def length(period: str) -> timedelta:
    """How long `7d` is. Raises InputError."""
    from antiphon.model.duration import parse_duration

    try:
        return parse_duration(period)
    except ValueError as error:
        raise InputError(f"{error}.") from error


def moment_since(written: str, now: datetime, here: ZoneInfo) -> datetime:
    """The moment of `2h` (so far back), `14:00` (the last time it was that on the wall) or an ISO 8601 time; UTC.

    Raises:
        InputError: it is none of them, or lies in the future.
    """
    try:
        if _CLOCK.fullmatch(written):
            today = datetime.combine(now.astimezone(here).date(), time.fromisoformat(written.zfill(5)), here)
            found = today if today <= now else today - timedelta(days=1)
        else:
            found = datetime.fromisoformat(written.zfill(5))
            found = found if found.tzinfo else found.replace(tzinfo=here)
    except ValueError:
        found = since(written, now)
    if found > now:
        raise InputError(f"{written!r} is not in the past.", hint="Write 14:00, 2h or 2026-03-02T14:00.")
    return found.astimezone(UTC)


def since_if(period: str, now: datetime) -> datetime | None:
    """As `since`; None when nothing is asked."""
    return since(period, now) if period else None


def ahead(written: str, now: datetime, here: ZoneInfo) -> datetime | None:
    """The moment of `2h` (in so long), `14:00` (the next time the wall shows that) or an ISO 8601 time; UTC. None when
    nothing is written.

    Raises:
        InputError: it is none of them, or lies in the past.
    """
    if not written:
        return None
    try:
        if _CLOCK.fullmatch(written):
            day = now.astimezone(here).date()
            found = datetime.combine(day, time.fromisoformat(written.zfill(5)), here)
            found = found if found > now else found + timedelta(days=1)
        else:
            found = datetime.fromisoformat(written)
            found = found if found.tzinfo else found.replace(tzinfo=here)
    except ValueError:
        found = now + length(written)
    if found <= now:
        raise InputError(f"{written!r} is not in the future.", hint="Write 14:00, 2h or 2026-03-02T14:00.")
    return found.astimezone(UTC)


def stretch(first: str, last: str, here: ZoneInfo) -> tuple[datetime, datetime]:
    """From the beginning of a day to the end of another, or from one ISO 8601 time to another; UTC, the end exclusive.

    Raises:
        InputError: one is no date.
    """
    return _edge(first, here, days=0), _edge(last, here, days=1)


def _edge(written: str, here: ZoneInfo, *, days: int) -> datetime:
    try:
        if "T" not in written:
            day = date.fromisoformat(written) + timedelta(days=days)
            return datetime.combine(day, time(), here).astimezone(UTC)
        found = datetime.fromisoformat(written)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{written!r} is no date.", hint="Write 2026-03-02, or 2026-03-02T14:00.") from error
    return (found if found.tzinfo else found.replace(tzinfo=here)).astimezone(UTC)

"""`7d` on the command line: how far back is looked."""

from __future__ import annotations

from datetime import datetime

from antiphon.errors import InputError


def since(period: str, now: datetime) -> datetime:
    """The moment that lies so far back. Raises InputError."""
    from antiphon.model.duration import parse_duration

    try:
        return now - parse_duration(period)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{error}.") from error


def since_if(period: str, now: datetime) -> datetime | None:
    """As `since`; None when nothing is asked."""
    return since(period, now) if period else None

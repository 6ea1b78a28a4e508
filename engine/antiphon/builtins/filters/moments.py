"""Filters for moments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from antiphon.builtins.filters.bounds import Filter
from antiphon.builtins.local_time import zone

# Only these: the C library would read %1000000000d as a wish for a thousand million characters.
_FORMAT = re.compile(r"(?:[^%]|%-?[aAbBdeHIjmMpSuUVwyYzZ%])*")
_LONGEST_FORMAT = 200


def date_(value: Any, format: str = "%Y-%m-%d") -> str:
    """A moment as written by a format: %Y-%m-%d, %H:%M, %A, %B and the like; names are English."""
    if len(format) > _LONGEST_FORMAT or not _FORMAT.fullmatch(format):
        raise ValueError(f"`date` does not know the format {format[:40]!r}; write it as in %d.%m.%Y %H:%M")
    return _moment(value).strftime(format)


def in_zone(value: Any, name: str) -> datetime:
    """The same moment by the clocks of a time zone; a moment without an offset is taken for UTC."""
    moment = _moment(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone(name))


def _moment(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value.strip())
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        raise TypeError
    return value


MOMENTS: Mapping[str, Filter] = {"date": date_, "in_zone": in_zone}

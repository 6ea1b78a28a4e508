"""Lengths of time as authors write them: `45s`, `30m`, `1h30m`, `4d`, `2w`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_LONGEST = timedelta(days=3660)


def parse_duration(text: object) -> timedelta:
    """Read `1h30m` and its like; a bare number is refused, since it has no unit.

    Raises:
        ValueError: with a sentence for the author.
    """
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not (compact := text.replace(" ", "")):
        raise ValueError(f"{text!r} is not a length of time; write a number and a unit, such as 30m or 3d")
    seconds, end = 0.0, 0
    for part in _PART.finditer(compact):
        if part.start() != end:
            break
        seconds += float(part[1]) * _UNITS[part[2]]
        end = part.end()
    if end != len(compact):
        raise ValueError(f"{text!r} is not a length of time; write a number and a unit, such as 30m or 3d")
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f"{text!r} is longer than ten years")
    return timedelta(seconds=seconds)


def format_duration(length: timedelta) -> str:
    """Write a length of time the way authors do; exact to the millisecond."""
    left = round(length.total_seconds() * 1000)
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["30m", "1h30m", "3d"]}),
]
"""A pydantic field type: written `30m`, held as a timedelta."""

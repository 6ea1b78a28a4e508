"""Misses: why data is not like a pattern, and how near it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antiphon.components.pattern import MISSING, Operators, Pattern, lookup

CLOSEST = 0.01
"""The least that a number counts which is not as asked, such as 1,000 where more than 1,000 is wanted."""

_BOUNDS = {"above": 0, "below": 0, "at_least": 0, "at_most": 0, "equals": 0, "longer_than": 1, "shorter_than": 1}


@dataclass(frozen=True, slots=True)
class Miss:
    """The first field that is not as a pattern asks: what was asked, what was found (None when nothing), both in words.

    `held` of the pattern's `of` fields are as asked. `distance` is how far the whole is from a match, summed over the
    fields: one that is as asked counts 0, one that is not counts 1, and a number or a length that is off counts by how
    much, in parts of the greater of the two, at least 0.01. So 850 followers where 1,000 are asked count 0.15.
    """

    field: str
    asked: str
    found: Any
    because: str
    held: int
    of: int
    distance: float

    @property
    def reason(self) -> str:
        """The field and what is asked of it, without the value of this event."""
        return f"{self.field} {self.asked}"


def miss(pattern: Pattern, data: Mapping[str, Any]) -> Miss | None:
    """Why data is not like the pattern; None when it is."""
    first = pattern.refuses(data)
    if first is None:
        return None
    off = _off_by(pattern, data)
    found = lookup(data, first)
    return Miss(
        field=first,
        asked=pattern.root[first].in_words(),
        found=None if found is MISSING else found,
        because=pattern.judge(data).because,
        held=off.count(0),
        of=len(off),
        distance=round(sum(off), 4),
    )


def distance(pattern: Pattern, data: Mapping[str, Any]) -> float:
    """How far data is from what the pattern asks, as `Miss.distance`; 0 when it is like it."""
    return round(sum(_off_by(pattern, data)), 4)


def _off_by(pattern: Pattern, data: Mapping[str, Any]) -> list[float]:
    return [_how_far(wanted, lookup(data, path)) for path, wanted in pattern.root.items()]


def _how_far(wanted: Operators, value: Any) -> float:
    """How far a value is from what is asked of it: 0 when it is as asked, and never more than 1."""
    return max((_off(name, getattr(wanted, name), value) for name in wanted.failing(value)), default=0)


def _off(name: str, wanted: Any, value: Any) -> float:
    if name == "between":
        return min(_apart(bound, value) for bound in wanted)
    if name not in _BOUNDS:
        return 1
    return _apart(wanted, len(value) if _BOUNDS[name] and isinstance(value, str | list | tuple) else value)


def _apart(wanted: Any, value: Any) -> float:
    numbers = [one for one in (wanted, value) if isinstance(one, int | float) and not isinstance(one, bool)]
    greatest = max(map(abs, numbers), default=0)
    if len(numbers) < 2:
        return 1
    return min(1.0, max(CLOSEST, abs(wanted - value) / greatest)) if greatest else CLOSEST

"""What expressions are made of: data, and two kinds of absence. How a value is read, written and shown."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from antiphon.errors import AntiphonError
from antiphon.model.duration import format_duration

MAX_TEXT = 200_000
"""The longest text that an expression may make, in characters."""

MAX_ITEMS = 100_000
"""The longest list that an expression may make."""

MAX_NUMBER = 10**30
"""The largest whole number that an expression may make."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ExpressionError(AntiphonError):
    """An expression is not one, or has no value. `offset` counts characters into the text that was handed in."""

    def __init__(self, sentence: str, *, hint: str = "", offset: int = 0) -> None:
        super().__init__(sentence, hint=hint)
        self.offset = offset


class MissingValue(ExpressionError):
    """An expression needs a value that is not there."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is found where nothing is; anything below it is missing too. `path` is how the author wrote it."""

    path: str

    def __bool__(self) -> bool:
        return False

    def error(self) -> MissingValue:
        """The complaint of whoever needs the value."""
        return MissingValue(
            f"{self.path} is not there.", hint=f"Give a value to fall back on: {self.path} | default('…')."
        )


@dataclass(frozen=True, slots=True)
class Later:
    """A value that is known only after a step has run. Whatever is made of it is known only then."""

    step: str

    def __str__(self) -> str:
        return f"‹known after {self.step}›"


class Undecided(Exception):
    """Raised inside an evaluation that would need a value that is known only later."""

    def __init__(self, later: Later) -> None:
        super().__init__(str(later))
        self.later = later


def item(value: Any, key: Any, absent: Missing) -> Any:
    """What a mapping, a list, a text or a time has under `key`: its data, never a method or attribute of the object."""
    if isinstance(value, Mapping):
        try:
            return value[key]
        except (KeyError, TypeError):
            return absent
    if isinstance(value, Later):
        return value
    if isinstance(key, int) and isinstance(value, str | list | tuple):
        return value[key] if -len(value) <= key < len(value) else absent
    if isinstance(value, datetime):
        if key == "weekday":
            return _WEEKDAYS[value.weekday()]
        if key in ("year", "month", "day", "hour", "minute"):
            return getattr(value, key)
    return absent


def truth(value: Any) -> bool:
    """Whether a value counts as true: not missing, null, false, zero or empty."""
    if isinstance(value, Later):
        raise Undecided(value)
    return bool(value)


def present(value: Any) -> Any:
    """The value itself; a missing one is refused, and one that is known later puts everything off."""
    if isinstance(value, Missing):
        raise value.error()
    if isinstance(value, Later):
        raise Undecided(value)
    return value


def written(value: Any, label: str = "this value") -> str:
    """A value as it stands in a text. Null is refused: nobody wants to greet “None”.

    Raises:
        MissingValue: there is no value, or it is null.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case None:
            raise MissingValue(f"{label} is empty.", hint=f"Give a value to fall back on: {label} | default('…').")
        case Missing():
            raise value.error()
        case timedelta():
            return format_duration(value)
        case date():
            return value.isoformat()
        case Mapping() | list() | tuple():
            _measure(value, MAX_TEXT)
            return json.dumps(_copied(value), ensure_ascii=False)
        case other:
            return str(other)


def plain(value: Any) -> Any:
    """A value as JSON has it: a time in ISO 8601, a length of time as authors write it. `Later` and absence stay.

    Raises:
        ExpressionError: it is too large.
    """
    if isinstance(value, Later | Missing):
        return value
    _measure(value, 10 * MAX_TEXT)
    return _copied(value)


def _copied(value: Any) -> Any:
    match value:
        case str() | int() | float() | None:
            return value
        case Mapping():
            return {str(key): _copied(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_copied(inner) for inner in value]
        case other:
            return written(other)


def _measure(value: Any, most: int) -> None:
    """Refuse a tree that has too much in it, a part counted as often as it occurs, before it is copied."""
    waiting, items, characters = [value], 0, 0
    while waiting:
        part = waiting.pop()
        items += 1
        if isinstance(part, str):
            characters += len(part)
        elif isinstance(part, Mapping):
            waiting.extend(part.values())
        elif isinstance(part, list | tuple):
            waiting.extend(part)
        if characters > most or items + len(waiting) > MAX_ITEMS:
            raise ExpressionError(f"The result has more than {MAX_ITEMS:,} values or {most:,} characters.")


def joined(parts: Iterable[str]) -> str:
    """The parts as one text, measured while it is made."""
    made: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        if length > MAX_TEXT:
            raise ExpressionError(f"The text becomes longer than {MAX_TEXT:,} characters.")
        made.append(part)
    return "".join(made)


def shown(value: Any, length: int = 60) -> str:
    """A value as a verdict shows it, cut to `length` characters."""
    match value:
        case None:
            text = "null"
        case str():
            text = f"“{' '.join(value[: 2 * length].split())}”"
        case Missing():
            text = f"{value.path} (not there)"
        case Mapping() | list() | tuple() if len(value) > length:
            text = f"{len(value)} items"
        case other:
            text = written(other)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def bounded(value: Any) -> Any:
    """The value, if it is data and not too large.

    Raises:
        ExpressionError: it is neither.
    """
    match value:
        case str():
            if len(value) > MAX_TEXT:
                raise ExpressionError(f"The text becomes longer than {MAX_TEXT:,} characters.")
        case None | bool() | Missing() | Later() | datetime() | timedelta():
            pass
        case int():
            if not -MAX_NUMBER <= value <= MAX_NUMBER:
                raise ExpressionError("The number becomes too large.")
        case float():
            if math.isnan(value):
                raise ExpressionError("The result is not a number.")
        case date():
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        case Mapping() | Sequence() | set() | frozenset() if not isinstance(value, bytes | bytearray | memoryview):
            if len(value) > MAX_ITEMS:
                raise ExpressionError(f"The list becomes longer than {MAX_ITEMS:,} items.")
            return value if isinstance(value, Mapping | list) else list(value)
        case other:
            raise ExpressionError(f"The result is no data, but a {type(other).__name__}.")
    return value

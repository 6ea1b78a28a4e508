"""What every filter keeps to: it never makes anything large, and it says in a sentence what it cannot do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import wraps
from typing import Any

from antiphon.components.pattern import short

LARGEST = 100_000
"""How many characters or items a filter may give."""

Filter = Callable[..., Any]


def bounded(name: str, function: Filter) -> Filter:
    """The function as a filter: any failure, and any result beyond the bound, is a ValueError with a sentence."""

    @wraps(function)
    def guarded(value: Any = None, *args: Any, **options: Any) -> Any:
        try:
            result = function(value, *args, **options)
        except (TypeError, AttributeError, KeyError, IndexError, ArithmeticError, RecursionError) as error:
            given = "".join(f", {short(each)}" for each in (*args, *options.values()))
            raise ValueError(f"`{name}` cannot be used on {short(value)}{given}") from error
        if isinstance(result, str | list | tuple | dict):
            within(len(result))
        return result

    return guarded


def within(size: int) -> None:
    """Refuse a result of this many characters or items before it is made.

    Raises:
        ValueError: it is beyond the bound.
    """
    if size > LARGEST:
        raise ValueError(f"the result has more than {LARGEST:,} characters or items")


def text_of(value: Any) -> str:
    """A value as a text: a text as it is, a list or mapping as JSON, a moment as ISO 8601, nothing as nothing."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() | date() | time():
            return value.isoformat()
        case dict() | list() | tuple():
            return json_of(value)
        case _:
            return str(value)


def json_of(value: Any) -> str:
    """A value as JSON in one line, given up as soon as it grows beyond the bound."""
    parts, size = [], 0
    # One and the same text may stand in a list a thousand times, so the bound is watched while it is written.
    for part in json.JSONEncoder(ensure_ascii=False, default=_plain, allow_nan=False).iterencode(value):
        size += len(part)
        within(size)
        parts.append(part)
    return "".join(parts)


def items_of(value: Any) -> Sequence[Any]:
    """A list as it is; anything else is no list.

    Raises:
        TypeError: which the filter turns into a sentence.
    """
    if not isinstance(value, list | tuple):
        raise TypeError
    within(len(value))
    return value


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError

"""The operators of expressions: on data only, each bounded in time and size.

Beside a time or a length of time, a text is read as one: `now() - event.created_at > '3d'`. So are two texts that are
both lengths of time, and one that is multiplied: `'4d' * 3 > '10d'`. Texts are joined with `~`, or with `+`. A
comparison with a missing value is false, and so is an order with null.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from antiphon.language.values import ExpressionError, Later, Missing, Undecided, bounded, present, shown
from antiphon.model.duration import parse_duration

Binary = Callable[[Any, Any], Any]


def instant(text: object) -> datetime:
    """Read a date, or a date and time, of ISO 8601; without an offset it is UTC, without a time midnight.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(text, datetime):
        moment = text
    elif isinstance(text, str):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{text[:40]}” is not a date such as 2026-01-31 or 2026-01-31T09:00") from None
    else:
        raise ValueError(f"{shown(text)} is not a date such as 2026-01-31 or 2026-01-31T09:00")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both sides, a text beside a time or a length of time read as one of the same kind."""
    if isinstance(left, str) and isinstance(right, datetime | timedelta):
        return _read_as(right, left), right
    if isinstance(right, str) and isinstance(left, datetime | timedelta):
        return left, _read_as(left, right)
    if isinstance(left, str) and isinstance(right, str) and _is_length(left) and _is_length(right):
        return parse_duration(left), parse_duration(right)
    return left, right


def _is_length(text: str) -> bool:
    if not text[:1].isdigit() or len(text) > 40:  # nearly every text is told apart here
        return False
    try:
        parse_duration(text)
    except ValueError:
        return False
    return True


def _read_as(sample: datetime | timedelta, text: str) -> Any:
    try:
        return instant(text) if isinstance(sample, datetime) else parse_duration(text)
    except ValueError as error:
        raise ExpressionError(f"{str(error)[:200]}.") from None


def _impossible(sign: str, left: Any, right: Any) -> ExpressionError:
    return ExpressionError(f"{shown(left)} {sign} {shown(right)} has no meaning.", hint="Are they of the same kind?")


def add(left: Any, right: Any) -> Any:
    """Numbers, texts, lists, lengths of time, and a time with a length of time."""
    left, right = present(left), present(right)
    if _is_number(left) and _is_number(right):
        return left + right
    if isinstance(left, str) and isinstance(right, str) and not (_is_length(left) and _is_length(right)):
        return left + right
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    if isinstance(left, datetime) and isinstance(right, str):
        right = _read_as(timedelta(), right)
    elif isinstance(left, str) and isinstance(right, datetime):
        left = _read_as(timedelta(), left)
    else:
        left, right = _alike(left, right)
    if isinstance(left, timedelta) and isinstance(right, datetime | timedelta):
        return right + left
    if isinstance(left, datetime) and isinstance(right, timedelta):
        return left + right
    raise _impossible("+", left, right)


def subtract(left: Any, right: Any) -> Any:
    """Numbers, lengths of time, two times, and a length of time from a time."""
    left, right = present(left), present(right)
    if _is_number(left) and _is_number(right):
        return left - right
    if isinstance(left, datetime) and isinstance(right, str):
        try:
            right = parse_duration(right)
        except ValueError:
            right = _read_as(left, right)
    else:
        left, right = _alike(left, right)
    if isinstance(left, datetime) and isinstance(right, datetime | timedelta):
        return left - right
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left - right
    raise _impossible("-", left, right)


def multiply(left: Any, right: Any) -> Any:
    """Numbers, and a length of time with a number."""
    left, right = present(left), present(right)
    if _is_number(left) and _is_number(right):
        return left * right
    for length, times in ((left, right), (right, left)):
        if isinstance(length, str | timedelta) and _is_number(times):
            try:
                return parse_duration(length) * times
            except ValueError:
                break
    raise _impossible("*", left, right)


def divide(left: Any, right: Any) -> Any:
    """Numbers, a length of time by a number, and two lengths of time."""
    left, right = _alike(present(left), present(right))
    if _is_number(right) or isinstance(right, timedelta):
        if not right:
            raise ExpressionError("Nothing can be divided by zero.")
        if isinstance(left, timedelta) or (_is_number(left) and _is_number(right)):
            return left / right
    raise _impossible("/", left, right)


def _whole(sign: str, calculate: Binary) -> Binary:
    def apply(left: Any, right: Any) -> Any:
        left, right = present(left), present(right)
        if not (_is_number(left) and _is_number(right)):
            raise _impossible(sign, left, right)
        if not right:
            raise ExpressionError("Nothing can be divided by zero.")
        return calculate(left, right)

    return apply


def _guarded(calculate: Binary) -> Binary:
    def apply(left: Any, right: Any) -> Any:
        if (isinstance(left, str) and isinstance(right, str)) or (isinstance(left, list) and isinstance(right, list)):
            bounded(left), bounded(right)
        try:
            return bounded(calculate(left, right))
        except (OverflowError, TypeError, ValueError) as error:
            raise ExpressionError(f"This cannot be calculated: {error}.") from None

    return apply


BINARY: Mapping[str, Binary] = {
    "add": _guarded(add),
    "sub": _guarded(subtract),
    "mul": _guarded(multiply),
    "div": _guarded(divide),
    "floordiv": _guarded(_whole("//", operator.floordiv)),
    "mod": _guarded(_whole("%", operator.mod)),
}
"""Operators between two values, by the name that the grammar gives them."""


def negative(value: Any) -> Any:
    """The same number or length of time below zero."""
    value = present(value)
    if _is_number(value) or isinstance(value, timedelta):
        return -value
    raise ExpressionError(f"-{shown(value)} has no meaning.")


def _absent(left: Any, right: Any) -> bool:
    """Whether a side is missing; one that is known later puts everything off."""
    for side in (left, right):
        if isinstance(side, Later):
            raise Undecided(side)
    return isinstance(left, Missing) or isinstance(right, Missing)


def equal(left: Any, right: Any) -> bool:
    """Whether both are the same value; true and 1 are not."""
    left, right = _alike(left, right) if isinstance(left, str) != isinstance(right, str) else (left, right)
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _ordered(sign: str, holds: Binary) -> Binary:
    def compare(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        left, right = _alike(left, right)
        alike = (_is_number(left) and _is_number(right)) or any(
            isinstance(left, kind) and isinstance(right, kind) for kind in (str, datetime, timedelta)
        )
        if not alike:
            raise _impossible(sign, left, right)
        return bool(holds(left, right))

    return compare


def contained(left: Any, right: Any) -> bool:
    """Whether a text is part of a text, a value one of a list, or a key one of a mapping."""
    if isinstance(right, str) and isinstance(left, str):
        return left in right
    if isinstance(right, list | tuple):
        if isinstance(left, str | int | float) and left not in right:  # long lists are searched at the speed of C
            return False
        return any(equal(left, value) for value in right)
    if isinstance(right, Mapping) and isinstance(left, str):
        return left in right
    if right is None:
        return False
    raise _impossible("in", left, right)


_COMPARISONS: Mapping[str, tuple[str, Binary]] = {
    "eq": ("==", equal),
    "ne": ("!=", lambda left, right: not equal(left, right)),
    "gt": (">", _ordered(">", operator.gt)),
    "gteq": (">=", _ordered(">=", operator.ge)),
    "lt": ("<", _ordered("<", operator.lt)),
    "lteq": ("<=", _ordered("<=", operator.le)),
    "in": ("in", contained),
    "notin": ("not in", lambda left, right: not contained(left, right)),
}


def _comparing(holds: Binary) -> Binary:
    def compare(left: Any, right: Any) -> bool:
        if _absent(left, right):
            return False
        try:
            return bool(holds(left, right))
        except (TypeError, ValueError, RecursionError) as error:
            raise ExpressionError(f"This cannot be compared: {error}.") from None

    return compare


COMPARISONS: Mapping[str, tuple[str, Binary]] = {
    name: (sign, _comparing(holds)) for name, (sign, holds) in _COMPARISONS.items()
}
"""Comparisons by the name that the grammar gives them: the sign, and whether it holds."""

"""What an expression can call: the functions, the tests after `is`, and the guard around every call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from antiphon.language.operators import instant
from antiphon.language.values import ExpressionError, Missing, bounded
from antiphon.model.duration import parse_duration

FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {"duration": parse_duration, "date": instant}

TESTS: Mapping[str, Callable[[Any], bool]] = {
    "defined": lambda value: not isinstance(value, Missing),
    "undefined": lambda value: isinstance(value, Missing),
    "none": lambda value: value is None,
    "empty": lambda value: isinstance(value, Missing) or value in (None, "", [], {}),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list | tuple),
    "mapping": lambda value: isinstance(value, Mapping),
}

USAGE = {"now": "now()", "duration": "duration('3d')", "date": "date('2026-01-31')"}


def check_arguments(
    name: str, apply: Callable[..., Any], positional: Sequence[object], named: Mapping[str, object]
) -> None:
    """Refuse a call that the filter's signature does not take, before anything runs."""
    try:
        signature = inspect.signature(apply)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(None, *positional, **named)
    except TypeError as error:
        takes = ", ".join(str(parameter) for parameter in list(signature.parameters)[1:]) or "nothing"
        raise ExpressionError(f"`{name}` is not used like this: {error}.", hint=f"It takes: {takes}.") from None


def guarded(name: str, call: Callable[[], Any]) -> Any:
    """What a filter or function gives, if it is data of a decent size; what it raises becomes a sentence."""
    try:
        return bounded(call())
    except ExpressionError:
        raise
    except Exception as error:
        raise ExpressionError(f"`{name}` does not work here: {str(error)[:200] or type(error).__name__}.") from error

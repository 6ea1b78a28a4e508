"""Inputs: the answers to a recipe's questions, or to those of a run by hand, checked and brought into one form."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

import regex

from antiphon.errors import Place, Problem
from antiphon.language.complaints import shown
from antiphon.model.document import Node
from antiphon.model.duration import format_duration, parse_duration
from antiphon.model.inputs import Input
from antiphon.settings import is_timezone
from antiphon.suggest import did_you_mean

NOWHERE = Place("inputs")
"""The place of answers that stand in no document."""

_MATCH_SECONDS = 0.1


def fill(
    inputs: Mapping[str, Input], given: Mapping[str, Any] | Node, *, place: Place = NOWHERE
) -> tuple[dict[str, Any], list[Problem]]:
    """The value of every input as JSON, and what is wrong with the answers; a wrong answer has no value.

    `given` is plain data, or the node of a document whose places the problems then have.
    """
    node = given if isinstance(given, Node) else Node.of(dict(given), place)
    answers = node.value if isinstance(node.value, dict) else {}
    problems = [
        Problem(node.keys.get(name, node.place), f"There is no input `{name}`.", did_you_mean(name, inputs))
        for name in answers
        if name not in inputs
    ]
    values: dict[str, Any] = {}
    for name, asked in inputs.items():
        answer = answers.get(name)
        given_at = node.keys.get(name, node.place)
        if answer is None or answer.value is None:
            if asked.required:
                problems.append(Problem(given_at, f"The input `{name}` is missing.", asked.label or asked.help))
                continue
            value, whose = asked.default, f"The default of `{name}`"
            if value is None:
                values[name] = None
                continue
        else:
            value, whose = answer.plain(), f"`{name}`"
        try:
            values[name] = accept(asked, value)
        except ValueError as error:
            hint = did_you_mean(value, asked.options or ()) if isinstance(value, str) else ""
            problems.append(Problem(given_at, f"{whose} {error}.", hint))
    return values, problems


def accept(asked: Input, value: Any) -> Any:
    """One answer in its form: `90m` as `1h30m`, the text `3` as the number where a number is asked for.

    Raises:
        ValueError: what is wrong with it, as the rest of a sentence that begins with its name.
    """
    read = _READERS[asked.type]
    value = read(value, asked)
    size, of = (len(value), _COUNTED[asked.type]) if asked.type in _COUNTED else (value, "")
    for limit, words, beyond in ((asked.min, "at least", False), (asked.max, "at most", True)):
        if limit is not None and _is_beyond(asked, size, limit, beyond):
            raise ValueError(f"must be {words} {limit}{of}, not {size}{of}")
    if asked.pattern is not None and isinstance(value, str) and not _matches(asked.pattern, value):
        raise ValueError(f"must match {asked.pattern}, and {shown(value)} does not")
    return value


def _is_beyond(asked: Input, size: Any, limit: Any, beyond: bool) -> bool:
    try:
        if asked.type == "duration":
            size, limit = parse_duration(size), parse_duration(limit)
        return bool(size > limit) if beyond else bool(size < limit)
    except TypeError:
        raise ValueError(f"has a limit, {limit}, that does not fit its type {asked.type}") from None


def _matches(pattern: str, value: str) -> bool:
    try:
        return regex.fullmatch(pattern, value, timeout=_MATCH_SECONDS) is not None
    except regex.error as error:
        raise ValueError(f"has a pattern that is not a regular expression: {error}") from None
    except TimeoutError:
        raise ValueError(f"took too long to compare with {pattern}") from None


def _text(value: Any, asked: Input) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a text, not {shown(value)}")
    return value


def _filled(value: Any, asked: Input) -> str:
    text = _text(value, asked)
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _number(value: Any, asked: Input) -> int | float:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = int(value) if asked.type == "integer" else float(value)
    if isinstance(value, float) and value.is_integer() and asked.type == "integer":
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int if asked.type == "integer" else int | float):
        raise ValueError(f"must be a {'whole ' if asked.type == 'integer' else ''}number, not {shown(value)}")
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("must be a finite number")
    return value


def _boolean(value: Any, asked: Input) -> bool:
    value = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def _choice(value: Any, asked: Input) -> str:
    options = asked.options or []
    if value not in options:
        raise ValueError(f"must be one of {', '.join(options) or 'nothing'}, not {shown(value)}")
    return str(value)


def _duration(value: Any, asked: Input) -> str:
    try:
        return format_duration(parse_duration(value))
    except ValueError:
        raise ValueError(f"must be a length of time such as 30m or 3d, not {shown(value)}") from None


def _date(value: Any, asked: Input) -> str:
    try:
        return date.fromisoformat(_text(value, asked)).isoformat()
    except ValueError:
        raise ValueError(f'must be a date such as "2026-01-31", not {shown(value)}') from None


def _time(value: Any, asked: Input) -> str:
    try:
        return time.fromisoformat(_text(value, asked)).strftime("%H:%M")
    except ValueError:
        raise ValueError(f'must be a time of day such as "09:00", not {shown(value)}') from None


def _timezone(value: Any, asked: Input) -> str:
    if not is_timezone(_text(value, asked)):
        raise ValueError(f"must be a time zone such as Europe/Paris, not {shown(value)}")
    return str(value)


def _url(value: Any, asked: Input) -> str:
    text = _text(value, asked)
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits and "${{" not in text:
        raise ValueError(f"must be a web address such as https://example.org/, not {shown(value)}")
    return text


def _list(value: Any, asked: Input) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"must be a list, not {shown(value)}")
    if asked.of is None:
        return list(value)
    each = asked.model_copy(update={"type": asked.of, "of": None, "min": None, "max": None})
    items = []
    for number, item in enumerate(value, 1):
        try:
            items.append(accept(each, item))
        except ValueError as error:
            raise ValueError(f"has a wrong item: number {number} {error}") from None
    return items


def _steps(value: Any, asked: Input) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(step, dict) for step in value):
        raise ValueError(f"must be a list of steps, not {shown(value)}")
    return value


_READERS: Mapping[str, Callable[[Any, Input], Any]] = {
    "text": _text,
    "number": _number,
    "integer": _number,
    "boolean": _boolean,
    "choice": _choice,
    "duration": _duration,
    "date": _date,
    "time": _time,
    "timezone": _timezone,
    "url": _url,
    "connection": _filled,
    "list": _list,
    "steps": _steps,
}

_COUNTED: Mapping[str, str] = {
    "text": " characters",
    "url": " characters",
    "connection": " characters",
    "list": " items",
    "steps": " steps",
}
"""Types of which `min` and `max` limit the length."""

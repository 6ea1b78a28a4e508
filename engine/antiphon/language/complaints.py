"""Pydantic's complaints in the words of somebody who keeps documents, not programs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from antiphon.model.document import Path
from antiphon.suggest import did_you_mean

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("string_type",), "a text"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number", "decimal_type", "decimal_parsing"), "a number"),
    **dict.fromkeys(
        ("dict_type", "model_type", "model_attributes_type", "mapping_type"), "a mapping of keys to values"
    ),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "a list"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), 'a date such as "2026-01-31"'),
    **dict.fromkeys(("datetime_type", "datetime_parsing"), 'a date and time such as "2026-01-31T09:00"'),
    **dict.fromkeys(("time_type", "time_parsing"), 'a time of day such as "09:00"'),
    **dict.fromkeys(("url_type", "url_parsing", "url_scheme"), "a web address such as https://example.org/"),
    "none_required": "empty",
}
"""Complaints that say only: this is the wrong kind of value."""

_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("must be more than", "gt"),
    "greater_than_equal": ("must be at least", "ge"),
    "less_than": ("must be less than", "lt"),
    "less_than_equal": ("must be at most", "le"),
    "multiple_of": ("must be a multiple of", "multiple_of"),
}

_PATTERNS: Mapping[str, str] = {
    r"^[a-z0-9][a-z0-9_-]*$": "small letters, digits, dashes and underscores, such as launch-day",
    r"^[a-z0-9_]+(\.[a-z0-9_]+)+$": "words joined by dots, such as order.shipped",
    r"^\d+\.\d+\.\d+$": "a version of three numbers, such as 1.4.0",
}


def shown(value: Any, length: int = 40) -> str:
    """A value as a complaint shows it: with its kind, cut to `length` characters."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case str():
            flat = " ".join(value.split())
            return f"the text “{flat if len(flat) <= length else flat[: length - 1] + '…'}”"
        case int() | float():
            return f"the number {value if isinstance(value, int) or not math.isfinite(value) else format(value, 'g')}"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case other:
            return str(other)[:length]


def name_of(path: Path) -> str:
    """What stands at the end of a path, as a sentence names it."""
    match path:
        case ():
            return "this"
        case (*before, int() as index):
            of = f" of `{before[-1]}`" if before and isinstance(before[-1], str) else ""
            return f"item {index + 1}{of}"
        case (*_, key):
            return f"`{key}`"
    raise AssertionError(path)


def complain(kind: str, path: Path, value: Any, context: Mapping[str, Any], message: str) -> tuple[str, str]:
    """A sentence and a hint for one complaint about the value at `path`."""
    name = name_of(path)
    if kind in KINDS:
        return wrong_kind(path, value, [KINDS[kind]])
    if kind in _LIMITS:
        words, key = _LIMITS[kind]
        return _sentence(f"{name} {words} {context.get(key)}, not {shown(value).removeprefix('the number ')}"), ""
    match kind:
        case "missing":
            return _sentence(f"{name} is missing"), ""
        case "literal_error" | "enum":
            return _choice(name, value, str(context.get("expected", "")))
        case "string_pattern_mismatch":
            pattern = str(context.get("pattern", ""))
            asked = _PATTERNS.get(pattern, f"a text that matches {pattern}")
            return _sentence(f"{name} must be {asked}, not “{str(value)[:80]}”"), ""
        case "string_too_short" if context.get("min_length") == 1:
            return _sentence(f"{name} must not be an empty text"), ""
        case "string_too_short" | "string_too_long":
            words = "at least" if kind == "string_too_short" else "at most"
            limit = context.get("min_length" if kind == "string_too_short" else "max_length")
            return _sentence(f"{name} must have {words} {limit} characters, not {len(str(value))}"), ""
        case "too_short" | "too_long":
            words = "at least" if kind == "too_short" else "at most"
            limit = context.get("min_length" if kind == "too_short" else "max_length")
            return _sentence(f"{name} must have {words} {limit} {'entry' if limit == 1 else 'entries'}"), ""
        case "value_error" | "assertion_error":
            return _said(name, str(context.get("error", message)))
    return _said(name, message.replace("Input should be", "must be").replace("Input should", "must"))


def wrong_kind(path: Path, value: Any, kinds: list[str]) -> tuple[str, str]:
    """A sentence and a hint for a value that is none of the kinds asked for."""
    hint = ""
    if "a text" in kinds and isinstance(value, int | float):
        hint = f'If a text is meant, put it in quotes: "{str(value).lower() if isinstance(value, bool) else value}".'
    elif "a list" in kinds and isinstance(value, str | int | float | dict):
        hint = "Begin each item with `- ` on a line of its own, or write [a, b]."
    elif isinstance(value, str) and "${{" in value:
        hint = "An expression cannot stand here."
    asked = " or ".join(part for part in (", ".join(kinds[:-1]), kinds[-1]) if part)
    return _sentence(f"{name_of(path)} must be {asked}, not {shown(value)}"), hint


def _choice(name: str, value: Any, expected: str) -> tuple[str, str]:
    choices = re.findall(r"'([^']*)'", expected)
    if not choices:
        return _sentence(f"{name} must be {expected}, not {shown(value)}"), ""
    asked = " or ".join(part for part in (", ".join(choices[:-1]), choices[-1]) if part)
    hint = did_you_mean(value, choices, limit=0) if isinstance(value, str) else ""
    return _sentence(f"{name} must be {asked}, not {shown(value)}"), hint


def _said(name: str, message: str) -> tuple[str, str]:
    """A component's own message: it may go on after the name, or stand by itself."""
    message = re.sub(r"^(Value error|Assertion failed), ", "", message).strip() or "is not accepted"
    goes_on = re.match(r"(is|are|must|has|have|needs?|cannot|does|do|may|takes?|should)\b", message)
    return _sentence(f"{name}{' ' if goes_on else ': '}{message}"), ""


def _sentence(text: str) -> str:
    text = text.replace("\n", " ")
    text = text[0].upper() + text[1:] if not text.startswith("`") else text
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."

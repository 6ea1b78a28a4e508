"""Filters for texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from antiphon.builtins.filters.bounds import Filter, json_of, text_of, within
from antiphon.components import pattern


def lower(value: Any) -> str:
    """In small letters."""
    return text_of(value).lower()


def upper(value: Any) -> str:
    """In capital letters."""
    return text_of(value).upper()


def title(value: Any) -> str:
    """Every word with a capital letter; the letter behind an apostrophe is left alone."""
    return re.sub(r"[^\W\d_]+(['’][^\W\d_]+)*", lambda word: word[0][:1].upper() + word[0][1:].lower(), text_of(value))


def trim(value: Any) -> str:
    """Without spaces at either end."""
    return text_of(value).strip()


def replace(value: Any, old: str, new: str) -> str:
    """With every `old` replaced by `new`."""
    text = text_of(value)
    if not old:
        raise ValueError("`replace` needs something to look for")
    within(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def truncate(value: Any, length: int, end: str = "…") -> str:
    """At most `length` characters, cut between words where that costs less than half of them."""
    text = text_of(value)
    if len(text) <= length:
        return text
    room = length - len(end)
    if room < 1:
        return text[: max(0, length)]
    cut = text[:room]
    if not text[room].isspace() and (space := max(cut.rfind(" "), cut.rfind("\n"))) >= room // 2:
        cut = cut[:space]
    return cut.rstrip() + end


def words(value: Any) -> list[str]:
    """The words, without the spaces between them."""
    return text_of(value).split()


def slug(value: Any) -> str:
    """Small letters and digits with dashes between: fit for an address or an id."""
    return re.sub(r"[^a-z0-9]+", "-", pattern.fold(text_of(value))).strip("-")


def fold(value: Any) -> str:
    """As texts are compared: without case, accents or doubled spaces."""
    return pattern.fold(text_of(value))


def contains(value: Any, part: Any) -> bool:
    """Whether a text holds a part, or a list an item; without regard to case and accents."""
    if isinstance(value, list | tuple):
        wanted = fold(part) if isinstance(part, str) else part
        return any((fold(item) if isinstance(item, str) else item) == wanted for item in value)
    if not isinstance(value, str):
        raise TypeError
    return fold(part) in fold(value)


def hash_(value: Any) -> str:
    """SHA-256 in 64 hexadecimal digits: the same for the same text, and nothing can be read from it."""
    return hashlib.sha256(text_of(value).encode("utf-8", "replace")).hexdigest()


def string(value: Any) -> str:
    """As a text: a list or mapping as JSON, a moment as ISO 8601, nothing as nothing."""
    return text_of(value)


def json(value: Any) -> str:
    """As JSON in one line."""
    return json_of(value)


TEXTS: Mapping[str, Filter] = {
    "lower": lower,
    "upper": upper,
    "title": title,
    "trim": trim,
    "replace": replace,
    "truncate": truncate,
    "words": words,
    "slug": slug,
    "fold": fold,
    "contains": contains,
    "hash": hash_,
    "string": string,
    "json": json,
}

"""Filters for lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon.builtins.filters.bounds import Filter, items_of, json_of, text_of, within
from antiphon.components.pattern import MISSING, fold, lookup


def length(value: Any) -> int:
    """How many characters, items or keys."""
    return len(value)


def join(value: Any, between: str = "") -> str:
    """The items as one text."""
    texts = [text_of(item) for item in items_of(value)]
    within(sum(map(len, texts)) + len(between) * max(0, len(texts) - 1))
    return between.join(texts)


def first(value: Any) -> Any:
    """The first item or character; nothing when there is none."""
    return value[0] if value else None


def last(value: Any) -> Any:
    """The last item or character; nothing when there is none."""
    return value[-1] if value else None


def sort(value: Any, attribute: str = "", reverse: bool = False) -> list[Any]:
    """In order, texts without regard to case and accents; by a field of the items where one is named."""
    return sorted(items_of(value), key=lambda item: _rank(_field(item, attribute)), reverse=reverse)


def reverse(value: Any) -> Any:
    """Backwards."""
    return value[::-1] if isinstance(value, str) else list(items_of(value)[::-1])


def unique(value: Any) -> list[Any]:
    """Each item once, where it came first."""
    found: dict[Any, Any] = {}
    for item in items_of(value):
        found.setdefault(item if isinstance(item, str) else ("json", json_of(item)), item)
    return list(found.values())


def min_(value: Any) -> Any:
    """The smallest item; nothing when there is none."""
    return min(items_of(value), key=_rank, default=None)


def max_(value: Any) -> Any:
    """The largest item; nothing when there is none."""
    return max(items_of(value), key=_rank, default=None)


def sum_(value: Any, attribute: str = "") -> Any:
    """The numbers added up; a field of the items where one is named, of which a missing one counts nothing."""
    numbers = [_field(item, attribute) for item in items_of(value)]
    return sum(0 if number is None and attribute else _added(number) for number in numbers)


def map_(value: Any, attribute: str) -> list[Any]:
    """A field of every item, by its dotted path; nothing where it is missing."""
    return [_field(item, attribute) for item in items_of(value)]


def where(value: Any, attribute: str, wanted: Any = True) -> list[Any]:
    """The items of which a field is `wanted`; texts without regard to case and accents."""
    return [item for item in items_of(value) if _same(_field(item, attribute), wanted)]


def _field(item: Any, attribute: str) -> Any:
    found = lookup(item, attribute) if attribute else item
    return None if found is MISSING else found


def _rank(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _same(value: Any, wanted: Any) -> bool:
    return bool(_rank(value) == _rank(wanted)) and isinstance(value, bool) == isinstance(wanted, bool)


def _added(value: Any) -> int | float:
    if not isinstance(value, int | float):
        raise TypeError
    return value


LISTS: Mapping[str, Filter] = {
    "length": length,
    "join": join,
    "first": first,
    "last": last,
    "sort": sort,
    "reverse": reverse,
    "unique": unique,
    "min": min_,
    "max": max_,
    "sum": sum_,
    "map": map_,
    "where": where,
}

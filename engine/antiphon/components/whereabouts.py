"""Whether somebody's names stand in a text, and the text without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from antiphon.model.personal import Names
from antiphon.model.ruling import person_key

PEOPLE_BELOW = ("author", "person", "sender", "from")
"""Below these keys of an event stands who it is of."""


class Naming:
    """One person's names, found in texts and in JSON values, without regard to case.

    `fragments` are texts of which one stands in whatever holds a name, also as it is stored; None when there are none.
    """

    def __init__(self, names: Names, pseudonym: str) -> None:
        self._keys = {person_key(name) for name in names.whole}
        self.fragments = _fragments(names.whole)
        self._somewhere = re.compile("|".join(map(_stored, names.whole)) or r"(?!)", re.I)
        self._whole = _any_of(names.whole, r"(?<![\w.+-])@?(?:{})(?!\w|[-.]\w)")
        self._every = _any_of({*names.whole, *names.loose}, r"(?<![\w.+-])@?(?:{})(?!\w|[-.]\w)")
        self._pseudonym = pseudonym
        self._seen: dict[str, str] = {}

    def may_stand_in(self, stored: str) -> bool:
        """Whether a look at what is stored is worth while: quick, and true a little too often."""
        return self._somewhere.search(stored) is not None

    def stands_in(self, value: Any) -> bool:
        """Whether a whole name stands anywhere in a text or JSON value."""
        return any(self._whole.search(text) for text in texts(value))

    def is_one(self, value: Any) -> bool:
        """Whether one of the texts of a JSON value is one of their names, and nothing else."""
        return any(person_key(text) in self._keys for text in texts(value))

    def is_owner(self, key: str, data: Mapping[str, Any]) -> bool:
        """Whether a document is about them: by its key, or by a value that is no item of a list, as of many others."""
        return self.is_one([key, *values_of(data)])

    def is_author(self, data: Mapping[str, Any]) -> bool:
        """Whether an event is of them: by its author, or, where it names none, by any of its values."""
        said = [data[key] for key in PEOPLE_BELOW if isinstance(data.get(key), Mapping | str)]
        return self.is_one(said or data)

    def without(self, value: Any) -> Any:
        """A text or JSON value with a pseudonym for each of their names, one for each spelling."""
        return _mapped(value, lambda text: self._every.sub(lambda found: self._other(found[0]), text))

    def _other(self, spelt: str) -> str:
        return self._seen.setdefault(spelt, f"{self._pseudonym}-{len(self._seen) + 1}")


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys too."""
    match value:
        case str():
            yield value
        case Mapping():
            for name, inner in value.items():
                yield from texts(name)
                yield from texts(inner)
        case list() | tuple():
            for inner in value:
                yield from texts(inner)


def values_of(value: Any) -> Iterator[str]:
    """Every text in a JSON value that is no item of a list."""
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from values_of(inner)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {change(name): _mapped(inner, change) for name, inner in value.items()}
        case list() | tuple():
            return [_mapped(inner, change) for inner in value]
    return value


def _any_of(names: Collection[str], pattern: str) -> re.Pattern[str]:
    longest_first = sorted((name for name in names if name), key=len, reverse=True)
    # Of nobody there is nothing: a pattern that fits nowhere.
    return re.compile(pattern.format("|".join(map(re.escape, longest_first))) if longest_first else r"(?!)", re.I)


def _stored(name: str) -> str:
    """A pattern of a name as it may be stored, where JSON writes any letter beyond ASCII as an escape."""
    return "".join(re.escape(one) if one.isascii() else r"(?:\\u[0-9a-f]{4}|[^\x00-\x7f])+" for one in name)


def _fragments(names: Collection[str]) -> tuple[str, ...] | None:
    """Of each name the longest part that is stored as it is written, wherever it stands."""
    longest = {max(re.findall(r"[ !#-\[\]-~]+", name), key=len, default="") for name in names}
    return tuple(sorted(longest)) if longest and min(map(len, longest)) >= 3 else None

"""Anonymity: other names for strangers, the same one for the same person wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@/.])@[\w][\w.-]*(?:@[\w-]+(?:\.[\w-]+)+)?")
_NAMES = ("id", "handle", "name", "url", "email", "acct", "username", "display_name", "avatar")
_SHORTEST = 2
_SHORTEST_NUMBER = 5
"""Digits of the shortest id that is replaced: a shorter one stands in too many texts as a mere number."""

_FREE = frozenset({"scope", "data", "payload", "result", "receipt", "content", "edited", "heard"})
"""Below these keys stands what came from outside, and any text may name somebody."""

_FIXED = frozenset(
    {"state", "kind", "path", "step", "workflow", "program", "trigger", "action", "connection", "rule", "verdict"}
    | {"programs", "listings", "plugins", "antiphon", "lock", "workspace", "idempotency", "before", "after", "type"}
)
"""Below these keys elsewhere stand the words of the engine and of the author, who is no stranger."""

_NAMED = frozenset({"id", "name", "use", "call", "emit", "source", "subject"})
"""In a program, these keys stand before names of the author's own and of the plugins."""


def anonymous(document: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON document with a pseudonym for each person in it: by their ids, handles, names and addresses, and by every
    e-mail address and @handle in any text. One person has one number, in everything that names them."""
    pseudonyms = dict(_pseudonyms(document))
    if not pseudonyms:
        return dict(document)
    longest_first = sorted(pseudonyms, key=len, reverse=True)
    names = "|".join(map(re.escape, longest_first))
    anywhere = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
    quoted = re.compile(rf"(?<=[\"'])(?:{names})(?=[\"'])")

    def other(text: str) -> str:
        return anywhere.sub(lambda match: pseudonyms[match[0]], text)

    def literal(text: str) -> str:
        return pseudonyms.get(text) or quoted.sub(lambda match: pseudonyms[match[0]], text)

    replaced: dict[str, Any] = _replaced(document, other, free=False)
    # An author may have written down who is meant; what else is called so, such as an action, keeps its name.
    if "programs" in document:
        replaced["programs"] = _replaced(document["programs"], literal, free=False, fixed=_FIXED | _NAMED)
    if "listings" in document:
        replaced["listings"] = _replaced(document["listings"], other, free=False)
    return replaced


def _pseudonyms(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    number: dict[str, int] = {}
    for person in _persons(document):
        names = [str(person[name]) for name in _NAMES if isinstance(person.get(name), str | int) and person[name] != ""]
        # Whoever shares a name with somebody who is known is that person.
        mine = next((number[name] for name in names if name in number), len(set(number.values())) + 1)
        for name in names:
            if len(name) >= (_SHORTEST_NUMBER if name.isdigit() else _SHORTEST) and name not in number:
                number[name] = mine
    for text in _texts(document, free=False):
        for name in (*_MAIL.findall(text), *_HANDLE.findall(text)):
            mine = number.get(name.removeprefix("@"), len(set(number.values())) + 1)
            number.setdefault(name, mine)
    for name, mine in number.items():
        yield name, _pseudonym(name, mine)


def _pseudonym(name: str, number: int) -> str:
    """Of the same form: an address stays an address."""
    if name.startswith(("http://", "https://")):
        return f"https://example.invalid/person-{number}"
    if _MAIL.fullmatch(name):
        return f"person-{number}@example.invalid"
    return f"@person-{number}" if name.startswith("@") else f"person-{number}"


def _persons(value: Any, *, named: bool = False) -> Iterator[Mapping[str, Any]]:
    """Every mapping that is of a person: whoever has a handle, and whatever stands under `author` or the like."""
    match value:
        case Mapping():
            if named or "handle" in value:
                yield value
            for key, item in value.items():
                yield from _persons(item, named=key in ("author", "person", "sender", "subject"))
        case list() | tuple():
            for item in value:
                yield from _persons(item, named=named)


def _texts(value: Any, *, free: bool) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for key, item in value.items():
                if free or key not in _FIXED:
                    yield from _texts(item, free=free or key in _FREE)
        case list() | tuple():
            for item in value:
                yield from _texts(item, free=free)


def _replaced(value: Any, other: Callable[[str], str], *, free: bool, fixed: frozenset[str] = _FIXED) -> Any:
    match value:
        case str():
            return other(value)
        case Mapping():
            return {
                key: item
                if key in fixed and not free
                else _replaced(item, other, free=free or key in _FREE, fixed=fixed)
                for key, item in value.items()
            }
        case list() | tuple():
            return [_replaced(item, other, free=free, fixed=fixed) for item in value]
    return value

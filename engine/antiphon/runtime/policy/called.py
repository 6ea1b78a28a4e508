"""By which names somebody is found, and which of them others may bear too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from antiphon.components.ports import People
from antiphon.model.person import Person
from antiphon.model.personal import Names

_EVERYBODY = 1_000_000
_SHORTEST = 3
"""A name of fewer letters stands in too many words by chance."""

_DISTINCT = 8
"""So many letters, of two words at least, make a name one person's, as long as nobody else is known by it."""


def is_whole(name: object) -> bool:
    """Whether a name is one person's everywhere: an id, an address, or a link."""
    return isinstance(name, str) and any(sign in name.strip().lstrip("@")[1:] for sign in "@:")


def names_of(people: Collection[Person], whole: Iterable[str], everybody: People) -> Names:
    """The names of somebody who is kept as these, and is called so besides."""
    given = {name.strip().lstrip("@") for name in whole}
    given |= {link for name in given if (link := name.partition("://")[2].rstrip("/")) and "/" in link}
    given |= {remote for name in given if _is_distinct_id(remote := name.partition(":")[2])}
    called = {person.name.strip() for person in people} | {name for name in given for name in _short(name)}
    taken = {other.name.casefold() for other in everybody.list(_EVERYBODY) if other not in people}
    distinct = {name for name in called if " " in name and len(name) >= _DISTINCT and name.casefold() not in taken}
    loose = {name for name in called - distinct if len(name) >= _SHORTEST}
    return Names(frozenset(given | distinct), frozenset(loose - given))


def _is_distinct_id(remote: str) -> bool:
    """Whether what a network calls somebody is told from a number or a word by itself, as `did:plc:…` is."""
    return len(remote) >= _DISTINCT and not remote.startswith("//") and any(one.isalpha() for one in remote)


def _short(name: str) -> Iterator[str]:
    """A handle without its server: others may be called so on another one."""
    if "@" in name and ":" not in name:
        yield name.partition("@")[0]

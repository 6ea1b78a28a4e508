"""Somebody asks what is kept of them, or to be forgotten: their row, documents that name them, and suppressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon.components.ports import Record, Store
from antiphon.errors import InputError
from antiphon.model.person import Person
from antiphon.model.ruling import Suppression, person_key

REASON = "forgotten"
"""Why somebody who was forgotten must not be reached."""

STAYS = (
    "whether a name is theirs, as a SHA-256, so that nobody reaches them again",
    "what was heard and the runs, until `antiphon db prune` takes them by [retention]",
    "effects and their receipts, and the audit, which is a chain: both are kept for ever",
)
"""What no forgetting takes away, in words for a person."""


@dataclass(frozen=True)
class Kept:
    """What is kept of one person. `names` are what they are found by: ids, addresses, and profiles."""

    names: Sequence[str]
    people: Sequence[Person]
    documents: Sequence[Record]
    suppressions: Sequence[Suppression]


def kept(store: Store, name: str) -> Kept:
    """All that is kept of somebody by an id, an address or a handle.

    Documents of plugins count when one of their values is the person's id, address or profile. One that names
    somebody by a handle without a server is not told from one about a namesake, and does not count.

    Raises:
        InputError: nobody is named, several are called so, or nothing is kept of them.
    """
    people = store.people.named(name)
    if len(people) > 1:
        ids = ", ".join(person.id for person in people)
        raise InputError(f"{name} may be {ids}.", hint="Name them by their id.")
    given = {name.strip()} if _is_whole(name) else set()
    names = given | {one for person in people for one in (person.id, person.handle, person.url) if _is_whole(one)}
    if not names:
        raise InputError(f"Nobody is called {name}.", hint="Name an address, or the id of a person.")
    documents = [record for record in store.records.all() if _mentions(record, names)]
    # An address that stands in a document of theirs is theirs: what is kept of it must not be forgotten either.
    names |= {str(said) for one in documents if one.key in names and _is_whole(said := one.data.get("email"))}
    suppressions = store.suppressions.of(sorted(names))
    if not (people or documents or suppressions):
        raise InputError(f"Nothing is kept of {name}.", hint="Name an address, or the id of a person.")
    return Kept(sorted(names), people, documents, suppressions)


def forget(store: Store, found: Kept, by: str) -> None:
    """Take all of it away. First it is written down, as digests only, that they must not be reached any more: cut off
    half-way, it is asked for again, and reaches nobody meanwhile."""
    store.suppressions.forget(found.names, reason=REASON, by=by)
    for record in found.documents:
        store.records.remove(record.kind, record.key)
    for person in found.people:
        store.people.forget(person.id)


def _is_whole(name: object) -> bool:
    """Whether a name is one person's everywhere: an id, an address, or a link."""
    return isinstance(name, str) and any(sign in name.strip().lstrip("@")[1:] for sign in "@:")


def _mentions(record: Record, names: set[str]) -> bool:
    keys = {person_key(name) for name in names}
    return any(person_key(text) in keys for text in (record.key, *_texts(record.data)))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for name, inner in value.items():
                yield from _texts(name)
                yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)

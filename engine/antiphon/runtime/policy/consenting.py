"""Giving consent and withdrawing it: what is written is what the rule reads at the moment of sending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon.components.ports import Store
from antiphon.errors import InputError
from antiphon.model.person import Person
from antiphon.model.ruling import person_key

FACT = "consent"
"""The fact of a person that says it."""


def known(person: Person) -> Mapping[str, Any]:
    """Channels, and what is known of the consent to each: false where it was withdrawn."""
    return _channels(person.facts)


def give(store: Store, name: str, channel: str, now: datetime, *, basis: str = "", by: str = "") -> Person:
    """Write down that somebody consents to a channel, since now and on what basis.

    Raises:
        InputError: several are called so, and a consent is one person's.
    """
    people = _called(store, name)
    if len(people) > 1:
        ids = ", ".join(person.id for person in people)
        raise InputError(f"{name} may be {ids}.", hint="Name the one who consents by their id.")
    return _write(store, people[0], channel, {"since": now.isoformat(), "basis": basis, "by": by}, now)


def withdraw(store: Store, name: str, channel: str, now: datetime) -> list[Person]:
    """Write down that there is no consent to a channel any more, from all who are called so."""
    return [_write(store, person, channel, False, now) for person in _called(store, name)]


def consents(store: Store, limit: int) -> Iterator[tuple[Person, str, Any]]:
    """Every word that was said: by whom, to which channel, and what is known of it."""
    for person in store.people.list(limit):
        for channel, word in known(person).items():
            yield person, channel, word


def _called(store: Store, name: str) -> Sequence[Person]:
    """Who has this id or handle; somebody new when nobody has."""
    if not (key := person_key(name)):
        raise InputError("Nobody is named.", hint="Name an address, a handle, or the id of a person.")
    network, colon, _ = name.strip().partition(":")
    new = Person(id=name.strip(), network=network, handle="") if colon else Person(id=key, network="", handle=key)
    return store.people.named(name) or [new]


def _write(store: Store, person: Person, channel: str, word: Any, now: datetime) -> Person:
    def written(facts: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**facts, FACT: {**_channels(facts), channel: word}}

    return store.people.amend(person, written, now)


def _channels(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    said = facts.get(FACT)
    if isinstance(said, Mapping):
        return said
    return {str(channel): True for channel in said} if isinstance(said, list | tuple) else {}

"""The port of people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from antiphon.components.ports import Store
from antiphon.model.person import Person

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ana(**given: object) -> Person:
    return Person(**{"id": "mastodon:1", "network": "mastodon", "handle": "ana@a.example", **given})


def test_met(store: Store) -> None:
    """Somebody met for the first time was seen first and last at that moment."""
    store.people.seen([ana(name="Ana \0", facts={"followers": 3})], NOW)
    expected = ana(name="Ana \ufffd", facts={"followers": 3}, first_seen=NOW, last_seen=NOW)
    assert expected == store.people.get("mastodon:1")
    assert store.people.get("mastodon:2") is None


def test_stays(store: Store) -> None:
    """What is not given stays, what is given again is renewed."""
    store.people.seen([ana(name="Ana", language="fr", facts={"followers": 3, "bio": "…"})], NOW)
    store.people.seen([ana(handle="ana@b.example", facts={"followers": 4})], NOW + HOUR)
    expected = ana(
        handle="ana@b.example",
        name="Ana",
        language="fr",
        facts={"followers": 4, "bio": "…"},
        first_seen=NOW,
        last_seen=NOW + HOUR,
    )
    assert expected == store.people.get("mastodon:1")


def test_out_of_order(store: Store) -> None:
    """Old news moves the first time back and the last time not at all."""
    store.people.seen([ana()], NOW)
    store.people.seen([ana()], NOW - HOUR)
    assert ana(first_seen=NOW - HOUR, last_seen=NOW) == store.people.get("mastodon:1")


def test_twice_in_a_batch(store: Store) -> None:
    """One person in one batch twice is one person, with what both say."""
    store.people.seen([ana(name="Ana"), ana(url="https://a.example/@ana")], NOW)
    expected = ana(name="Ana", url="https://a.example/@ana", first_seen=NOW, last_seen=NOW)
    assert [expected] == store.people.list()


def test_list(store: Store) -> None:
    """A list has the most recently seen first."""
    for number in range(3):
        store.people.seen([ana(id=f"m:{number}")], NOW + number * HOUR)
    assert [person.id for person in store.people.list(limit=2)] == ["m:2", "m:1"]


def test_what_a_person_agreed_to(store: Store) -> None:
    """What was recorded of a person's consent stays, whatever a network says of them."""
    ana = Person(id="net:ana", network="net", handle="ana", facts={"consent": {"email": False}})
    store.people.seen([ana], NOW)
    store.people.seen([ana.model_copy(update={"facts": {"consent": {"email": True}, "city": "Lyon"}})], NOW)

    known = store.people.get("net:ana")

    assert known is not None
    assert {"consent": {"email": False}, "city": "Lyon"} == known.facts

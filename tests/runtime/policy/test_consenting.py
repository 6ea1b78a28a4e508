"""Consent is written where the rule reads it."""

from __future__ import annotations

import pytest

from antiphon.components.ports import Store
from antiphon.errors import InputError
from antiphon.model.person import Person
from antiphon.runtime.policy import consenting
from antiphon.testing.clock import VirtualClock


def meet(store: Store, clock: VirtualClock, *people: tuple[str, str, object]) -> None:
    """Keep people by id, handle and what is known of their consent."""
    store.people.seen(
        [
            Person(id=name, network="m", handle=handle, facts={"bio": "x", "consent": said})
            for name, handle, said in people
        ],
        clock.now(),
    )


def test_kept(store: Store, clock: VirtualClock) -> None:
    """A word about one channel leaves the other channels and facts as they were, also where they were a list."""
    meet(store, clock, ("m:1", "ana@a.example", ["sms", "email"]))
    consenting.withdraw(store, "@ANA@a.example", "email", clock.now())
    person = store.people.get("m:1")
    assert person is not None
    assert {"bio": "x", "consent": {"sms": True, "email": False}} == person.facts


def test_ambiguous(store: Store, clock: VirtualClock) -> None:
    """A handle of several gives nobody's consent, and withdraws that of all."""
    meet(store, clock, ("m:1", "ana", ["email"]), ("n:1", "@Ana", ["email"]), ("n:2", "ben", ["email"]))
    with pytest.raises(InputError, match="m:1, n:1"):
        consenting.give(store, "ana", "email", clock.now())
    assert ["m:1", "n:1"] == [one.id for one in consenting.withdraw(store, "ana", "email", clock.now())]
    left = [(person.id, channel) for person, channel, word in consenting.consents(store, 10) if word]
    assert [("n:2", "email")] == left


def test_new(store: Store, clock: VirtualClock) -> None:
    """Who is not known yet is kept, and keeps the word when a network shows them later."""
    consenting.give(store, "m:9", "email", clock.now(), basis="the form")
    store.people.seen([Person(id="m:9", network="m", handle="cleo", facts={"followers": 1})], clock.now())
    person = store.people.get("m:9")
    assert person is not None
    assert ("cleo", 1) == (person.handle, person.facts["followers"])
    assert "the form" == consenting.known(person)["email"]["basis"]

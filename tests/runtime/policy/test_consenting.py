"""Consent is written where the rule reads it, with every word before it."""

from __future__ import annotations

import pytest

from antiphon.components.consents import Word, consents, keep_wording, record, said, wording, words
from antiphon.components.ports import Store
from antiphon.errors import InputError
from antiphon.model.person import Person
from antiphon.testing.clock import VirtualClock

EMAIL = Word(channel="email")
NEWS = Word(channel="email", purpose="newsletter", basis="the form")


def meet(store: Store, clock: VirtualClock, *people: tuple[str, str, object]) -> None:
    """Keep people by id, handle and what is known of their consent."""
    store.people.seen(
        [
            Person(id=name, network="m", handle=handle, facts={"bio": "x", "consent": said})
            for name, handle, said in people
        ],
        clock.now(),
    )


def withdrawn(word: Word) -> Word:
    return word.model_copy(update={"given": False})


def test_kept(store: Store, clock: VirtualClock) -> None:
    """A word about one channel leaves the other channels and facts as they were, also where they were a list."""
    meet(store, clock, ("m:1", "ana@a.example", ["sms", "email"]))
    record(store.people, "@ANA@a.example", withdrawn(EMAIL), clock.now())
    person = store.people.get("m:1")
    assert person is not None
    assert {"sms": True, "email": False} == {key: word.given for key, word in words(person).items()}
    assert "x" == person.facts["bio"]


def test_ambiguous(store: Store, clock: VirtualClock) -> None:
    """A handle of several gives nobody's consent, and withdraws that of all."""
    meet(store, clock, ("m:1", "ana", ["email"]), ("n:1", "@Ana", ["email"]), ("n:2", "ben", ["email"]))
    with pytest.raises(InputError, match="m:1, n:1"):
        record(store.people, "ana", EMAIL, clock.now())
    assert ["m:1", "n:1"] == [one.id for one in record(store.people, "ana", withdrawn(EMAIL), clock.now())]
    assert ["n:2"] == [person.id for person, word in consents(store.people, 10) if word.given]


def test_new(store: Store, clock: VirtualClock) -> None:
    """Who is not known yet is kept, and keeps the word when a network shows them later."""
    record(store.people, "m:9", NEWS, clock.now())
    store.people.seen([Person(id="m:9", network="m", handle="cleo", facts={"followers": 1})], clock.now())
    person = store.people.get("m:9")
    assert person is not None
    assert ("cleo", 1) == (person.handle, person.facts["followers"])
    assert "the form" == words(person)["email:newsletter"].basis


def test_z1_history(store: Store, clock: VirtualClock) -> None:
    """Z1: every word is kept with those before it, whatever is said since; the same word, told twice, is one."""
    for word in (NEWS, NEWS, withdrawn(NEWS), NEWS.model_copy(update={"since": "2026-03-04"})):
        [person] = record(store.people, "m:9", word, clock.now())

    assert [True, False, True] == [word.given for word in said(person, NEWS.key)]
    assert ["the form", "the form", "the form"] == [word.basis for word in said(person, NEWS.key)]


def test_z1_all_purposes(store: Store, clock: VirtualClock) -> None:
    """Z1: to withdraw without a purpose withdraws to every purpose on the channel, and on no other."""
    for word in (
        NEWS,
        Word(channel="email", purpose="offers"),
        Word(channel="sms", purpose="offers"),
        withdrawn(EMAIL),
    ):
        [person] = record(store.people, "m:9", word, clock.now())

    assert {"email": False, "email:newsletter": False, "email:offers": False, "sms:offers": True} == {
        key: word.given for key, word in words(person).items()
    }


def test_z1_wording(store: Store, clock: VirtualClock) -> None:
    """Z1: the text that was shown is kept once, exactly, by its SHA-256; another text is another version."""
    first = keep_wording(store.records, "Yes, once a month.\n", clock.now())
    second = keep_wording(store.records, "Yes, once a week.\n", clock.now())

    assert first == keep_wording(store.records, "Yes, once a month.\n", clock.now()) != second
    assert "Yes, once a month.\n" == wording(store.records, first)
    assert ("", "") == (keep_wording(store.records, " ", clock.now()), wording(store.records, ""))

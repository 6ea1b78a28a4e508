"""Consent: who has agreed to what, in which words, and the proof of it. It is a fact of the person, and the rule of the
policy reads at the moment of sending what is written here.

What was said to one purpose on one channel is one word, kept under both; each word keeps those before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon.components.ports import People, Records
from antiphon.errors import InputError
from antiphon.model.base import Noun
from antiphon.model.person import Person
from antiphon.model.ruling import person_key

FACT = "consent"
"""The fact of a person that says it."""

WORDING = "consent.wording"
"""The kind of record that keeps a text that was shown, by its SHA-256."""


class Word(Noun):
    """What somebody said once: to which purpose on which channel, and whether they agree.

    `wording` is the SHA-256 of the text that was shown to them, `source` where it was, `proof` the id of the event by
    which they said it, `by` who wrote it down. An address of the network is not kept: it proves nothing.
    """

    channel: str
    purpose: str = ""
    given: bool = True
    since: str = ""
    basis: str = ""
    source: str = ""
    wording: str = ""
    proof: str = ""
    by: str = ""

    @property
    def key(self) -> str:
        """Under which name it is kept."""
        return f"{self.channel}:{self.purpose}" if self.purpose else self.channel


def words(person: Person) -> dict[str, Word]:
    """The last word on every channel and purpose, by its key."""
    return {key: _word(key, said) for key, said in _kept(person.facts).items()}


def said(person: Person, key: str) -> Sequence[Word]:
    """Every word on one channel and purpose, the oldest first."""
    kept = _kept(person.facts).get(key)
    before = kept.get("before", ()) if isinstance(kept, Mapping) else ()
    return [*(_word(key, one) for one in before), *([_word(key, kept)] if kept is not None else ())]


def record(people: People, name: str, word: Word, now: datetime) -> list[Person]:
    """Write a word down. To agree is one person's; to withdraw holds for all who are called so, and without a purpose
    for every purpose on the channel.

    Raises:
        InputError: nobody or no channel is named, or several are called so, and they agree.
    """
    if not word.channel.strip() or ":" in word.channel:
        raise InputError("No channel is named.", hint="Such as --channel email.")
    found = _called(people, name)
    if word.given and len(found) > 1:
        ids = ", ".join(person.id for person in found)
        raise InputError(f"{name} may be {ids}.", hint="Name the one who consents by their id.")

    def written(facts: Mapping[str, Any]) -> Mapping[str, Any]:
        kept = dict(_kept(facts))
        whole = [] if word.given or word.purpose else [key for key in kept if key.startswith(f"{word.channel}:")]
        for key in (word.key, *whole):
            new = word.model_copy(update={"purpose": key.partition(":")[2]}).model_dump()
            if (before := kept.get(key)) is not None:
                if isinstance(before, Mapping) and {**before, "before": 0} == {**new, "before": 0}:
                    continue  # the same word, told twice
                earlier = before.get("before", ()) if isinstance(before, Mapping) else ()
                new["before"] = [*earlier, _word(key, before).model_dump()]
            kept[key] = new
        return {**facts, FACT: kept}

    return [people.amend(person, written, now) for person in found]


def consents(people: People, limit: int) -> Iterator[tuple[Person, Word]]:
    """Every last word: by whom, and what."""
    for person in people.list(limit):
        for word in words(person).values():
            yield person, word


def keep_wording(records: Records, text: str, now: datetime) -> str:
    """Keep a text that was shown, exactly as it was, and return the SHA-256 by which it is found; none of no text."""
    if not text.strip():
        return ""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    records.amend(WORDING, digest, lambda known: known or {"text": text}, now)
    return digest


def wording(records: Records, digest: str) -> str:
    """The text of a SHA-256; empty when none is kept."""
    found = records.get(WORDING, digest) if digest else None
    return str(found.data["text"]) if found else ""


def _called(people: People, name: str) -> Sequence[Person]:
    """Who has this id or handle; somebody new when nobody has."""
    if not (key := person_key(name)):
        raise InputError("Nobody is named.", hint="Name an address, a handle, or the id of a person.")
    network, colon, _ = name.strip().partition(":")
    new = Person(id=name.strip(), network=network, handle="") if colon else Person(id=key, network="", handle=key)
    return people.named(name) or [new]


def _kept(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a fact says: by channel, or, as a network may tell it, a list of channels."""
    told = facts.get(FACT)
    if isinstance(told, Mapping):
        return told
    return {str(channel): True for channel in told} if isinstance(told, list | tuple) else {}


def _word(key: str, kept: Any) -> Word:
    """A word as it is kept; anything that says something means yes, when it does not say otherwise."""
    channel, _, purpose = key.partition(":")
    if not isinstance(kept, Mapping):
        return Word(channel=channel, purpose=purpose, given=bool(kept))
    told = {name: str(kept.get(name) or "") for name in ("since", "basis", "source", "wording", "proof", "by")}
    return Word(channel=channel, purpose=purpose, given=bool(kept.get("given", kept)), **told)

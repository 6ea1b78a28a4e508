"""Somebody asks what is kept of them, or to be forgotten: wherever they stand, by whatever name."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antiphon.components.ports import PersonalRecords, Record, Store
from antiphon.components.whereabouts import PEOPLE_BELOW, values_of
from antiphon.errors import InputError
from antiphon.model.effect import EffectState
from antiphon.model.person import Person
from antiphon.model.personal import Names, Trace
from antiphon.model.ruling import Suppression, person_key
from antiphon.model.run import Run
from antiphon.runtime.policy.called import is_whole, names_of
from antiphon.runtime.policy.papers import cleaned

REASON = "forgotten"
"""Why somebody who was forgotten must not be reached."""

STAYS = (
    "whether a name is theirs, as a hash under the workspace's key, so that nobody reaches them again",
    "that something was heard, run and sent, without its content and under a pseudonym, so that nothing happens twice",
    "what the networks have, what Prefect has logged, recordings, backups, and what the author of a workflow wrote",
)
"""What no forgetting takes away, in words for a person."""


_NAMES = ("id", "handle", "url", "email")
"""What a network tells of an author that is theirs alone."""


@dataclass(frozen=True)
class Kept:
    """What is kept of one person: by which names, and every row in which they stand."""

    names: Names
    people: Sequence[Person]
    documents: Sequence[Record]
    suppressions: Sequence[Suppression]
    traces: Sequence[Trace]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are in which table."""
        rows = Counter(trace.table for trace in self.traces)
        return {**dict(sorted(rows.items())), "suppressions": len(self.suppressions)}


@dataclass(frozen=True)
class Forgetting:
    """Finds what is kept of somebody in a workspace, and takes it away.

    `same` tells the other names of whoever has one, `claims` say by kind where plugins keep people, `stop` ends a run
    or says why it cannot, and `folder` is the workspace's.
    """

    store: Store
    same: Callable[[str], Iterable[str]]
    claims: Mapping[str, PersonalRecords]
    stop: Callable[[Run, str], str]
    folder: Path

    def kept(self, name: str) -> Kept:
        """All that is kept of somebody by an id, an address or a handle, and of those that are the same person.

        Raises:
            InputError: nobody is named, several are called so, or nothing is kept of them.
        """
        people = {person.id: person for person in self.store.people.named(name)}
        if len(people) > 1:
            raise InputError(f"{name} may be {', '.join(people)}.", hint="Name them by their id.")
        known = {name.strip()} if is_whole(name) else set()
        known |= {one for person in people.values() for one in _called(person)}
        if not known:
            raise InputError(f"Nobody is called {name}.", hint="Name an address, or the id of a person.")
        documents: list[Record] = []
        traces: list[Trace] = []
        names, asked = Names(frozenset()), set[str]()
        while new := known - asked:
            asked |= known
            known |= {other for one in new for other in self.same(one) if is_whole(other)}
            for person in filter(None, map(self.store.people.get, tuple(known))):
                people[person.id] = person
                known |= set(_called(person))
            documents = [record for record in self.store.records.all() if self._is_about(record, known)]
            # An address in a document of theirs is theirs: what is kept of it must not be forgotten either.
            known |= {str(said) for one in documents if one.key in known and is_whole(said := one.data.get("email"))}
            names = names_of(tuple(people.values()), known, self.store.people)
            traces = list(self.store.personal.traces(names))
            known |= set(_heard(traces))
        suppressions = self.store.suppressions.of(sorted(known))
        if not (traces or documents or suppressions):
            raise InputError(f"Nothing is kept of {name}.", hint="Name an address, or the id of a person.")
        return Kept(names, tuple(people.values()), documents, suppressions, traces)

    def forget(self, found: Kept, by: str) -> Mapping[str, int]:
        """Take all of it away; how many rows of which table, and how many reports, were changed.

        First it is written down, as digests only, that they must not be reached any more. Then what is still to come
        is stopped, and all rows go in one transaction. Cut off anywhere, it is asked for again, and reaches nobody
        meanwhile.

        Raises:
            InputError: a run about them is being worked on, or an effect that reaches them is in doubt.
        """
        self.store.suppressions.forget([name for name in found.names.whole if is_whole(name)], reason=REASON, by=by)
        self._stop(found)
        keys = frozenset(map(person_key, found.names.whole))
        documents = {(one.kind, one.key): self._left(one, keys) for one in found.documents}
        pseudonym = f"person-{uuid.uuid4().hex[:8]}"
        changed = self.store.personal.erase(found.names, documents, pseudonym)
        reports = cleaned(self.folder, found.names, pseudonym)
        self.store.personal.scrub()
        return {**changed, "reports": reports}

    def _stop(self, found: Kept) -> None:
        about = [trace for trace in found.traces if trace.about]
        for trace in about:
            run = self.store.runs.get(trace.values["id"]) if trace.table == "runs" else None
            if run is not None and (told := self.stop(run, REASON)):
                raise InputError(f"They cannot be forgotten yet: {told}.")
        for trace in about:
            if trace.table == "effects" and trace.values["state"] in (EffectState.PLANNED, EffectState.HELD):
                self.store.ledger.veto(trace.values["key"], [REASON])

    def _is_about(self, record: Record, names: set[str]) -> bool:
        claim = self.claims.get(record.kind)
        said = claim.about(record) if claim else (record.key, *values_of(record.data))
        keys = set(map(person_key, names))
        return any(person_key(text) in keys for text in said)

    def _left(self, record: Record, keys: frozenset[str]) -> Mapping[str, Any] | None:
        claim = self.claims.get(record.kind)
        return claim.without(record, keys) if claim else None


def _called(person: Person) -> list[str]:
    return [one for one in (person.id, person.handle, person.url) if is_whole(one)]


def _heard(traces: Iterable[Trace]) -> Iterator[str]:
    """The names by which networks told of them, with what they said."""
    for trace in traces:
        if trace.table == "events" and trace.about:
            for author in (trace.values["data"].get(key) for key in PEOPLE_BELOW):
                if isinstance(author, Mapping):
                    yield from (str(author[name]) for name in _NAMES if is_whole(author.get(name)))

"""Looking: a store of its own for what is done, through which one sees whom the real one knows and does not reach."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon.components.ports import People, Store, Suppressions
from antiphon.model.person import Person
from antiphon.model.ruling import KEYED, Suppression, person_digest, person_key
from antiphon.rehearsal.offline import OutOfReach

_MOST = 1_000_000


class Looking:
    """A store whose people and suppressions are also those of another, which is only read."""

    def __init__(self, own: Store, real: Store) -> None:
        self._own = own
        self.people: People = _People(own.people, real.people)
        self.suppressions: Suppressions = _Suppressions(real.suppressions)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)


class _People(People):
    """What is learnt stays here; who is not known here is looked up there."""

    def __init__(self, own: People, real: People) -> None:
        self._own = own
        self._real = real

    def seen(self, people: Iterable[Person], at: datetime) -> None:
        self._own.seen(people, at)

    def get(self, person_id: str) -> Person | None:
        return self._own.get(person_id) or self._real.get(person_id)

    def amend(self, person: Person, facts: Callable[[Mapping[str, Any]], Mapping[str, Any]], at: datetime) -> Person:
        return self._own.amend(self._real.get(person.id) or person, facts, at)

    def named(self, name: str) -> Sequence[Person]:
        return self._own.named(name) or self._real.named(name)

    def forget(self, person_id: str) -> bool:
        raise OutOfReach("Nobody is forgotten by a rehearsal.")

    def list(self, limit: int = 100) -> Sequence[Person]:
        return self._real.list(limit)


class _Suppressions(Suppressions):
    """Those of the real store as they were when this was made: every effect asks, and nearly always in vain."""

    def __init__(self, real: Suppressions) -> None:
        self._real = real
        self._all = tuple(real.list(_MOST))
        self._known = frozenset(person_key(one.person) for one in self._all)
        self._keyed = any(one.person.startswith(KEYED) for one in self._all)  # only the real one knows the key

    def add(self, person: str, *, channel: str = "", reason: str = "", by: str = "") -> Suppression:
        raise OutOfReach("Nobody is suppressed by a rehearsal.")

    def remove(self, person: str, *, channel: str = "") -> bool:
        raise OutOfReach("Nobody is let go by a rehearsal.")

    def forget(self, persons: Collection[str], *, reason: str, by: str) -> None:
        raise OutOfReach("Nobody is forgotten by a rehearsal.")

    def of(self, persons: Collection[str]) -> Sequence[Suppression]:
        spelt = {key for one in persons for key in (person_key(one), person_digest(one))}
        return self._real.of(persons) if self._keyed or spelt & self._known else ()

    def list(self, limit: int = 1000) -> Sequence[Suppression]:
        return self._all[:limit]

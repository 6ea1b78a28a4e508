"""Whom the brand has met, small notes, and the documents of plugins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from antiphon.model.person import Person


class People(Protocol):
    """Whom the brand has met."""

    def seen(self, people: Iterable[Person], at: datetime) -> None:
        """Keep or refresh people; a fact that is not given stays."""

    def get(self, person_id: str) -> Person | None:
        """One person."""

    def amend(self, person: Person, facts: Callable[[Mapping[str, Any]], Mapping[str, Any]], at: datetime) -> Person:
        """Replace somebody's facts by what `facts` makes of them, in one transaction; who is not known yet is kept as
        given, seen at that moment."""

    def named(self, name: str) -> Sequence[Person]:
        """All who have this id or this handle, compared in small letters, without an `@` before."""

    def forget(self, person_id: str) -> bool:
        """Take somebody out for good; False when they were not known."""

    def list(self, limit: int = 100) -> Sequence[Person]:
        """The most recently seen first."""


class Marks(Protocol):
    """Small notes of what was there already: the memory of `dedupe`."""

    def first(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> bool:
        """Whether `owner` is the first to bring `key` in `scope`, until `until`; the owner may ask again."""

    def owner(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> str:
        """Who was the first to bring `key` in `scope`: `owner`, until `until`, unless somebody was before."""

    def known(self, scope: str, key: str, owner: str, now: datetime) -> bool:
        """Whether somebody else than `owner` has brought `key`; notes nothing."""


@dataclass(frozen=True, slots=True)
class Record:
    """A plugin's own document: `kind` is `plugin.noun`, `key` is unique in the kind, `data` is a JSON object."""

    kind: str
    key: str
    data: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


class Records(Protocol):
    """Documents of plugins: tickets, drafts, and whatever else they keep."""

    def put(self, kind: str, key: str, data: Mapping[str, Any], now: datetime) -> Record:
        """Keep a document, replacing one of the same kind and key."""

    def amend(
        self, kind: str, key: str, data: Callable[[Mapping[str, Any]], Mapping[str, Any]], now: datetime
    ) -> Record:
        """Replace a document by what `data` makes of it, in one transaction; one that is not there is empty."""

    def amend_all(
        self,
        kind: str,
        keys: Collection[str],
        data: Callable[[str, Mapping[str, Any]], Mapping[str, Any]],
        now: datetime,
    ) -> None:
        """The same for many, of which `data` is told the key too, in one transaction: all of them or none."""

    def get(self, kind: str, key: str) -> Record | None:
        """One document."""

    def remove(self, kind: str, key: str) -> bool:
        """Take a document out for good; False when it was not there."""

    def all(self) -> Iterator[Record]:
        """Every document of every kind, by kind and key, streamed."""

    def list(
        self, kind: str, *, since: datetime | None = None, until: datetime | None = None, limit: int = 100
    ) -> Sequence[Record]:
        """The newest first, by creation; `until` is exclusive."""

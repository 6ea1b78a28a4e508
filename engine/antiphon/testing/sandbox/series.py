"""Records in the order of their ids, read in pages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Identified(Protocol):
    """Anything that has an id."""

    @property
    def id(self) -> str:
        """A string that sorts in the order in which the records are read."""


Record = TypeVar("Record", bound=Identified)


@dataclass(frozen=True)
class Window:
    """Which page is asked for. All bounds are exclusive.

    `since_id` gives the newest records above it, `min_id` those immediately above it; `min_id` wins when both are
    given (mastodon/documentation, api/guidelines.md "Paginating through API responses", 2026-07-02).
    """

    limit: int
    max_id: str | None = None
    since_id: str | None = None
    min_id: str | None = None


class Series(Generic[Record]):
    """A collection sorted by id; threads may read it while another one adds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ids: list[str] = []
        self._records: dict[str, Record] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Record]:
        with self._lock:
            return iter([self._records[identifier] for identifier in self._ids])

    def add(self, record: Record) -> None:
        """Put a record in its place; one with the same id is replaced."""
        with self._lock:
            if record.id not in self._records:
                insort(self._ids, record.id)
            self._records[record.id] = record

    def discard(self, identifier: str) -> None:
        """Take a record out, if it is there."""
        with self._lock:
            if self._records.pop(identifier, None) is not None:
                del self._ids[bisect_left(self._ids, identifier)]

    def get(self, identifier: str) -> Record | None:
        """The record with this id."""
        return self._records.get(identifier)

    def newest(self) -> Record | None:
        """The record with the greatest id."""
        with self._lock:
            return self._records[self._ids[-1]] if self._ids else None

    def page(self, window: Window, keep: Callable[[Record], bool] = lambda record: True) -> list[Record]:
        """One page of the records that `keep` accepts, newest first."""
        with self._lock:
            low = bisect_right(self._ids, window.min_id or window.since_id or "")
            high = bisect_left(self._ids, window.max_id) if window.max_id else len(self._ids)
            forward = window.min_id is not None
            steps = range(low, high) if forward else range(high - 1, low - 1, -1)
            records = (self._records[self._ids[step]] for step in steps)
            found = list(islice(filter(keep, records), window.limit))
        return found[::-1] if forward else found

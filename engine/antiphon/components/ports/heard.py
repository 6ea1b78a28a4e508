"""What was heard, and where each polled trigger stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from antiphon.model.evaluation import Evaluation
from antiphon.model.event import Event
from antiphon.model.person import Person


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a delivery: the events that are new, and how many had been heard before."""

    new: tuple[Event, ...]
    repeated: int


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a page of a source has brought at a moment: the events, who was met with them, what they came to.

    `learnt` events were there before and are offered to nobody. `place` is a cursor's name and where it moves to;
    without one it stays.
    """

    at: datetime
    events: Sequence[Event] = ()
    people: Sequence[Person] = ()
    learnt: bool = False
    evaluations: Sequence[Evaluation] = ()
    place: tuple[str, str] | None = None


class Harvests(Protocol):
    """What polls bring home."""

    def bring_in(self, harvest: Harvest) -> None:
        """Keep all of it in one transaction: a place never moves without what was heard on the way.

        Where every event was heard before, nobody was met anew, and people stay as they are.
        """


class Events(Protocol):
    """What was heard, each event once."""

    def ingest(self, events: Iterable[Event], *, routed: bool = False) -> Ingested:
        """Keep the events whose id is not known yet, in one transaction; `routed` ones are offered to nobody."""

    def ingest_many(self, events: Iterable[Event], batch: int = 2000) -> tuple[int, int]:
        """Keep any number of events, in transactions of `batch`; how many were new, and how many repeated.

        The iterable is read as it is written down, so memory stays flat.
        """

    def unrouted(self, limit: int) -> Sequence[Event]:
        """The oldest events that have not been offered to the workflows yet."""

    def mark_routed(self, ids: Sequence[str], missed: Iterable[Evaluation] = ()) -> None:
        """Note that these events have been offered to every workflow, and why they woke some not; all or nothing."""

    def get(self, event_id: str) -> Event | None:
        """One event."""

    def of(self, type: str, since: datetime) -> Iterator[Event]:
        """Every event of a type, or of a family such as `mention.*`, from a moment on, oldest first, streamed."""

    def list(
        self,
        *,
        type: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> Sequence[Event]:
        """The newest events first, after the first `offset` of them; `until` is exclusive. A type such as `mention.*`
        is any whose name begins so."""

    def count(self, *, since: datetime, until: datetime) -> Mapping[str, int]:
        """How many events of each type happened in the period; `until` is exclusive."""


class Cursors(Protocol):
    """Where each polled trigger stands; the text is the source's own."""

    def get(self, name: str) -> str | None:
        """The cursor, or None when the trigger has never polled."""

    def set(self, name: str, cursor: str) -> None:
        """Move the cursor."""

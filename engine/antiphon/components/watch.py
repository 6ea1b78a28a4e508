"""Watches: what a trigger is that no single event wakes, but several together, or their absence.

A watch is shown one event after the other, hands back what it is to remember, and says when it has come about. It is
pure: all that it knows is its memory, so that a restart, another worker or a rehearsal goes on where it stood. The
engine keeps the memories, one for every key that `per` gives, and opens the runs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Generic, NamedTuple, TypeVar

from antiphon.components.interest import Interest
from antiphon.model.base import Noun
from antiphon.model.run import Verdict


class Sighting(NamedTuple):
    """An event as a memory keeps it: when it happened (UTC), its id, and which of the watch's interests it fits.

    `chain` has the workflows that caused it. Sightings are in the order of time, and of their ids at one instant.
    """

    at: datetime
    id: str
    fits: tuple[int, ...] = (0,)
    chain: tuple[str, ...] = ()


class Firing(Noun):
    """What a watch waited for has come about.

    `cause` tells it from every other of its key, and is the same whoever comes to it: the id of its first event, or the
    instant that was due. `since` and `at` are its beginning and its end, `count` is how many events there were,
    `events` has some of them, oldest first, and `summary` says it to a person. `told` is what else the run is told, as
    plain values by names of their own: expressions see them beside the others, as `trigger.NAME`.
    """

    cause: str
    since: datetime
    at: datetime
    count: int
    events: tuple[Sighting, ...] = ()
    summary: str
    told: dict[str, str | int | float | None] = {}


class Memory(Noun):
    """What a watch remembers of one key: plain data, written down after every batch of events. Subclass it."""


M = TypeVar("M", bound=Memory)


class Watch(ABC, Generic[M]):
    """What one trigger waits for: events of some `interests`, apart for each value of the expression `per`.

    `Memory` is the class of its memory. `own` says that events count which the workflow itself brought about, which is
    for what they cannot wake.
    """

    Memory: ClassVar[type[Memory]]
    interests: Sequence[Interest]
    per: str = ""
    own: ClassVar[bool] = False

    @property
    def waits(self) -> bool:
        """Whether it is at work before it has seen anything; then it begins when the engine first comes upon it."""
        return False

    @property
    def lasts(self) -> timedelta | None:
        """How long a memory with nothing due is kept after it was last touched; None is for ever."""
        return None

    @abstractmethod
    def begin(self, now: datetime) -> M:
        """The memory of who has seen nothing yet."""

    @abstractmethod
    def absorb(self, memory: M, sighting: Sighting) -> tuple[M, Sequence[Firing]]:
        """Take an event in. Events come in any order, and one that was taken in may come again: it changes nothing."""

    def due(self, memory: M) -> datetime | None:
        """When it comes about by itself if nothing happens; None when it does not."""
        return None

    def elapse(self, memory: M, now: datetime) -> tuple[M, Sequence[Firing]]:
        """Let time pass. What was due is told once, and is not due any more afterwards."""
        return memory, ()

    @abstractmethod
    def explain(self, memory: M, at: datetime) -> Verdict:
        """How near it is to coming about at a moment, as far as it remembers."""

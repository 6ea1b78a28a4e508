"""Which runs may be under way side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from antiphon.model.event import Event
from antiphon.model.overlap import RunOptions
from antiphon.model.run import Run


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that is to be opened, and the rules of its slot.

    `gathers` says that it may wait for other calls, or be answered with them, where the rules say so. One that has
    ended already is only kept.
    """

    run: Run
    rules: RunOptions
    gathers: bool = False


class Slots(Protocol):
    """Runs of one slot get into one another's way; a run holds its place until it has ended, however long it waits."""

    def open(self, asked: Iterable[Asked], news: Callable[[Run], Event]) -> Sequence[Run]:
        """Keep the runs whose key is not known yet, in order; returns those that are new, as they stand.

        What becomes of each is decided in one transaction with those that are under way, so that two who open runs at
        the same moment never both get the last place: it is pending, queued, or declined with the reason. A `restart`
        asks earlier runs to end. `news` makes the event that tells of an end, which is kept with it. When a run ends,
        the next in the queue becomes pending, in the same transaction.
        """

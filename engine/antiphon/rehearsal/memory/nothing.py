"""Ports of which a plain workflow needs to hear no more than that there is nothing."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from antiphon.components.ports import Asked, Fired, Place, Subscription
from antiphon.model.backfill import Backfill, BackfillState
from antiphon.model.event import Event
from antiphon.model.rest import Rest
from antiphon.model.run import Run
from antiphon.rehearsal.memory.forgotten import Forgetful, Forgotten


class NoSubscriptions(Forgetful):
    """For workflows that look out for nothing."""

    def places(self) -> Collection[tuple[str, str]]:
        return ()

    def of(self, run: str) -> Sequence[Subscription]:
        return ()


class NoWatches(Forgetful):
    """For workflows that wait for nothing to come about."""

    def fired(self, limit: int = 500) -> Sequence[Fired]:
        return ()

    def begun(self, watches: Collection[str]) -> Collection[str]:
        return self._none(watches)

    def due(self, watches: Collection[str], now: datetime, limit: int = 500) -> Sequence[Place]:
        return self._none(watches)

    def next_due(self, watches: Collection[str]) -> None:
        self._none(watches)

    def answered(self, ids: Iterable[str]) -> None:
        self._none([*ids])

    def forget(self, until: datetime, workflows: Collection[str] = ()) -> None:
        """There is nothing to be forgotten."""

    def _none(self, asked: Collection[str]) -> tuple[()]:
        if asked:
            raise Forgotten
        return ()


class NoBackfills(Forgetful):
    """Nobody asks a rehearsal to make up for what was missed."""

    def list(self, *, state: BackfillState | None = None, limit: int = 100) -> Sequence[Backfill]:
        return ()


class NoRests(Forgetful):
    """For workflows whose triggers are never laid to rest."""

    def standing(self, workflow: str = "") -> Sequence[Rest]:
        return ()


class NoSlots(Forgetful):
    """For workflows whose runs do not get into one another's way."""

    def open(self, asked: Iterable[Asked], news: Callable[[Run], Event]) -> Sequence[Run]:
        if [*asked]:
            raise Forgotten
        return ()

"""Undoing: what was done is reversed through the same ledger; what is still to come is stopped."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from antiphon.catalogue import Catalogue
from antiphon.components.action import Action
from antiphon.components.clock import Clock
from antiphon.components.context import Here, ReadContext, Readers
from antiphon.components.ports import Overtaken, Store
from antiphon.errors import AntiphonError, StoreError
from antiphon.model.effect import Effect, EffectState, LedgerEntry, undo_key
from antiphon.model.run import Run, RunState
from antiphon.model.undo import Undoing, UndoWay
from antiphon.runtime.effects import Performer
from antiphon.runtime.journal import StoredJournal
from antiphon.runtime.kit import storable
from antiphon.runtime.lease import LEASE

MOST = 100_000
"""How many effects one undo looks at."""

_TO_COME = (EffectState.PLANNED, EffectState.HELD)
_IN_DOUBT = (EffectState.CLAIMED, EffectState.UNKNOWN, EffectState.PARKED)


@dataclass(frozen=True)
class Undoer:
    """Says what can be undone, and undoes it. `tell` keeps the news of a run that is stopped."""

    store: Store
    clock: Clock
    catalogue: Catalogue
    readers: Readers
    performer: Callable[[str], Performer]
    tell: Callable[[Run], None]
    timezone: ZoneInfo

    def of_run(self, run: Run) -> list[Undoing]:
        """What an undo of one run would do, the newest effect first."""
        order = {step.effect: index for index, step in enumerate(run.steps)}
        return self._survey(self.store.ledger.list(run=run.id, limit=MOST), order)

    def since(self, moment: datetime, workflow: str = "") -> list[Undoing]:
        """The same for everything that was done, or planned and is still to come, at or after a moment."""
        ledger = self.store.ledger
        done = ledger.list(settled_since=moment, workflow=workflow, limit=MOST)
        planned = ledger.list(since=moment, workflow=workflow, limit=MOST)
        to_come = [entry for entry in planned if entry.state in (*_TO_COME, *_IN_DOUBT)]
        return self._survey(list({entry.effect.key: entry for entry in [*done, *to_come]}.values()), {})

    def undone_by(self, effect: Effect) -> LedgerEntry | None:
        """What the ledger has of the undo of an effect, if it was ever asked for."""
        return self.store.ledger.get(storable(undo_key(effect.key)))

    def stop(self, run: Run, because: str) -> str:
        """End a run that has not ended, so that nothing more comes of it. Returns why that cannot be, if it cannot."""
        worker = f"undo:{uuid.uuid4().hex[:8]}"
        if run.state.ended:
            return ""
        if run.state is not RunState.QUEUED and not self.store.runs.claim(run.id, worker, LEASE):
            return f"run {run.id} is being worked on; wait two minutes, and try again"
        StoredJournal(self.store.runs.get(run.id) or run, self.store.runs, self.tell).end(
            RunState.STOPPED, because, None
        )
        return ""

    def undo(self, undoings: Sequence[Undoing], because: str) -> list[LedgerEntry]:
        """Do what was surveyed, in its order; what it came to, one entry for each that can be undone."""
        # A name of its own, so that two who undo the same do not take each other for a crash of their own.
        run = f"undo:{uuid.uuid4().hex[:12]}"
        performer = self.performer(run)
        entries = []
        for one in undoings:
            if one.way is UndoWay.CANCEL:
                stopped = self._cancelled(one.entry.effect.key, because)
                # What went out between the survey and now cannot be stopped, but it may have a way back.
                inverse = self._reversed(stopped).inverse if stopped.state is EffectState.DONE else None
                if inverse is None:
                    entries.append(stopped)
            else:
                inverse = one.inverse
            if inverse is not None:
                self._let_go(inverse.key)
                entries.append(performer.carry_out(inverse.model_copy(update={"run": run})))
        return entries

    def _let_go(self, key: str) -> None:
        """An earlier attempt that waits for a person has one now."""
        known = self.store.ledger.get(key)
        if known and known.state is EffectState.HELD and known.not_before is None:
            with suppress(Overtaken):  # somebody else undoes the same
                self.store.ledger.release(key, because="the undo was asked for again", seen=known)

    def _cancelled(self, key: str, because: str) -> LedgerEntry:
        try:
            return self.store.ledger.veto(key, [because])
        except StoreError:
            # Somebody was quicker: it is not to come any more.
            entry = self.store.ledger.get(key)
            if entry is None:
                raise
            return entry

    def _survey(self, entries: Sequence[LedgerEntry], order: Mapping[str, int]) -> list[Undoing]:
        """The newest first; what was done at the same moment goes by the order of its run's steps."""

        def age(entry: LedgerEntry) -> tuple[datetime, datetime, int]:
            return entry.settled_at or entry.planned_at, entry.planned_at, order.get(entry.effect.key, 0)

        return [one for entry in sorted(entries, key=age, reverse=True) if (one := self._judged(entry))]

    def _judged(self, entry: LedgerEntry) -> Undoing | None:
        """What can be done about one effect; None where nothing was done, or it is itself an undo."""
        if entry.effect.undoes or entry.state in (EffectState.REJECTED, EffectState.VETOED):
            return None
        if entry.state in _TO_COME:
            return Undoing(entry=entry, way=UndoWay.CANCEL, told="it has not been done, and is stopped")
        if entry.state in _IN_DOUBT:
            told = "nobody knows whether it was done; settle it with `antiphon effects resolve`"
            return Undoing(entry=entry, way=UndoWay.NONE, told=told)
        return self._reversed(entry)

    def _reversed(self, entry: LedgerEntry) -> Undoing:
        known = self.undone_by(entry.effect)
        if known and known.state is EffectState.DONE:
            return Undoing(entry=entry, way=UndoWay.NONE, told=f"undone on {known.settled_at:%F %T} UTC", undone=known)
        if known and known.state in (EffectState.REJECTED, EffectState.VETOED, EffectState.PARKED):
            told = f"it was tried, and is {known.state}: {known.reason}"
            return Undoing(entry=entry, way=UndoWay.NONE, told=told, undone=known)
        try:
            inverse = self._inverse(entry)
        except AntiphonError as error:
            return Undoing(entry=entry, way=UndoWay.NONE, told=str(error))
        if inverse is None:
            return Undoing(entry=entry, way=UndoWay.NONE, told=f"{entry.effect.action} has no way back")
        return Undoing(entry=entry, way=UndoWay.REVERSE, told=inverse.summary, inverse=inverse)

    def _inverse(self, entry: LedgerEntry) -> Effect | None:
        effect, receipt = entry.effect, entry.receipt
        action = self.catalogue.actions.get(effect.action)
        if action is None or not issubclass(action, Action) or receipt is None:
            return None
        inverse = action().undo(effect, receipt, self._context(effect))
        if inverse is None:
            return None
        return inverse.model_copy(update={"key": storable(undo_key(effect.key)), "undoes": effect.key})

    def _context(self, effect: Effect) -> ReadContext:
        here = Here(
            workflow=effect.workflow,
            run=effect.run,
            step=effect.step,
            timezone=self.timezone,
            subject=effect.subject,
            event=effect.event,
            live=True,
        )
        store = self.store
        return ReadContext(
            here=here,
            clock=self.clock,
            connections=self.readers,
            events=store.events,
            runs=store.runs,
            ledger=store.ledger,
            people=store.people,
            records=store.records,
            marks=store.marks,
        )

"""Backfilling: the calls of a past stretch of time are opened now, a few at a time, each once.

What is made up for queues where other runs of its slot are under way, whatever the document says, so that no call of
the past is skipped, and none ends a run of today.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.components.trigger import Trigger as TriggerKind
from antiphon.errors import InputError
from antiphon.model.backfill import Backfill, BackfillState
from antiphon.model.event import Event
from antiphon.model.program import Program, Trigger
from antiphon.model.run import Run
from antiphon.runtime.causes import chain_of, scope_of
from antiphon.runtime.interests import interest_of, is_of
from antiphon.runtime.opening import Opening
from antiphon.runtime.waking import Wakings

PAGE = 200
"""How many ticks are worked out at a time."""

LONGEST_TURN = 1000
"""How many calls are looked at before the others have their turn again."""


@dataclass(frozen=True)
class Place:
    """How far a backfill is once these runs were opened."""

    at: datetime
    event: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Backfilling:
    """Makes up for the past. `programs` has the workflows as they are now."""

    store: Store
    clock: Clock
    catalogue: Catalogue
    opening: Opening
    wakings: Wakings
    programs: Mapping[str, Program]

    def draft(
        self,
        program: Program,
        since: datetime,
        until: datetime,
        *,
        trigger: str = "",
        events: bool = False,
        labels: Mapping[str, str] | None = None,
        at_once: int = 5,
        again: bool = False,
        by: str = "",
    ) -> Backfill:
        """A backfill that nothing knows of yet; what lies in the future is left to the schedule.

        Raises:
            InputError: there is nothing to make up for, or it is not clear what.
        """
        now = self.clock.now()
        if since >= min(until, now):
            raise InputError("This stretch of time is empty, or has not come yet.", hint="Write --from before --to.")
        return Backfill(
            id=uuid.uuid4().hex[:12],
            workflow=program.id,
            trigger=trigger if events else self._clocked(program, trigger).id,
            events=events,
            since=since,
            until=min(until, now),
            labels=dict(labels or {}),
            at_once=at_once,
            again=again,
            begun_at=now,
            begun_by=by,
        )

    def calls(self, backfill: Backfill, program: Program) -> Iterator[Place]:
        """The calls that come next, in order, each with its runs."""
        return self._events(backfill, program) if backfill.events else self._ticks(backfill, program)

    def advance(self) -> set[str]:
        """Open what there is room for of every backfill that runs; returns the workflows that have runs to do."""
        woken = set()
        for backfill in self.store.backfills.list(state=BackfillState.RUNNING):
            program = self.programs.get(backfill.workflow)
            if program is None:
                because = "its workflow is gone or disabled"
                self.store.backfills.turn(backfill.id, BackfillState.PAUSED, because=because)
            elif self._advance(backfill, program):
                woken.add(program.id)
        return woken

    def _advance(self, seen: Backfill, program: Program) -> int:
        under_way = sum(count for state, count in self.store.backfills.runs(seen.id).items() if not state.ended)
        now, opened, room = seen, 0, seen.at_once - under_way
        if room <= 0:
            return 0
        for number, place in enumerate(self.calls(seen, program)):
            if opened >= room or number >= LONGEST_TURN:
                break
            opened += sum(self.opening.make_up(program, run) is not None for run in place.runs)
            calls = now.calls + len(place.runs)
            now = now.model_copy(update={"at": place.at, "event": place.event, "calls": calls})
        else:
            now = now.model_copy(update={"state": BackfillState.DONE})
        if now != seen:
            # Of two who have opened the same runs one writes it down, and the runs are there once.
            self.store.backfills.advance(seen, now)
        return opened

    def _ticks(self, backfill: Backfill, program: Program) -> Iterator[Place]:
        trigger = self._clocked(program, backfill.trigger)
        after = backfill.at or backfill.since - timedelta.resolution
        while ticks := self.wakings.ticks(program, trigger, after, PAGE):
            for due in ticks:
                if due >= backfill.until:
                    return
                run = self.opening.of_tick(program, trigger.id, due, note=_note(backfill))
                yield Place(due, "", (_marked(run, backfill),))
            after = ticks[-1]

    def _events(self, backfill: Backfill, program: Program) -> Iterator[Place]:
        wanted = [one for one in program.triggers if backfill.trigger in ("", one.id)]
        interests = [(one.id, interest_of(one, self.catalogue)) for one in wanted]

        def wakes(event: Event) -> Iterator[str]:
            for name, interest in interests:
                if interest and is_of(event, interest.type) and interest.match.holds(event.data):
                    yield name

        since = (backfill.at or backfill.since, backfill.event)
        for event in self.store.events_between(since[0], backfill.until):
            if (event.at, event.id) <= since or program.id in chain_of(event):
                continue
            cause, scope = f"{event.id}{_note(backfill)}", scope_of(event)
            runs = tuple(_marked(self.opening.run(program, name, cause, scope), backfill) for name in wakes(event))
            yield Place(event.at, event.id, runs)

    def _clocked(self, program: Program, name: str) -> Trigger:
        kinds = self.catalogue.triggers
        found = [one for one in program.triggers if kinds[one.kind].ticks is not TriggerKind.ticks]
        mine = [one for one in found if name in ("", one.id)]
        if len(mine) != 1:
            known = f"Its schedules are {', '.join(one.id for one in found)}; name one with --trigger."
            raise InputError(
                f"`{program.id}` has no one schedule{f' `{name}`' if name else ''} to make up for.",
                hint=known if found else "To answer kept events, add --events.",
            )
        return mine[0]


def _note(backfill: Backfill) -> str:
    """What is answered again is another call, which a cause of its own tells from the first."""
    return f"~{backfill.id}" if backfill.again else ""


def _marked(run: Run, backfill: Backfill) -> Run:
    """A run that says what it makes up for."""
    told = {"id": backfill.id, "labels": backfill.labels}
    scope = {**run.scope, "trigger": {**run.scope.get("trigger", {}), "backfill": told}}
    return run.model_copy(update={"scope": scope, "backfill": backfill.id})

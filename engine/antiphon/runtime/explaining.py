"""Explaining: what a workflow made of a stretch of time, trigger by trigger, so far as it can be known.

What was heard is judged once more, by the version of the document that was in force when it happened, so that both
values are exact. What is not kept any more is known from the evaluations, rolled up by the hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.catalogue import Catalogue
from antiphon.components.interest import Interest
from antiphon.components.misses import Miss, miss
from antiphon.components.ports import InForce, Store
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.evaluation import Evaluation, EvaluationKind, hour_of
from antiphon.model.event import Event
from antiphon.model.program import Program, Trigger
from antiphon.model.rest import Rest
from antiphon.model.ruling import Brake
from antiphon.model.run import Run, Verdict
from antiphon.runtime.causes import chain_of
from antiphon.runtime.interests import interest_of
from antiphon.runtime.opening import identity

MOST_EVENTS = 2000
"""How many events of a trigger's type are judged once more, the newest of the period."""

MOST_RUNS = 200
"""How many runs are told of, the newest of the period."""

MOST_TICKS = 100
"""How many instants of a schedule are told of."""

LOOKED_BACK = timedelta(days=7)
"""How far back is looked for the last time that a source was asked."""


@dataclass(frozen=True)
class Tick:
    """An instant at which a schedule was due: the run that answered it, or why it was passed over; or neither."""

    at: datetime
    run: Run | None = None
    passed_over: str = ""


@dataclass(frozen=True)
class Judged:
    """An event that was heard, and what it was for a trigger: a miss, the workflow's own, or the cause of a run."""

    event: str
    type: str
    at: datetime
    miss: Miss | None = None
    own: bool = False
    run: Run | None = None


@dataclass(frozen=True)
class Told:
    """What one trigger made of the period.

    `ticks` and `next_to` (the nearest instants outside the period) are of a schedule; `judged`, `last_heard` (the
    newest event of its type before the period) and `asked` (when its source was last asked) of one that waits for
    events. `together` tells how near several events came to waking it, `rests` that it is laid to rest by now, and
    `rolled` is what was counted in the hours that the period touches.
    """

    trigger: str
    kind: str
    waits_for: str = ""
    ticks: tuple[Tick, ...] = ()
    next_to: tuple[datetime, ...] = ()
    judged: tuple[Judged, ...] = ()
    last_heard: Judged | None = None
    asked: datetime | None = None
    together: Verdict | None = None
    rests: Rest | None = None
    rolled: tuple[Evaluation, ...] = ()

    @property
    def missed(self) -> list[Judged]:
        """The events that were not as it asks, the nearest first."""
        return sorted((one for one in self.judged if one.miss), key=lambda one: one.miss.distance if one.miss else 0)


@dataclass(frozen=True)
class Explanation:
    """What a workflow made of a period, by the versions that were in force in it, the last one first.

    `stopped` are the effects of its runs that are not done, with the state and the reason.
    """

    workflow: str
    since: datetime
    until: datetime
    enabled: bool
    versions: tuple[InForce, ...]
    triggers: tuple[Told, ...]
    runs: tuple[Run, ...]
    stopped: tuple[LedgerEntry, ...]
    brakes: tuple[Brake, ...]


def _by_itself(program: Program, trigger: Trigger, at: datetime) -> Verdict | None:
    return None


@dataclass(frozen=True)
class Explainer:
    """Explains the workflows of a store, with these components.

    `together` tells of a trigger that several events wake, or their absence, how near it was to that at a moment; None
    of every other trigger.
    """

    store: Store
    catalogue: Catalogue
    together: Callable[[Program, Trigger, datetime], Verdict | None] = _by_itself

    def version(self, current: Program, at: datetime) -> Program:
        """The version of a workflow that was in force at a moment; the `current` one where none was yet."""
        then = self.store.programs.in_force(current.id, at)
        return (self.store.programs.get(then.fingerprint) if then and then.fingerprint else None) or current

    def explain(self, current: Program, since: datetime, until: datetime, trigger: str = "") -> Explanation:
        """What happened in a period (`until` is exclusive); where no version was in force yet, by the `current` one."""
        versions = self._versions(current.id, since, until)
        program = self._program(versions, until) or current
        named = [one for one in program.triggers if trigger in ("", one.id)]
        rolled = self.store.evaluations.list(current.id, since=hour_of(since), until=until)
        rests = {rest.trigger: rest for rest in self.store.rests.standing(current.id) if rest.at < until}
        listed = self.store.runs.list(workflow=current.id, since=since, until=until, limit=MOST_RUNS)
        runs = tuple(run for run in (self.store.runs.get(one.id) for one in listed) if run is not None)
        keys = dict.fromkeys(step.effect for run in runs for step in run.steps if step.effect)
        entries = [entry for entry in map(self.store.ledger.get, keys) if entry is not None]
        return Explanation(
            workflow=current.id,
            since=since,
            until=until,
            enabled=program.enabled and (not versions or bool(versions[0].fingerprint)),
            versions=versions,
            triggers=tuple(
                replace(
                    self._told(program, one, versions, since, until),
                    rests=rests.get(one.id),
                    rolled=tuple(count for count in rolled if count.trigger == one.id),
                )
                for one in named
            ),
            runs=tuple(run for run in runs if trigger in ("", run.trigger)),
            stopped=tuple(entry for entry in entries if entry.state is not EffectState.DONE),
            brakes=tuple(self.store.brakes.stood(["workspace", f"workflow:{current.id}"], since, until)),
        )

    def _versions(self, workflow: str, since: datetime, until: datetime) -> tuple[InForce, ...]:
        """Those that were in force at some moment of the period, the last one first."""
        changes = [one for one in self.store.programs.history(workflow) if one.since < until]
        begun = next((index for index, one in enumerate(changes) if one.since <= since), len(changes))
        return tuple(changes[: begun + 1])

    def _program(self, versions: tuple[InForce, ...], at: datetime) -> Program | None:
        found = next((one for one in versions if one.since <= at and one.fingerprint), None)
        return self.store.programs.get(found.fingerprint) if found else None

    def _told(
        self, program: Program, trigger: Trigger, versions: tuple[InForce, ...], since: datetime, until: datetime
    ) -> Told:
        told = Told(trigger.id, trigger.kind, together=self.together(program, trigger, until))
        interest = interest_of(trigger, self.catalogue)
        if interest is None:
            due = list(self._due(program, trigger, since, until))
            return replace(
                told,
                ticks=tuple(self._tick(program, trigger, at) for at in due),
                next_to=() if due else tuple(self._next_to(program, trigger, since, until)),
            )
        heard = self.store.events.list(type=interest.type, since=since, until=until, limit=MOST_EVENTS)
        before = self.store.events.list(type=interest.type, until=since, limit=1) if not heard else []
        judge = self._judge(program, trigger, interest, versions)
        return replace(
            told,
            waits_for=interest.type,
            judged=tuple(map(judge, heard)),
            last_heard=next(map(judge, before), None),
            asked=self._asked(program.id, trigger.id, until),
        )

    def _judge(self, program: Program, trigger: Trigger, interest: Interest, versions: tuple[InForce, ...]) -> Any:
        patterns = {program.fingerprint: interest.match}

        def judge(event: Event) -> Judged:
            then = next((one.fingerprint for one in versions if one.since <= event.at), program.fingerprint)
            if then not in patterns:
                older = self.store.programs.get(then)
                named = next((one for one in older.triggers if one.id == trigger.id), None) if older else None
                waited = interest_of(named, self.catalogue) if named else None
                patterns[then] = waited.match if waited else interest.match
            found = miss(patterns[then], event.data)
            run = None
            if found is None:
                run = self.store.runs.get(identity(program.id, trigger.id, event.id)[1])
            return Judged(event.id, event.type, event.at, found, program.id in chain_of(event), run)

        return judge

    def _asked(self, workflow: str, trigger: str, until: datetime) -> datetime | None:
        since = hour_of(until - LOOKED_BACK)
        rolled = self.store.evaluations.list(workflow, trigger=trigger, since=since, until=until)
        return max((min(one.last_at, until) for one in rolled if one.kind is EvaluationKind.ASKED), default=None)

    def _due(self, program: Program, trigger: Trigger, since: datetime, until: datetime) -> Iterator[datetime]:
        for at in islice(self._ticks(program, trigger, since - timedelta(microseconds=1)), MOST_TICKS):
            if at >= until:
                return
            yield at

    def _next_to(self, program: Program, trigger: Trigger, since: datetime, until: datetime) -> Iterator[datetime]:
        """The last instant before the period, if one lies within a week of it, and the first one after it."""
        before = None
        for at in self._ticks(program, trigger, since - LOOKED_BACK):
            if at >= since:
                break
            before = at
        yield from (at for at in (before, next(self._ticks(program, trigger, until), None)) if at is not None)

    def _ticks(self, program: Program, trigger: Trigger, after: datetime) -> Iterator[datetime]:
        kind = self.catalogue.triggers[trigger.kind]
        return kind().ticks(kind.Options.model_validate(trigger.options), after, ZoneInfo(program.timezone))

    def _tick(self, program: Program, trigger: Trigger, at: datetime) -> Tick:
        cause = at.astimezone(UTC).isoformat(timespec="seconds")
        if run := self.store.runs.get(identity(program.id, trigger.id, cause)[1]):
            return Tick(at, run)
        kept = self.store.evaluations.list(program.id, trigger=trigger.id, since=hour_of(at))
        passed = (one.reason for one in kept if one.kind is EvaluationKind.PASSED_OVER and cause in one.examples)
        return Tick(at, passed_over=next(passed, ""))

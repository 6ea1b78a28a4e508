"""Opening: from a call (a tick, an answer of a source, an event, a person) to the runs that answer it.

A run's key is the workflow, the trigger and the cause, so a call that comes twice opens nothing the second time. What
was heard is kept before the runs are opened, and a cursor moves after both, or together with what nobody answers: a
crash in between repeats work and never loses it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.components.ports import Asked, Store
from antiphon.components.source import WideSource
from antiphon.components.trigger import Question
from antiphon.errors import InputError
from antiphon.model.evaluation import EvaluationKind, once
from antiphon.model.event import Event
from antiphon.model.plan import Call
from antiphon.model.program import Program, Trigger
from antiphon.model.run import Run, RunState
from antiphon.runtime.causes import end_of, scope_of
from antiphon.runtime.evaluations import Offering, Rolling
from antiphon.runtime.hearing import Hearing
from antiphon.runtime.listening import deliver
from antiphon.runtime.match import Matcher
from antiphon.runtime.overlap import Overlap
from antiphon.runtime.resting import declined

ROUTED_AT_ONCE = 2000
"""How many events are offered to the workflows in one go."""


def identity(workflow: str, trigger: str, cause: str) -> tuple[str, str]:
    """The key of the run that answers a call, and its id: each call is answered once."""
    key = f"{workflow}/{trigger}/{cause}"
    return key, hashlib.sha256(key.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Opening:
    """Opens runs of programs in a store, which has those programs."""

    store: Store
    catalogue: Catalogue
    clock: Clock
    hearing: Hearing
    overlap: Overlap
    ended: Callable[[Run], None]

    def tick(self, program: Program, trigger: Trigger, due: datetime) -> tuple[int, str]:
        """Open the run of a tick; returns how many runs are new, and why none is when that is the schedule's doing."""
        kind, options = self._kind(trigger)
        if told := kind.passes_over(options, due, self.clock.now(), ZoneInfo(program.timezone)):
            cause = due.astimezone(UTC).isoformat(timespec="seconds")
            kept = once(
                program.id, trigger.id, EvaluationKind.PASSED_OVER, self.clock.now(), reason=told, example=cause
            )
            self.store.evaluations.add([kept])
            return 0, told
        run = self.of_tick(program, trigger.id, due)
        begins = due + _chance(run.key) * kind.spread(options)
        if begins > self.clock.now():
            run = run.model_copy(update={"not_before": begins})
        return len(self._open([(program, run)])), ""

    def of_tick(self, program: Program, trigger: str, due: datetime, *, note: str = "") -> Run:
        """The run of a tick, not in the store yet; a `note` tells it from the one that answered it at its time."""
        cause = due.astimezone(UTC).isoformat(timespec="seconds")
        return self.run(program, trigger, f"{cause}{note}", {"trigger": {"scheduled_at": cause}})

    def poll(self, program: Program, trigger: Trigger) -> int:
        """Ask the source of a trigger for what is new, keep it, and open the runs of what matters.

        A trigger that rests does not ask: what it would hear waits at the source.
        """
        if any(rest.trigger == trigger.id for rest in self.store.rests.standing(program.id)):
            return 0
        rolling = Rolling(program.id, trigger.id, self.clock.now())
        try:
            return self._asked(program, trigger, rolling)
        finally:
            self.store.evaluations.add(rolling.taken())

    def _asked(self, program: Program, trigger: Trigger, rolling: Rolling) -> int:
        question = self._question(trigger)

        def answer(events: Sequence[Event]) -> int:
            return len(self._open([(program, self.run(program, trigger.id, one.id, scope_of(one))) for one in events]))

        return self.hearing.ask(question, self._cursor(program, trigger, question), rolling, answer)

    def position(self, program: Program, trigger: Trigger) -> str | None:
        """Where a polled trigger stands, in its source's own words; None when it has never asked. Raises InputError for
        a wide source, which stands in several places."""
        return self.store.cursors.get(self._place(program, trigger))

    def move(self, program: Program, trigger: Trigger, position: str) -> None:
        """Make a polled trigger go on from there. Going back does no harm: what was answered is not answered again.
        Raises InputError for a wide source."""
        self.store.cursors.set(self._place(program, trigger), position)

    def _place(self, program: Program, trigger: Trigger) -> str:
        question = self._question(trigger)
        if issubclass(self.catalogue.sources[question.source], WideSource):
            raise InputError(f"`{trigger.id}` asks several sources, each from a place of its own.")
        return self._cursor(program, trigger, question)

    def route(self, matcher: Matcher, also: Callable[[Sequence[Event]], set[str]] = lambda events: set()) -> set[str]:
        """Offer every event that has not been offered yet, to workflows and to the runs that wait for it; returns the
        workflows that have runs to do. `also` is offered the same events, some perhaps again, and gives what it woke.
        """
        woken: set[str] = set()
        while events := self.store.events.unrouted(ROUTED_AT_ONCE):
            offering = Offering(matcher, self.clock.now())
            runs = [
                (one.program, self.run(one.program, one.trigger, event.id, scope_of(event)))
                for event in events
                for one in offering.woken(event)
            ]
            self._open(runs)
            woken |= {run.workflow for _, run in runs} | deliver(self.store, events) | also(events)
            self.store.events.mark_routed([event.id for event in events], offering.missed())
        return woken

    def answer(self, program: Program, call: Call) -> None:
        """Open the run of what has come about by itself, if it is not open yet."""
        scope = {**(scope_of(call.event) if call.event else {}), "trigger": call.told}
        self._open([(program, self.run(program, call.trigger, call.cause, scope))])

    def keep(self, program: Program, run: Run) -> Run | None:
        """Open a run that was made by hand; None when the store has it already. It waits for no other call."""
        return next(iter(self._open([(program, run)], by_itself=False)), None)

    def make_up(self, program: Program, run: Run) -> Run | None:
        """Open a run for a call of the past; None when the store has it already. It queues behind whatever there is."""
        rules = program.run
        patient = {"overlap": "queue" if rules.places else "parallel", "max": rules.places, "queue_max": None}
        return self.keep(program.model_copy(update={"run": rules.model_copy(update=patient)}), run)

    def by_hand(self, program: Program, call: Call, inputs: Mapping[str, Any], *, live: bool, by: str = "") -> Run:
        """A run that somebody asks for, named `by`; without a cause it is a new one each time."""
        manual = next((one.id for one in program.triggers if one.kind == "manual"), "by-hand")
        scope: dict[str, Any] = {"trigger": {"inputs": dict(inputs), **({"by": by} if by else {}), **call.told}}
        if call.event is not None:
            scope["event"] = scope_of(call.event)["event"]
        return self.run(program, call.trigger or manual, call.cause or uuid.uuid4().hex[:16], scope, live=live)

    def run(self, program: Program, trigger: str, cause: str, scope: Mapping[str, Any], *, live: bool = True) -> Run:
        """A run that is not in the store yet."""
        key, name = identity(program.id, trigger, cause)
        return Run(
            id=name,
            key=key,
            workflow=program.id,
            program=program.fingerprint,
            trigger=trigger,
            cause=cause,
            state=RunState.PENDING,
            live=live,
            scope=_with_events(scope) if program.run.gather else dict(scope),
            created_at=self.clock.now(),
        )

    def receive(
        self,
        programs: Iterable[Program],
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        reveal: Callable[[Any], Any],
    ) -> Event:
        """Take a request at a trigger's door and keep its event. Raises InputError when it cannot be trusted."""
        for program in programs:
            for trigger in program.triggers:
                kind, options = self._kind(trigger)
                if kind.door(options) == path:
                    event: Event = kind.receive(options, headers, body, self.clock.now(), reveal)
                    self.store.events.ingest([event])
                    return event
        raise InputError(f"No enabled workflow takes requests at {path}.", hint="See `path:` of its webhook trigger.")

    def _open(self, runs: Sequence[tuple[Program, Run]], *, by_itself: bool = True) -> list[Run]:
        """Keep runs, each in its slot if it has one; returns those that are new. Those of a trigger that rests are
        declined, unless a person has made them."""
        if not runs:
            return []
        rests = {(rest.workflow, rest.trigger): rest for rest in self.store.rests.standing()} if by_itself else {}
        asked = [
            Asked(declined(run, rest), program.run)
            if (rest := rests.get((run.workflow, run.trigger)))
            else self.overlap.asked(program, run, gathers=by_itself)
            for program, run in runs
        ]
        apart = [one.run for one in asked if not one.run.slot and not one.run.state.ended]
        placed = [one for one in asked if one.run.slot or one.run.state.ended]
        opened = [*self.store.runs.open(apart), *(self.store.slots.open(placed, self._news) if placed else ())]
        for run in opened:
            if run.state.ended:
                self.ended(run)
        return opened

    def _news(self, run: Run) -> Event:
        return end_of(run, self.clock.now())

    def _kind(self, trigger: Trigger) -> tuple[Any, Any]:
        kind = self.catalogue.triggers[trigger.kind]
        return kind(), kind.Options.model_validate(trigger.options)

    def _question(self, trigger: Trigger) -> Question:
        kind, options = self._kind(trigger)
        question: Question | None = kind.question(options)
        assert question is not None, f"{trigger.kind} asks nothing"
        return question

    def _cursor(self, program: Program, trigger: Trigger, question: Question) -> str:
        """The name of a cursor: a poll that asks another source or account begins anew, and so seeds again. Below that
        of a wide source each part has its own, and stays where it is when another one comes."""
        if issubclass(self.catalogue.sources[question.source], WideSource):
            return f"{program.id}/{trigger.id}/{question.source}"
        asked = hashlib.sha256(repr((question.source, sorted(question.options.items()))).encode()).hexdigest()[:12]
        return f"{program.id}/{trigger.id}/{asked}"


def _with_events(scope: Mapping[str, Any]) -> dict[str, Any]:
    """A workflow that gathers sees the events that it answers as a list, also when there is but one. What several
    events came to brings its own."""
    events = [scope["event"]] if "event" in scope else []
    return {**scope, "trigger": {"events": events, **scope.get("trigger", {})}}


def _chance(name: str) -> float:
    """A number from 0 to 1 that looks like chance and is always the same for a name: a world that is lived through
    again goes the same way."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64

"""The application: the one place where the parts are put to work together.

Everything above it, from the command line to Prefect, speaks to this; nothing below it knows that it is there.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from antiphon.components.clock import Clock, SystemClock
from antiphon.components.ports import Overtaken
from antiphon.errors import AntiphonError, GiveUp, InputError, StoreError
from antiphon.model.activation import Activation
from antiphon.model.effect import EffectState
from antiphon.model.evaluation import EvaluationKind, once
from antiphon.model.event import Event
from antiphon.model.plan import Call
from antiphon.model.program import Program, Trigger
from antiphon.model.run import Run, RunState
from antiphon.parts import Parts
from antiphon.registry import Registry
from antiphon.runtime.activate import Around, activate, plainly
from antiphon.runtime.applying import Applier, AsShown
from antiphon.runtime.backfilling import Backfilling
from antiphon.runtime.bundling import Bundler
from antiphon.runtime.deciding import Deciding
from antiphon.runtime.effects import OnPaper
from antiphon.runtime.execute import Execution
from antiphon.runtime.explaining import Explainer
from antiphon.runtime.hearing import Hearing
from antiphon.runtime.identity import user
from antiphon.runtime.journal import PaperJournal, StoredJournal
from antiphon.runtime.lease import LEASE, Lease
from antiphon.runtime.links import Links
from antiphon.runtime.match import Matcher
from antiphon.runtime.opening import Opening
from antiphon.runtime.overlap import Overlap
from antiphon.runtime.planning import Planner
from antiphon.runtime.policy.forgetting import Forgetting
from antiphon.runtime.redaction import safely_broken
from antiphon.runtime.reopening import Reopening
from antiphon.runtime.replaying import Replayer
from antiphon.runtime.requests import Walk
from antiphon.runtime.retention import Pruner
from antiphon.runtime.undoing import Undoer
from antiphon.runtime.waking import Waking, Wakings
from antiphon.runtime.watching import Watching
from antiphon.settings import Settings

BATCH = 500
"""How many runs are walked side by side."""


class Antiphon(Parts):
    """One workspace at work."""

    def __init__(self, settings: Settings, registry: Registry, clock: Clock) -> None:
        super().__init__(settings, registry, clock)
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    @classmethod
    def open(cls, folder: Path, *, clock: Clock | None = None, plugins: Mapping[str, object] | None = None) -> Antiphon:
        """The workspace in a folder. Raises SettingsError."""
        return cls(Settings.load(folder), Registry.load(folder, plugins=plugins), clock or SystemClock())

    # -- calls --------------------------------------------------------------------------------------------------------

    @cached_property
    def opening(self) -> Opening:
        """Opens runs."""
        catalogue, book = self.registry.catalogue, self.connections
        hearing = Hearing(self.store, catalogue, self.clock, book.readers(), book.accounts, self.secrets.conceal)
        return Opening(self.store, catalogue, self.clock, hearing, Overlap(self._kit()), self.endings.at_once)

    @cached_property
    def watching(self) -> Watching:
        """Knows what several events come to together, and what has not happened."""
        resting = self.compiled.programs.keys() - self.programs.keys()
        return Watching(self.opening, self.watchers(self.programs.values()), resting)

    def wake(self, workflow: str, trigger: str, due: datetime | None = None) -> int:
        """A tick that was due, or a poll: open the runs; a repeated tick opens nothing. Returns how many are new."""
        program = self.program(workflow)
        found = self._trigger(program, trigger)
        _ = self.listening_since
        if self.registry.catalogue.triggers[found.kind].polls:
            return self._poll(program, found)
        return self.opening.tick(program, found, due or self.clock.now())[0]

    def _poll(self, program: Program, trigger: Trigger) -> int:
        try:
            with safely_broken(self.secrets.conceal):
                return self.opening.poll(program, trigger)
        except StoreError:
            raise
        except Exception as error:
            told = error.sentence if isinstance(error, AntiphonError) else f"{type(error).__name__}: {error}"
            kept = once(program.id, trigger.id, EvaluationKind.UNANSWERED, self.clock.now(), reason=told)
            self.store.evaluations.add([kept])
            raise

    def position(self, workflow: str, trigger: str) -> str | None:
        """Where a polled trigger stands, in its source's own words; None when it has never asked."""
        program = self.program(workflow)
        return self.opening.position(program, self._polled(program, trigger))

    def move(self, workflow: str, trigger: str, position: str) -> None:
        """Make a polled trigger go on from there; what was answered already is not answered again."""
        program = self.program(workflow)
        self.opening.move(program, self._polled(program, trigger), position)

    def route(self) -> tuple[str, ...]:
        """Offer new events to all workflows; returns the ids of those that have runs to do, by priority."""
        _ = self.listening_since
        matcher = Matcher(self.programs.values(), self.registry.catalogue.triggers)
        return self._ranked(self.opening.route(matcher, self.watching.absorb))

    def make_up(self) -> tuple[str, ...]:
        """Open what there is room for of what was missed; returns the ids of those with runs to do, by priority."""
        return self._ranked(self.backfilling.advance())

    def sweep_patterns(self) -> tuple[str, ...]:
        """Let time pass for what is not to happen, or to happen so often, once what was heard is taken in.

        Returns the ids of the workflows that have runs to do, by priority.
        """
        woken = {*self.route(), *self.watching.elapse()}
        return self._ranked(woken | set(self.route()) if self.pulses.look() else woken)

    def pattern_due(self) -> datetime | None:
        """The next instant (UTC) at which something comes about because nothing happens; None when there is none."""
        return min(filter(None, (self.watching.due(), self.pulses.due())), default=None)

    def receive(self, path: str, headers: Mapping[str, str], body: bytes) -> Event:
        """Take a webhook's delivery and keep its event. Raises InputError."""
        return self.opening.receive(self.programs.values(), path, headers, body, self.secrets.reveal_written)

    def start(
        self,
        workflow: str,
        *,
        inputs: Mapping[str, Any] | None = None,
        event: Event | None = None,
        trigger: str = "",
        cause: str = "",
        by: str = "",
    ) -> Run:
        """Open a live run by hand, for an event if one is given; a repeated cause or event finds the first's run.
        One that must not begin, or not yet, because of others of its workflow is returned as it stands.

        `by` names who starts it, if that is not the person at this machine.
        """
        program = self.program(workflow)
        run = self._called(program, Call.of(event, trigger=trigger, cause=cause, inputs=inputs), by=by)
        return self.opening.keep(program, run) or run

    def unfinished(self) -> tuple[str, ...]:
        """The workflows that have runs to do now, such as after a crash, by priority."""
        return self._ranked(self.store.runs.due())

    def next_due(self, workflow: str = "") -> datetime | None:
        """When the next run that waits goes on by itself (UTC), of one workflow or of all; None when none does."""
        return self.store.runs.next_due(workflow)

    def _ranked(self, workflows: Iterable[str]) -> tuple[str, ...]:
        """The higher priority first: it comes first to what two workflows compete for."""
        known = self.compiled.programs
        return tuple(sorted(workflows, key=lambda name: (-known[name].priority if name in known else 0, name)))

    # -- answers ------------------------------------------------------------------------------------------------------

    def activate(self, workflow: str, *, around: Around = plainly) -> Activation:
        """Work through the runs of a workflow that are to be done, for real; each is taken by one worker only."""
        runs: tuple[Run, ...] = ()
        entries: tuple[Any, ...] = ()
        worker = self._hand()
        while waiting := self.store.runs.unfinished(workflow, BATCH):
            walked = {run.id for run in runs}  # one that is held, and due again by now, is for the next activation
            taken = [run for run in waiting if run.id not in walked and self.store.runs.claim(run.id, worker, LEASE)]
            if not taken:
                break
            done = self._walk(workflow, taken, worker, around)
            runs, entries = runs + done.runs, entries + done.entries
        return Activation(workflow=workflow, live=True, runs=runs, entries=entries)

    def resume(
        self, run_id: str, *, retry_rejected: bool = False, current: bool = False, around: Around = plainly
    ) -> Activation:
        """Go on with one run, at a person's word: what it holds without a date is released, and one that has failed is
        reopened. `retry_rejected` tries again what a network has refused, `current` uses the document as it is now.

        Raises:
            InputError: there is no such run, it has ended otherwise, another worker holds it, or `reopen` says no.
        """
        run = self.store.runs.get(run_id)
        if run is None:
            raise InputError(f"There is no run {run_id}.", hint="See `antiphon runs list`.")
        if run.state is RunState.FAILED:
            failed = {"state": str(run.state), "because": run.because, "version": run.program}
            Reopening(self.store, self.compiled.programs.get).reopen(
                run, retry_rejected=retry_rejected, current=current
            )
            self.audit("runs reopen", run.id, failed, {"retry_rejected": retry_rejected, "current": current})
        elif run.state.ended:
            raise InputError(f"Run {run.id} has ended: it is {run.state}.", hint="Nothing of it is left to do.")
        if run.state is RunState.QUEUED:
            raise InputError(f"Run {run.id} waits for its turn: {run.because}.", hint="It begins by itself.")
        worker = self._hand()
        if not self.store.runs.claim(run.id, worker, LEASE):
            raise InputError(f"Run {run.id} is being worked on.", hint="Wait two minutes, and try again.")
        for entry in self.store.ledger.list(run=run.id, state=EffectState.HELD):
            if entry.not_before is None:
                with suppress(Overtaken):  # another run that wants the same effect has let it go
                    self.store.ledger.release(entry.effect.key, because="a person let it go on", seen=entry)
        self.audit("runs resume", run.id, {"state": str(run.state)})
        return self._walk(run.workflow, [run], worker, around)

    def plan(
        self,
        workflow: str,
        *,
        events: Sequence[Event] = (),
        inputs: Mapping[str, Any] | None = None,
        trigger: str = "",
    ) -> Activation:
        """What the workflow would do, for each event or by hand. No write client is opened and nothing is kept."""
        causes: Sequence[Event | None] = events or [None]
        calls = [Call.of(event, trigger=trigger, inputs=inputs) for event in causes]
        return self._rehearse(self.program(workflow), calls)

    @cached_property
    def planner(self) -> Planner:
        """Makes plans, and tells whether one still stands."""
        known, account = self.compiled.programs.get, self.connections.fingerprint
        return Planner(self.store, self.clock, known, account, self._rehearse, self._rulings)

    @cached_property
    def applier(self) -> Applier:
        """Performs exactly what a plan has shown."""
        return Applier(self.store, self.clock, self.planner, self._called, self.opening.keep, self._taken)

    @cached_property
    def deciding(self) -> Deciding:
        """Takes what people say to runs that ask them."""
        return Deciding(self.store, self.clock, self.settings.groups, Links(self.keys, self.clock), self.audit)

    @cached_property
    def pruner(self) -> Pruner:
        """Lets go what is older than the workspace wants to keep it."""
        return Pruner(self.store, self.settings.retention, self.clock)

    @cached_property
    def bundler(self) -> Bundler:
        """Puts runs into files that can be handed on."""
        kit, known = self._kit(), self.compiled.programs.get
        return Bundler(self.store, kit.catalogue, self.clock, kit.workspace, known, self.conceal_all)

    @cached_property
    def replayer(self) -> Replayer:
        """Takes the runs of such files once more, offline."""
        return Replayer(self.registry.catalogue, self.evaluator)

    @cached_property
    def explainer(self) -> Explainer:
        """Tells what workflows made of the past."""
        return Explainer(self.store, self.registry.catalogue, self.watching.explain)

    @cached_property
    def undoer(self) -> Undoer:
        """Reverses what was done."""
        catalogue, readers = self.registry.catalogue, self.connections.readers()
        return Undoer(self.store, self.clock, catalogue, readers, self._performer, self.endings.coming, self.timezone)

    @cached_property
    def forgetting(self) -> Forgetting:
        """Knows what is kept of somebody, and takes it away."""
        claims, folder = self.registry.catalogue.personal, self.settings.folder
        return Forgetting(self.store, self.same_person, claims, self.undoer.stop, folder)

    @cached_property
    def backfilling(self) -> Backfilling:
        """Makes up for the past."""
        catalogue = self.registry.catalogue
        return Backfilling(self.store, self.clock, catalogue, self.opening, self.wakings, self.programs)

    def _rehearse(self, program: Program, calls: Sequence[Call]) -> Activation:
        return self.rehearse(program, [self._called(program, call, live=False) for call in calls])

    def rehearse(self, program: Program, runs: Sequence[Run]) -> Activation:
        """What some runs would come to, which are not in the store. Nothing is kept."""
        kit = self._kit()
        walks = {
            str(n): Execution(program, run, kit, PaperJournal(run, kit.conceal)).walk() for n, run in enumerate(runs)
        }
        return activate(program.id, walks, OnPaper(self.store, self._policy()), self.clock, live=False)

    def _taken(self, workflow: str, runs: Sequence[Run], around: Around = plainly) -> Activation:
        worker = self._hand()
        taken = [run for run in runs if self.store.runs.claim(run.id, worker, LEASE)]
        return self._walk(workflow, taken, worker, around)

    def _walk(self, workflow: str, runs: Sequence[Run], worker: str, around: Around) -> Activation:
        kit, performer = self._kit(), AsShown.around(self._performer(worker), runs, self.store, self.clock)
        lease = Lease([run.id for run in runs], self.store.runs, worker, self.clock)

        def walk(run: Run) -> Walk:
            journal = StoredJournal(run, self.store.runs, self.endings.coming, kit.conceal)
            try:
                program = self._version(run)
            except StoreError:
                raise
            except (AntiphonError, ValueError) as error:
                return journal.end(RunState.FAILED, f"the version it began with is gone: {error}", None)
            return (yield from Execution(program, run, kit, journal).walk())

        walks = {run.id: walk(self.store.runs.get(run.id) or run) for run in runs}
        done = activate(workflow, walks, performer, self.clock, live=True, around=around, hold=lease)
        for run in done.runs:
            self.endings.over(run)
        self.endings.parked(done.entries)
        return done

    def _version(self, run: Run) -> Program:
        """The program a run began with, whatever the document says by now."""
        current = self.compiled.programs.get(run.workflow)
        if current is not None and current.fingerprint == run.program:
            return current
        if kept := self.store.programs.get(run.program):
            return kept
        raise GiveUp("it is not kept any more.", hint="Start the run anew.")

    # -- the clock ----------------------------------------------------------------------------------------------------

    @cached_property
    def wakings(self) -> Wakings:
        """Knows when triggers are to be woken."""
        return Wakings(self.registry.catalogue, self.clock)

    def poll_triggers(self) -> list[Waking]:
        """Every trigger that asks a source, with how often."""
        return [waking for waking in self.wakings.of(self.programs.values()) if waking.every is not None]

    def schedule_triggers(self) -> list[Waking]:
        """Every trigger that the clock wakes."""
        return [waking for waking in self.wakings.of(self.programs.values()) if waking.every is None]

    def ticks(self, workflow: str, trigger: str, after: datetime, count: int) -> list[datetime]:
        """The next instants (UTC) at which the clock wakes a trigger."""
        program = self.program(workflow)
        return self.wakings.ticks(program, self._trigger(program, trigger), after, count)

    # -- joints -------------------------------------------------------------------------------------------------------

    def _trigger(self, program: Program, trigger: str) -> Trigger:
        found = next((one for one in program.triggers if one.id == trigger), None)
        if found is None:
            known = ", ".join(one.id for one in program.triggers)
            raise InputError(f"`{program.id}` has no trigger `{trigger}`.", hint=f"It has {known}.")
        return found

    def _polled(self, program: Program, trigger: str) -> Trigger:
        found = self._trigger(program, trigger)
        if not self.registry.catalogue.triggers[found.kind].polls:
            raise InputError(f"`{trigger}` asks no source: it is a {found.kind} trigger.", hint="Name a poll trigger.")
        return found

    def _called(self, program: Program, call: Call, *, live: bool = True, by: str = "") -> Run:
        # Only a person is asked; an event brings its own answers.
        values = self._kit().inputs(program, call.inputs) if call.event is None or call.inputs else {}
        return self.opening.by_hand(program, call, values, live=live, by=(by or user()) if live else "")

    def _hand(self) -> str:
        """A name for one activation: two threads of this process must not take themselves for each other."""
        return f"{self.worker}:{uuid.uuid4().hex[:8]}"

"""The application: the one place where the parts are joined.

Everything above it, from the command line to Prefect, speaks to this; nothing below it knows that it is there.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.compiler import Compiled, Surroundings, compile_documents, documents_in
from antiphon.components.clock import Clock, SystemClock
from antiphon.components.http import Http
from antiphon.components.ports import Store
from antiphon.errors import DocumentError, InputError
from antiphon.language import Evaluator, Gallery
from antiphon.model.activation import Activation
from antiphon.model.effect import EffectState
from antiphon.model.event import Event
from antiphon.model.program import Program, Trigger
from antiphon.model.run import Run
from antiphon.registry import Registry
from antiphon.report.reporter import Reporter
from antiphon.runtime.activate import Around, activate, plainly
from antiphon.runtime.causes import scope_of, source_after
from antiphon.runtime.connections import ConnectionBook
from antiphon.runtime.effects import ForReal, OnPaper, Performer
from antiphon.runtime.execute import Execution
from antiphon.runtime.journal import PaperJournal, StoredJournal
from antiphon.runtime.kit import Kit, Workspace
from antiphon.runtime.match import Matcher
from antiphon.runtime.opening import Opening
from antiphon.runtime.requests import Walk
from antiphon.runtime.secrets import Secrets
from antiphon.settings import Settings

LEASE = timedelta(minutes=2)
"""How long a worker holds a run without a sign of life; renewed after every round of steps."""

BATCH = 500
"""How many runs are walked side by side."""


@dataclass(frozen=True)
class Waking:
    """A trigger that is woken from outside the event store: by the clock or by polling `every` so often."""

    workflow: str
    trigger: str
    every: timedelta | None = None


class Antiphon:
    """One workspace at work. Parts are opened when they are first needed: `check` never touches the database."""

    def __init__(self, settings: Settings, registry: Registry, clock: Clock) -> None:
        self.settings = settings
        self.registry = registry
        self.clock = clock
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    @classmethod
    def open(cls, folder: Path, *, clock: Clock | None = None, plugins: Mapping[str, object] | None = None) -> Antiphon:
        """The workspace in a folder. Raises SettingsError."""
        return cls(Settings.load(folder), Registry.load(folder, plugins=plugins), clock or SystemClock())

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    # -- what it is made of -------------------------------------------------------------------------------------------

    @cached_property
    def evaluator(self) -> Evaluator:
        """Evaluates expressions with the filters of all plugins."""
        return Evaluator(self.registry.catalogue.filters)

    @cached_property
    def gallery(self) -> Gallery:
        """The recipes of all plugins and of the workspace."""
        return Gallery([*self.registry.catalogue.recipes, self.settings.folder / "recipes"])

    @cached_property
    def secrets(self) -> Secrets:
        """Resolves secrets by the plugins."""
        return Secrets(self.registry.secret)

    @cached_property
    def http(self) -> Http:
        """How this workspace speaks HTTP."""
        settings = self.settings.http
        return Http(allow_private=settings.allow_private, timeout=settings.timeout.total_seconds())

    @cached_property
    def connections(self) -> ConnectionBook:
        """The workspace's accounts."""
        catalogue = self.registry.catalogue
        return ConnectionBook(self.settings.connections, catalogue, self.secrets, self.http, self.clock)

    @cached_property
    def store(self) -> Store:
        """The database, brought up to date. Raises StoreError."""
        from antiphon.store.database import open_store  # brings SQLAlchemy, which `antiphon check` can do without

        store = open_store(self.settings.database_url, self.clock)
        for program in self.programs.values():
            store.programs.keep(program, self.compiled.sources[program.fingerprint])
        return store

    @cached_property
    def reports(self) -> Reporter:
        """Builds and writes reports of this workspace."""
        workspace = self.settings.workspace
        return Reporter(
            sections=self.registry.catalogue.sections,
            store=self.store,
            clock=self.clock,
            folder=self.settings.folder,
            timezone=ZoneInfo(workspace.timezone or "UTC"),
            workspace=workspace.name,
        )

    @cached_property
    def compiled(self) -> Compiled:
        """The documents of the workspace's workflows folder."""
        return self.check([self.settings.folder / "workflows"])

    @property
    def programs(self) -> Mapping[str, Program]:
        """The enabled workflows that compile, by id."""
        return {name: program for name, program in self.compiled.programs.items() if program.enabled}

    def check(self, paths: Iterable[Path]) -> Compiled:
        """Compile the documents in some files and folders, with every problem of every one."""
        around = Surroundings(
            catalogue=self.registry.catalogue,
            evaluator=self.evaluator,
            timezone=self.settings.workspace.timezone,
            connections=self.connections.names(),
            plugins=frozenset(plugin.name for plugin in self.registry.catalogue.plugins),
        )
        return compile_documents(documents_in(paths), around, self.gallery, self.settings.folder)

    def program(self, workflow: str) -> Program:
        """One workflow. Raises DocumentError when its document is wrong, InputError when there is none."""
        if found := self.compiled.programs.get(workflow):
            return found
        if self.compiled.problems:
            raise DocumentError(self.compiled.problems)
        known = ", ".join(self.compiled.programs) or "none"
        raise InputError(f"There is no workflow `{workflow}`.", hint=f"The workflows here are: {known}.")

    # -- calls --------------------------------------------------------------------------------------------------------

    @cached_property
    def opening(self) -> Opening:
        """Opens runs."""
        return Opening(self.store, self.registry.catalogue, self.clock, self.connections)

    def wake(self, workflow: str, trigger: str, due: datetime | None = None) -> int:
        """A tick that was due, or a poll: open the runs; a repeated tick opens nothing. Returns how many are new."""
        program = self.program(workflow)
        found = self._trigger(program, trigger)
        if self.registry.catalogue.triggers[found.kind].polls:
            return self.opening.poll(program, found)
        return self.opening.tick(program, found, due or self.clock.now())[0]

    def position(self, workflow: str, trigger: str) -> str | None:
        """Where a polled trigger stands, in its source's own words; None when it has never asked."""
        program = self.program(workflow)
        return self.opening.position(program, self._trigger(program, trigger))

    def move(self, workflow: str, trigger: str, position: str) -> None:
        """Make a polled trigger go on from there; what was answered already is not answered again."""
        program = self.program(workflow)
        self.opening.move(program, self._trigger(program, trigger), position)

    def route(self) -> tuple[str, ...]:
        """Offer new events to all workflows; returns the ids of those that have runs to do."""
        matcher = Matcher(self.programs.values(), self.registry.catalogue.triggers)
        return tuple(sorted(self.opening.route(matcher)))

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
    ) -> Run:
        """Open a live run by hand, for an event if one is given; a repeated cause or event finds the first's run."""
        run = self._by_hand(self.program(workflow), inputs or {}, event, live=True, trigger=trigger, cause=cause)
        self.store.runs.open([run])
        return run

    def unfinished(self) -> tuple[str, ...]:
        """The workflows that have runs to do now, such as after a crash."""
        return tuple(sorted({run.workflow for run in self.store.runs.unfinished()}))

    # -- answers ------------------------------------------------------------------------------------------------------

    def activate(self, workflow: str, *, around: Around = plainly) -> Activation:
        """Work through the runs of a workflow that are to be done, for real; each is taken by one worker only."""
        runs: tuple[Run, ...] = ()
        entries: tuple[Any, ...] = ()
        while waiting := self.store.runs.unfinished(workflow, BATCH):
            taken = [run for run in waiting if self.store.runs.claim(run.id, self.worker, LEASE)]
            if not taken:
                break
            done = self._walk(workflow, taken, around)
            runs, entries = runs + done.runs, entries + done.entries
        return Activation(workflow=workflow, live=True, runs=runs, entries=entries)

    def resume(self, run_id: str, *, around: Around = plainly) -> Activation:
        """Go on with one run, at a person's word: what it holds without a date is released.

        Raises:
            InputError: there is no such run, it has ended, or another worker holds it.
        """
        run = self.store.runs.get(run_id)
        if run is None:
            raise InputError(f"There is no run {run_id}.", hint="See `antiphon runs list`.")
        if run.state.ended:
            raise InputError(f"Run {run.id} has ended: it is {run.state}.", hint="Nothing of it is left to do.")
        if not self.store.runs.claim(run.id, self.worker, LEASE):
            raise InputError(f"Run {run.id} is being worked on.", hint="Wait two minutes, and try again.")
        for entry in self.store.ledger.list(run=run.id, state=EffectState.HELD):
            if entry.not_before is None:
                self.store.ledger.release(entry.effect.key, because="a person let it go on")
        return self._walk(run.workflow, [run], around)

    def plan(
        self,
        workflow: str,
        *,
        events: Sequence[Event] = (),
        inputs: Mapping[str, Any] | None = None,
        trigger: str = "",
    ) -> Activation:
        """What the workflow would do, for each event or by hand. No write client is opened and nothing is kept."""
        program = self.program(workflow)
        causes: Sequence[Event | None] = events or [None]
        runs = [self._by_hand(program, inputs or {}, event, live=False, trigger=trigger) for event in causes]
        kit = self._kit()
        walks = [Execution(program, run, kit, PaperJournal(run)).walk() for run in runs]
        return activate(workflow, walks, OnPaper(self.store, self.clock), self.clock, live=False)

    def _walk(self, workflow: str, runs: Sequence[Run], around: Around) -> Activation:
        kit, performer = self._kit(), self._performer()
        held = {run.id for run in runs}

        def renew() -> None:
            for run_id in held:
                self.store.runs.claim(run_id, self.worker, LEASE)

        def walk(run: Run) -> Walk:
            ended = yield from Execution(self._version(run), run, kit, StoredJournal(run, self.store.runs)).walk()
            held.discard(run.id)  # or renewing would take up again what was just laid down
            return ended

        walks = [walk(self.store.runs.get(run.id) or run) for run in runs]
        done = activate(workflow, walks, performer, self.clock, live=True, around=around, beat=renew)
        for run in done.runs:
            self._announce(run)
        return done

    def _announce(self, run: Run) -> None:
        """Tell the observers, and the workflows that wait for this one."""
        if not run.state.ended:
            return
        self.registry.announce(run)
        data = {"workflow": run.workflow, "state": str(run.state), "run": run.id, "because": run.because}
        ended = Event(f"run:{run.id}:{run.state}", "run.finished", self.clock.now(), data, source_after(run))
        self.store.events.ingest([ended])

    def _version(self, run: Run) -> Program:
        """The program a run began with, whatever the document says by now."""
        current = self.compiled.programs.get(run.workflow)
        if current is not None and current.fingerprint == run.program:
            return current
        return self.store.programs.get(run.program) or self.program(run.workflow)

    # -- the clock ----------------------------------------------------------------------------------------------------

    def poll_triggers(self) -> list[Waking]:
        """Every trigger that asks a source, with how often."""
        return [waking for waking in self._wakings() if waking.every is not None]

    def schedule_triggers(self) -> list[Waking]:
        """Every trigger that the clock wakes."""
        return [waking for waking in self._wakings() if waking.every is None]

    def ticks(self, workflow: str, trigger: str, after: datetime, count: int) -> list[datetime]:
        """The next instants (UTC) at which the clock wakes a trigger."""
        program = self.program(workflow)
        found = self._trigger(program, trigger)
        kind = self.registry.catalogue.triggers[found.kind]
        ticks = kind().ticks(kind.Options.model_validate(found.options), after, ZoneInfo(program.timezone))
        return list(islice(ticks, count))

    def _wakings(self) -> Iterable[Waking]:
        for program in self.programs.values():
            for trigger in program.triggers:
                kind = self.registry.catalogue.triggers[trigger.kind]
                options = kind.Options.model_validate(trigger.options)
                if question := kind().question(options):
                    yield Waking(program.id, trigger.id, question.every)
                elif self.ticks(program.id, trigger.id, self.clock.now(), 1):
                    yield Waking(program.id, trigger.id)

    # -- joints -------------------------------------------------------------------------------------------------------

    def _trigger(self, program: Program, trigger: str) -> Trigger:
        found = next((one for one in program.triggers if one.id == trigger), None)
        if found is None:
            known = ", ".join(one.id for one in program.triggers)
            raise InputError(f"`{program.id}` has no trigger `{trigger}`.", hint=f"It has {known}.")
        return found

    def _by_hand(
        self,
        program: Program,
        inputs: Mapping[str, Any],
        event: Event | None,
        *,
        live: bool,
        trigger: str = "",
        cause: str = "",
    ) -> Run:
        # Only a person is asked; an event brings its own answers.
        values = self._kit().inputs(program, inputs) if event is None or inputs else {}
        manual = next((one.id for one in program.triggers if one.kind == "manual"), "by-hand")
        scope: dict[str, Any] = {"trigger": {"inputs": values}}
        if event is not None:
            scope["event"] = scope_of(event)["event"]
        cause = cause or (event.id if event else uuid.uuid4().hex[:16])
        return self.opening.run(program, trigger or manual, cause, scope, live=live)

    def _kit(self) -> Kit:
        workspace = self.settings.workspace
        return Kit(
            catalogue=self.registry.catalogue,
            evaluator=self.evaluator,
            clock=self.clock,
            store=self.store,
            connections=self.connections,
            workspace=Workspace(
                name=workspace.name,
                timezone=workspace.timezone or "UTC",
                language=workspace.language,
                flags=self.settings.flags,
                base_url=self.settings.base_url,
            ),
            programs=self.programs.get,
        )

    def _performer(self) -> Performer:
        workspace = self.settings.workspace
        return ForReal(
            store=self.store,
            clock=self.clock,
            catalogue=self.registry.catalogue,
            connections=self.connections,
            http=self.http,
            reports=self.reports,
            review=lambda effect: self.registry.review(effect, self.store.people, self.clock),
            reveal=self.secrets.reveal,
            worker=self.worker,
            timezone=ZoneInfo(workspace.timezone or "UTC"),
            language=workspace.language,
        )

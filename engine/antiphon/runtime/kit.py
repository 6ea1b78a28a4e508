"""The kit: what every execution of a workspace shares, and how a run's scope and contexts are made from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.components.context import Here, ReadContext, Readers
from antiphon.components.media import Files, NoFiles
from antiphon.components.ports import Store
from antiphon.components.secret_marks import sealed_mark, without_seals
from antiphon.errors import InputError
from antiphon.language import Evaluator, fill
from antiphon.model.event import Event
from antiphon.model.inputs import Input
from antiphon.model.program import Program
from antiphon.model.run import Run
from antiphon.runtime.causes import source_after
from antiphon.runtime.judge import Judge
from antiphon.runtime.later import holds_later
from antiphon.runtime.review import review_of

LONGEST_NAME = 400
"""How many characters of a key or subject stand as they are: PostgreSQL indexes up to 2,704 bytes."""


class _Marks(Mapping[str, str]):
    """`secrets.name` in an expression gives only a mark; the value takes its place at the moment of sending."""

    def __getitem__(self, name: str) -> str:
        return sealed_mark(name)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True)
class Workspace:
    """What expressions may know about the workspace."""

    name: str = ""
    timezone: str = "UTC"
    language: str = "en"
    flags: Mapping[str, bool] | None = None
    base_url: str = ""
    public_url: str = ""


@dataclass(frozen=True)
class Kit:
    """Shared by all executions; `programs` finds a workflow to be called, `conceal` takes secrets out of words."""

    catalogue: Catalogue
    evaluator: Evaluator
    clock: Clock
    store: Store
    connections: Readers
    workspace: Workspace
    programs: Callable[[str], Program | None]
    conceal: Callable[[str], str] = str
    files: Files = field(default_factory=NoFiles)

    @property
    def judge(self) -> Judge:
        """Answers conditions with this catalogue and these expressions."""
        return Judge(self.catalogue, self.evaluator)

    def scope(self, program: Program, run: Run) -> dict[str, Any]:
        """What the expressions of a run see at its beginning."""
        workspace = self.workspace
        scope: dict[str, Any] = {
            "event": without_seals(run.scope.get("event", {})),
            "trigger": {"id": run.trigger, **without_seals(run.scope.get("trigger", {}))},
            "steps": {},
            "vars": {},
            "inputs": program.inputs,
            "run": {
                "id": run.id,
                "workflow": program.id,
                "url": f"{workspace.base_url}/runs/{run.id}",
                "effects": [],
                "last_effect": "",
            },
            "workspace": {
                "name": workspace.name,
                "tz": workspace.timezone,
                "flags": dict(workspace.flags or {}),
                "url": workspace.public_url,
            },
            "secrets": _Marks(),
        }
        scope["review"] = review_of(self.store.approvals, run)
        if program.subject:
            scope["subject"] = self.evaluator.evaluate(program.subject, scope, self.clock.now())
        return scope

    def context(self, program: Program, run: Run, step: str, scope: Mapping[str, Any]) -> ReadContext:
        """What a component of this step of this run may touch while it only looks."""
        here = Here(
            workflow=program.id,
            run=run.id,
            step=step,
            timezone=ZoneInfo(program.timezone),
            language=self.workspace.language,
            subject=subject_key(scope.get("subject")),
            event=run.cause,
            live=run.live,
        )
        store = self.store
        return ReadContext(
            here=here,
            clock=self.clock,
            connections=self.connections,
            events=store.events,
            runs=store.runs,
            ledger=store.ledger,
            people=store.people,
            records=store.records,
            marks=store.marks,
            scope=scope,
            files=self.files,
        )

    def emit(self, run: Run, path: str, type: str, data: Mapping[str, Any]) -> str:
        """Announce an event from a step; a repeated attempt of the step announces the same event. Returns its id."""
        event_id = "emitted:" + hashlib.sha256(f"{run.key}\n{path}".encode()).hexdigest()[:24]
        if run.live:
            event = Event(event_id, type, self.clock.now(), dict(data), source_after(run))
            self.store.events.ingest([event])
        return event_id

    def inputs(self, program: Program, given: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs of a run by hand, typed and completed. Raises InputError with every mistake."""
        asked: dict[str, Any] = {}
        for trigger in program.triggers:
            if trigger.kind == "manual":
                asked |= trigger.options.get("inputs", {})
        later = {name: value for name, value in given.items() if name in asked and holds_later(value)}
        inputs = {name: Input.model_validate(one) for name, one in asked.items() if name not in later}
        values, problems = fill(inputs, {name: value for name, value in given.items() if name not in later})
        if problems:
            raise InputError(f"{program.id}: " + " ".join(f"{one.sentence} {one.hint}".strip() for one in problems))
        return {**values, **later}


def subject_key(subject: Any) -> str:
    """One text for whom a run is about: the `id` of a mapping, else the value itself."""
    if isinstance(subject, Mapping):
        return storable(str(subject.get("id") or subject.get("handle") or ""))
    return "" if subject is None else storable(str(subject))


def storable(name: str) -> str:
    """A name that every database keeps and compares: one that is too long, or holds no text, ends in its digest."""
    clean = name.replace("\0", "").encode("utf-8", "replace").decode()
    if clean == name and len(name) <= LONGEST_NAME:
        return name
    return f"{clean[:LONGEST_NAME]}#{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"

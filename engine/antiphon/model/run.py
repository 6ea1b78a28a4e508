"""A run: one answer of one workflow to one call, with every step and verdict."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from antiphon.model.base import Noun


class Verdict(Noun):
    """A condition's answer with its reason: a sentence that shows both values."""

    holds: bool
    because: str

    def __bool__(self) -> bool:
        raise TypeError("A verdict is not itself true or false; ask its `holds`.")


class RunState(StrEnum):
    """Where a run stands."""

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DECLINED = "declined"
    STOPPED = "stopped"
    FAILED = "failed"
    HELD = "held"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in (RunState.DONE, RunState.DECLINED, RunState.STOPPED, RunState.FAILED)


class StepState(StrEnum):
    """What became of one step."""

    DONE = "done"
    PLANNED = "planned"
    SKIPPED = "skipped"
    HELD = "held"
    FAILED = "failed"


class StepRecord(Noun):
    """One step of one run: `path` is unique in the run, such as `touches[2].send`."""

    path: str
    step: str
    kind: str
    state: StepState
    result: Any = None
    because: str = ""
    effect: str = ""
    at: datetime


class Run(Noun):
    """One answer of one workflow to one call.

    `key` is its identity: one workflow answers one call once. `cause` is the event's id, the tick's UTC instant, or
    the caller's word. `program` is the fingerprint of the version it began with. A run that is held goes on by itself
    at `not_before` (UTC), and one that is pending begins then; one that is held without it waits for a person. Runs of
    one `slot` get into one another's way; one that is queued waits for its turn. `backfill` is what it makes up for.
    `ends_as` is why somebody has asked that it end.
    """

    id: str
    key: str
    workflow: str
    program: str
    trigger: str
    cause: str
    state: RunState = RunState.PENDING
    live: bool = True
    scope: dict[str, Any] = {}
    subject: str = ""
    because: str = ""
    result: Any = None
    created_at: datetime
    finished_at: datetime | None = None
    not_before: datetime | None = None
    slot: str = ""
    backfill: str = ""
    ends_as: str = ""
    verdicts: tuple[Verdict, ...] = ()
    steps: tuple[StepRecord, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it waits as its document says, for a time or an event: nobody has to do anything about it."""
        waiting = {step.kind for step in self.steps if step.state is StepState.HELD}
        return self.state is RunState.HELD and bool(waiting & {"wait", "wait_for"})

"""Reopening: a run that has failed goes on from where it failed, once somebody has mended the cause.

What was done stays done. The record of the failure is set aside and stays to be read. What a network has refused is not
tried again unless a person says so: it was an answer, and not an accident.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon.compiler.names import blocks, walk
from antiphon.components.ports import Store
from antiphon.errors import InputError
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.model.workflow import Parallel, Try

_PART = re.compile(r"\[\d+\]$")
_CALL = "call:"
_MOST = 10_000
_WANTED = "a person wants it tried again"


@dataclass(frozen=True)
class Reopening:
    """Reopens runs of one store; `known` finds a workflow as its document is now."""

    store: Store
    known: Callable[[str], Program | None]

    def reopen(self, run: Run, *, retry_rejected: bool = False, current: bool = False) -> None:
        """Let a failed run go on from the step that failed.

        It goes on with the version that it began with, or with that of the document as it is now if `current`.

        Raises:
            InputError: it has not failed; or a network has said no, and nobody says that it is to be asked again; or
                there is no document any more.
        """
        if run.state is not RunState.FAILED:
            raise InputError(f"Run {run.id} has not failed: it is {run.state}.", hint="Nothing of it is left to do.")
        program = self.known(run.workflow) if current else self.store.programs.get(run.program)
        if program is None:
            raise InputError(f"There is no workflow `{run.workflow}` any more.", hint="Restore its document.")
        failed = list(self._failed(run, program))
        refused = [entry for entry in map(self._entry, failed) if entry and entry.state is EffectState.REJECTED]
        if refused and not retry_rejected:
            raise InputError(
                f"{refused[0].effect.summary}: the network said no ({refused[0].reason}).",
                hint="If it would not say so again, add --retry-rejected; else change the workflow, and add --current.",
            )
        for entry in refused:
            self.store.ledger.release(entry.effect.key, because=_WANTED, seen=entry)
        for entry in self._given_up(run, failed):
            self.store.ledger.revive(entry.effect.key, because=_WANTED, seen=entry)
        aside = [record.path for record in (*failed, *(one for one in run.steps if _after(one)))]
        self.store.runs.reopen(run.id, list(dict.fromkeys(aside)), program=program.fingerprint)

    def _entry(self, record: StepRecord) -> LedgerEntry | None:
        return self.store.ledger.get(record.effect) if record.effect else None

    def _given_up(self, run: Run, failed: Sequence[StepRecord]) -> Iterator[LedgerEntry]:
        """What was surely not sent, and was vetoed by the run itself because it had tried for long enough."""
        reasons = {record.path: record.because for record in failed}
        for entry in self.store.ledger.list(run=run.id, state=EffectState.VETOED, limit=_MOST):
            if entry.reason and entry.reason == reasons.get(entry.effect.step):
                yield entry

    def _failed(self, run: Run, program: Program) -> Iterator[StepRecord]:
        """The failures that ended the run; one that a `try` has caught, or a `parallel` has gone on over, stands."""
        for record in run.steps:
            if record.state is StepState.FAILED and not self._stands(record.path, program):
                yield record

    def _stands(self, path: str, program: Program) -> bool:
        owner: Program | None = program
        for part in path.split("/"):
            if part.startswith(_CALL):
                owner = self.known(part.removeprefix(_CALL))
            elif owner and _PART.sub("", part) in _tolerated(owner.all_steps):
                return True
        return "~" in path


def _after(record: StepRecord) -> bool:
    """Whether a record is of what was done about the failure: it comes anew when the run fails once more."""
    return record.path.startswith("on_error/") and "~" not in record.path


def _tolerated(steps: Sequence[Any]) -> set[str]:
    """The steps whose failure does not fail the run."""
    found: set[str] = set()
    for _, step in walk(steps):
        if isinstance(step, Try) and step.catch:
            found |= {one.id or "" for _, one in walk(step.try_)}
        elif isinstance(step, Parallel) and step.parallel.fail == "continue":
            found |= {one.id or "" for _, _, inner in blocks(step) for _, one in walk(inner)}
    return found

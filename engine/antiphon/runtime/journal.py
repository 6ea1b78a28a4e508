"""The journal of a run: each step's end is written down before the next begins, so that a run can be resumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from antiphon.components.ports import Runs
from antiphon.model.run import Run, RunState, StepRecord, StepState, Verdict


class Journal(Protocol):
    """Where one run's steps and verdicts are written, and looked up again."""

    def recorded(self, path: str) -> StepRecord | None:
        """What an earlier attempt wrote down for this step, if it came to its end."""

    def step(self, record: StepRecord) -> None:
        """Write down a step's end."""

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Write down the workflow's conditions."""

    def end(self, state: RunState, because: str, result: Any) -> Run:
        """Write down how the run ended; returns it whole."""


class _Journal:
    def __init__(self, run: Run) -> None:
        self._run = run
        self._steps = {record.path: record for record in run.steps}

    def recorded(self, path: str) -> StepRecord | None:
        record = self._steps.get(path)
        return record if record and record.state in (StepState.DONE, StepState.SKIPPED) else None

    def step(self, record: StepRecord) -> None:
        self._steps[record.path] = record

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        self._run = self._run.model_copy(update={"verdicts": tuple(verdicts)})

    def end(self, state: RunState, because: str, result: Any) -> Run:
        change = {"state": state, "because": because, "result": result, "steps": tuple(self._steps.values())}
        self._run = self._run.model_copy(update=change)
        return self._run


class PaperJournal(_Journal):
    """For a plan: nothing is kept but in memory."""


class StoredJournal(_Journal):
    """For a live run: everything is in the store before the run goes on."""

    def __init__(self, run: Run, runs: Runs) -> None:
        super().__init__(run)
        self._runs = runs

    def step(self, record: StepRecord) -> None:  # noqa: D102
        self._runs.record_step(self._run.id, record)
        super().step(record)

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:  # noqa: D102
        self._runs.record_verdicts(self._run.id, verdicts)
        super().verdicts(verdicts)

    def end(self, state: RunState, because: str, result: Any) -> Run:  # noqa: D102
        self._runs.finish(self._run.id, state, because=because, result=result)
        return super().end(state, because, result)

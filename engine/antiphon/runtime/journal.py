"""The journal of a run: each step's end is written down before the next begins, so that a run can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from antiphon.components.ports import Runs
from antiphon.model.run import Run, RunState, StepRecord, StepState, Verdict

Told = TypeVar("Told", StepRecord, Verdict)


class Journal(Protocol):
    """Where one run's steps and verdicts are written, and looked up again."""

    def recorded(self, path: str) -> StepRecord | None:
        """What an earlier attempt wrote down for this step, if it came to its end."""

    def records(self) -> Collection[StepRecord]:
        """All that has been written down so far, by earlier attempts and by this one."""

    def step(self, record: StepRecord) -> None:
        """Write down a step's end."""

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Write down the workflow's conditions."""

    def end(self, state: RunState, because: str, result: Any, until: datetime | None = None) -> Run:
        """Write down how the run ended, or until when it is held; returns it whole."""


class _Journal:
    def __init__(self, run: Run, conceal: Callable[[str], str] = str) -> None:
        """`conceal` takes secrets out of the reasons, which may be the words of a stranger's code."""
        self._run = run
        self._conceal = conceal
        self._steps = {record.path: record for record in run.steps}

    def recorded(self, path: str) -> StepRecord | None:
        record = self._steps.get(path)
        if record is None or record.state is StepState.DONE:
            return record
        # What else became of an effect is the ledger's to say: a person may have changed it there.
        stands = record.state in (StepState.SKIPPED, StepState.FAILED) and not record.effect
        return record if stands else None

    def records(self) -> Collection[StepRecord]:
        return self._steps.values()

    def step(self, record: StepRecord) -> None:
        self._steps[record.path] = self._safe(record)

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        self._run = self._run.model_copy(update={"verdicts": tuple(map(self._safe, verdicts))})

    def _safe(self, told: Told) -> Told:
        return told.model_copy(update={"because": self._conceal(told.because)})

    def end(self, state: RunState, because: str, result: Any, until: datetime | None = None) -> Run:
        change = {"state": state, "because": self._conceal(because), "result": result, "not_before": until}
        self._run = self._run.model_copy(update={**change, "steps": tuple(self._steps.values())})
        return self._run


class PaperJournal(_Journal):
    """For a plan: nothing is kept but in memory."""


class StoredJournal(_Journal):
    """For a live run: everything is in the store before the run goes on."""

    def __init__(self, run: Run, runs: Runs, tell: Callable[[Run], None], conceal: Callable[[str], str] = str) -> None:
        """`tell` keeps the news of the end. It comes before the end itself, which nobody would come back to."""
        super().__init__(run, conceal)
        self._runs = runs
        self._tell = tell

    def step(self, record: StepRecord) -> None:  # noqa: D102
        self._runs.record_step(self._run.id, self._safe(record))
        super().step(record)

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:  # noqa: D102
        super().verdicts(verdicts)
        self._runs.record_verdicts(self._run.id, self._run.verdicts)

    def end(self, state: RunState, because: str, result: Any, until: datetime | None = None) -> Run:  # noqa: D102
        ended = super().end(state, because, result, until)
        self._tell(ended)
        self._runs.finish(ended.id, state, because=ended.because, result=result, not_before=until)
        return ended

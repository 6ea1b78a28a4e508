"""Recording: what the steps of an execution share. Values are rendered, ends are written down and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from antiphon.language import ExpressionError
from antiphon.model.effect import LedgerEntry
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.model.workflow import Use, step_kind
from antiphon.runtime.journal import Journal
from antiphon.runtime.kit import Kit
from antiphon.runtime.later import shown
from antiphon.runtime.patience import next_try
from antiphon.runtime.requests import Ended, StepFailed

Scope = Mapping[str, Any]


class Recording:
    """One run on its way, with what it needs to go on."""

    def __init__(self, program: Program, run: Run, kit: Kit, journal: Journal) -> None:
        self._program = program
        self._run = run
        self._kit = kit
        self._journal = journal
        self._done: list[str] = []

    def _render(self, value: Any, path: str, step: Any, scope: Scope) -> Any:
        try:
            return self._kit.evaluator.render(value, scope, self._kit.clock.now())
        except ExpressionError as error:
            raise self._failed(path, step, str(error), scope) from error

    def _remembered(self, step: Any, path: str, scope: Scope) -> bool:
        """Whether an earlier attempt came to this step's end, which then stands, be it a failure."""
        record = self._journal.recorded(path)
        if record is None:
            return False
        if record.state is StepState.FAILED:
            raise StepFailed(path, record.because)
        scope["steps"][step.id] = record.result
        if record.effect:
            self._did(record.because, record.effect, scope)
        return True

    def _did(self, summary: str, effect: str, scope: Scope) -> None:
        """Count an effect among those that the run has done, for its summary and for later steps."""
        self._done.append(summary)
        scope["run"]["effects"].append(effect)
        scope["run"]["last_effect"] = effect

    def _record(
        self, path: str, step: Any, state: StepState, result: Any, scope: Scope, *, because: str = "", effect: str = ""
    ) -> None:
        scope["steps"][step.id] = result
        self._journal.step(
            StepRecord(
                path=path,
                step=step.id,
                kind=step.use if isinstance(step, Use) else str(step_kind(step)),
                state=state,
                result=shown(result),
                because=because,
                effect=effect,
                at=self._kit.clock.now(),
            )
        )

    def _begun(self, path: str) -> Mapping[str, Any]:
        """What an earlier attempt wrote down of this step, which it did not end; empty when there was none."""
        earlier = next((record for record in self._run.steps if record.path == path), None)
        return earlier.result if earlier and earlier.state is StepState.HELD and earlier.result else {}

    def _held(
        self, path: str, step: Any, because: str, scope: Scope, asked: datetime | None, entry: LedgerEntry | None = None
    ) -> Ended:
        """The end of a run that waits: for a person, or with patience if it was `asked` to come back."""
        now, earlier = self._kit.clock.now(), self._begun(path)
        tries = 1 + earlier.get("tries", 0)
        begun = earlier.get("begun", now.isoformat())
        until = asked and next_try(now, tries, asked, step.retry if isinstance(step, Use) else None)
        if isinstance(step, Use) and step.timeout is not None and not (entry and entry.in_doubt):
            over = datetime.fromisoformat(begun) + step.timeout
            until = min(until or over, over)
        key, stands = (entry.effect.key, f" is {entry.state}") if entry else ("", "")
        kept = {"tries": tries, "begun": begun, "attempts": entry.attempts if entry else 0}
        self._record(path, step, StepState.HELD, kept, scope, because=because, effect=key)
        because = because or (entry.effect.summary if entry else "")
        return Ended(RunState.HELD, f"{path}{stands}: {because}", until=until)

    def _failed(self, path: str, step: Any, message: str, scope: Scope, *, effect: str = "") -> StepFailed:
        message = self._kit.conceal(message)  # `on_error` may send it to somebody
        self._record(path, step, StepState.FAILED, None, scope, because=message, effect=effect)
        return StepFailed(path, message)

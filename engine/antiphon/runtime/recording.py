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
            self._done.append(record.because)
        return True

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

    def _held(
        self, path: str, step: Any, because: str, scope: Scope, asked: datetime | None, entry: LedgerEntry | None = None
    ) -> Ended:
        """The end of a run that waits: for a person, or with patience if it was `asked` to come back."""
        earlier = next((record.result for record in self._run.steps if record.path == path), None)
        tries = 1 + (earlier or {}).get("tries", 0)
        until = asked and next_try(self._kit.clock.now(), tries, asked)
        key, stands = (entry.effect.key, f" is {entry.state}") if entry else ("", "")
        self._record(path, step, StepState.HELD, {"tries": tries}, scope, because=because, effect=key)
        because = because or (entry.effect.summary if entry else "")
        return Ended(RunState.HELD, f"{path}{stands}: {because}", until=until)

    def _failed(self, path: str, step: Any, message: str, scope: Scope, *, effect: str = "") -> StepFailed:
        message = self._kit.conceal(message)  # `on_error` may send it to somebody
        self._record(path, step, StepState.FAILED, None, scope, because=message, effect=effect)
        return StepFailed(path, message)

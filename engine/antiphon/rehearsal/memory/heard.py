"""Events on their way to the workflows, and the runs that answer them."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from antiphon.components.clock import Clock
from antiphon.components.ports import Ingested
from antiphon.model.evaluation import Evaluation
from antiphon.model.event import Event
from antiphon.model.run import Run, RunState, StepRecord, Verdict
from antiphon.rehearsal.memory.forgotten import Forgetful, Forgotten


class MemoryEvents(Forgetful):
    """What was not offered yet. What was is not known any more."""

    def __init__(self) -> None:
        self._unrouted: dict[str, Event] = {}

    def ingest(self, events: Iterable[Event], *, routed: bool = False) -> Ingested:
        new = tuple(event for event in events if event.id not in self._unrouted)
        if not routed:
            self._unrouted |= {event.id: event for event in new}
        return Ingested(new, 0)

    def unrouted(self, limit: int) -> Sequence[Event]:
        return sorted(self._unrouted.values(), key=lambda event: (event.at, event.id))[:limit]

    def mark_routed(self, ids: Sequence[str], missed: Iterable[Evaluation] = ()) -> None:
        for one in ids:
            self._unrouted.pop(one, None)


class MemoryRuns(Forgetful):
    """Runs that have not ended. Nobody else works on them, so everyone who claims one has it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._runs: dict[str, Run] = {}
        self._open: dict[str, Run] = {}
        self._waiting: list[tuple[datetime, str]] = []

    def open(self, runs: Iterable[Run]) -> Sequence[Run]:
        new = [run for run in runs if run.id not in self._runs]
        for run in new:
            self._runs[run.id] = self._open[run.id] = run
        return new

    def claim(self, run_id: str, worker: str, lease: timedelta) -> bool:
        return run_id in self._runs

    def unfinished(self, workflow: str = "", limit: int = 1000) -> Sequence[Run]:
        self._wake()
        found = [run for run in self._open.values() if workflow in ("", run.workflow)]
        return sorted(found, key=lambda run: (run.created_at, run.id))[:limit]

    def due(self) -> Collection[str]:
        self._wake()
        return {run.workflow for run in self._open.values()}

    def next_due(self, workflow: str = "") -> datetime | None:
        while self._waiting and self._stale(*self._waiting[0]):
            heapq.heappop(self._waiting)
        return self._waiting[0][0] if self._waiting else None

    def record_step(self, run_id: str, record: StepRecord) -> None:
        run = self._runs[run_id]
        steps = {one.path: one for one in run.steps} | {record.path: record}
        self._put(run.model_copy(update={"steps": tuple(steps.values())}))

    def record_verdicts(self, run_id: str, verdicts: Sequence[Verdict]) -> None:
        self._put(self._runs[run_id].model_copy(update={"verdicts": tuple(verdicts)}))

    def finish(
        self,
        run_id: str,
        state: RunState,
        *,
        because: str = "",
        result: Any = None,
        not_before: datetime | None = None,
    ) -> None:
        self._open.pop(run_id, None)
        if state.ended:
            del self._runs[run_id]
            return
        self._runs[run_id] = self._runs[run_id].model_copy(update={"state": state, "not_before": not_before})
        if not_before is not None:
            heapq.heappush(self._waiting, (not_before, run_id))

    def asked_to_end(self, run_id: str) -> str:
        return ""

    def release(self, run_id: str) -> None:
        if (run := self._runs.get(run_id)) is not None:
            self._open[run_id] = run

    def get(self, run_id: str) -> Run | None:
        if run_id not in self._runs:
            raise Forgotten
        return self._runs[run_id]

    def _put(self, run: Run) -> None:
        self._runs[run.id] = run
        if run.id in self._open:
            self._open[run.id] = run

    def _stale(self, at: datetime, run_id: str) -> bool:
        run = self._runs.get(run_id)
        return run is None or run.not_before != at or run_id in self._open

    def _wake(self) -> None:
        while (at := self.next_due()) is not None and at <= self._clock.now():
            _, run_id = heapq.heappop(self._waiting)
            self._open[run_id] = self._runs[run_id]

"""Runs with their steps and verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from antiphon.model.run import Run, RunState, StepRecord, Verdict


class Runs(Protocol):
    """Runs with their steps and verdicts."""

    def open(self, runs: Iterable[Run]) -> Sequence[Run]:
        """Keep the runs whose key is not known yet; returns those that are new."""

    def claim(self, run_id: str, worker: str, lease: timedelta) -> bool:
        """Take a run to work on it; False when another worker holds it, or it waits for its turn. The holder may claim
        again to renew."""

    def unfinished(self, workflow: str = "", limit: int = 1000) -> Sequence[Run]:
        """Runs that are to be worked on now, oldest first: nobody holds them, and none waits for a person or a time."""

    def due(self) -> Collection[str]:
        """The workflows that have runs to be worked on now."""

    def next_due(self, workflow: str = "") -> datetime | None:
        """The moment at which the next run that waits for a time goes on, of one workflow or of all; None for never."""

    def record_step(self, run_id: str, record: StepRecord) -> None:
        """Keep one step's end; a repeated path replaces the record."""

    def record_verdicts(self, run_id: str, verdicts: Sequence[Verdict]) -> None:
        """Keep the answers of the workflow's conditions."""

    def finish(
        self,
        run_id: str,
        state: RunState,
        *,
        because: str = "",
        result: Any = None,
        not_before: datetime | None = None,
    ) -> None:
        """End a run, or hold it, and let it go. One that is held is taken up again at `not_before`, if it has one; one
        that has ended makes room in its slot."""

    def asked_to_end(self, run_id: str) -> str:
        """Why somebody has asked that a run end; empty when nobody did. Whoever works on it ends it at the next step.

        One that nobody works on is offered to workers at once, to be ended.
        """

    def reopen(self, run_id: str, aside: Sequence[str], *, program: str) -> None:
        """Let a run that has failed go on, with a version of its workflow: it is held until this moment. The records at
        the paths `aside` are kept under `path~1`, `path~2` and so on, and their steps are taken once more.

        Raises:
            StoreError: it has not failed; nothing is changed.
        """

    def release(self, run_id: str) -> None:
        """Let a run go on although it is held: what it waited for has come. One that is being worked on, and is laid
        down a moment later, is taken up again too; one that has ended stays as it is."""

    def get(self, run_id: str) -> Run | None:
        """One run with its steps, by its id or by an unambiguous beginning of it.

        Raises:
            InputError: the beginning fits several runs.
        """

    def list(
        self,
        *,
        workflow: str = "",
        state: RunState | None = None,
        backfill: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[Run]:
        """The newest runs first, without their steps, after the first `offset` of them; `until` is exclusive."""

    def upcoming(self, after: datetime, limit: int) -> Sequence[Run]:
        """The runs that wait for a time after that one, the soonest first, without their steps."""

    def newest(self, workflow: str, count: int) -> Sequence[datetime]:
        """When so many runs of a workflow began that were not declined, the newest first."""

    def count(self, *, since: datetime, until: datetime) -> Mapping[tuple[str, RunState], int]:
        """How many runs of each workflow were created in the period, by state."""

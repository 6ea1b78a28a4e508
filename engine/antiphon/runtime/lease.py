"""Leases: how one worker keeps hold of the runs it walks, and learns that it has lost one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from antiphon.components.clock import Clock
from antiphon.components.ports import Runs

LEASE = timedelta(minutes=2)
"""How long a worker holds a run without a sign of life."""


class Lease:
    """A worker's hold of runs that it has claimed just now; each is renewed once a quarter of its lease is over."""

    def __init__(self, run_ids: Collection[str], runs: Runs, worker: str, clock: Clock) -> None:
        self._runs = runs
        self._worker = worker
        self._clock = clock
        self._until = dict.fromkeys(run_ids, clock.now() + LEASE)

    def __call__(self, runs: Collection[str], until: datetime) -> Collection[str]:
        """Hold these runs at least until then; returns those that no other worker has taken over."""
        return [run for run in runs if self._until[run] - until > LEASE * 3 / 4 or self._renewed(run, until + LEASE)]

    def _renewed(self, run: str, until: datetime) -> bool:
        if held := self._runs.claim(run, self._worker, until - self._clock.now()):
            self._until[run] = until
        return held

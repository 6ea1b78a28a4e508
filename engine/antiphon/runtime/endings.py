"""Endings: who hears that a run has ended, or cannot go on without a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from antiphon.components.clock import Clock
from antiphon.components.ports import Records, Store
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState
from antiphon.runtime.alerts import Alerts
from antiphon.runtime.causes import end_of
from antiphon.runtime.resting import Resting


@dataclass(frozen=True)
class Endings:
    """Passes the news on. `announce` tells the plugins, `programs` finds a workflow as it is now, and `page` is the
    address of a run's page."""

    store: Store
    clock: Clock
    alerts: Alerts
    resting: Resting
    announce: Callable[[Run, Records, Clock], None]
    programs: Callable[[str], Program | None]
    page: Callable[[str], str]

    def coming(self, run: Run) -> None:
        """Before a run's end is written down, which nobody would come back to: tell the workflows that wait for it."""
        self._alarm(run)
        if run.state.ended:
            self.store.events.ingest([end_of(run, self.clock.now())])

    def over(self, run: Run) -> None:
        """After it was written down: tell the plugins, and stop a trigger that fails too often."""
        if run.state.ended:
            self.announce(run, self.store.records, self.clock)
            if program := self.programs(run.workflow):
                self.resting.after(run, program)

    def at_once(self, run: Run) -> None:
        """For one that ended as soon as it was opened; in the store, the news came with it."""
        self._alarm(run)
        self.over(run)

    def parked(self, entries: Iterable[LedgerEntry]) -> None:
        """Tell people of the effects of which nobody knows whether they happened."""
        for entry in entries:
            if entry.state is EffectState.PARKED:
                effect = entry.effect
                told = f"{effect.workflow}: {effect.summary}: {entry.reason}"
                self.alerts.raise_("parked", effect.key, told, self.page(effect.run))

    def _alarm(self, run: Run) -> None:
        if run.state is RunState.FAILED:
            self.alerts.raise_("failed", run.id, f"{run.workflow}: {run.because}", self.page(run.id))

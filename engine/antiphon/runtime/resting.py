"""Resting: a trigger whose runs fail one after the other is stopped, before it does so a hundred times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.model.event import Event
from antiphon.model.program import Program
from antiphon.model.rest import Rest
from antiphon.model.run import Run, RunState
from antiphon.runtime.alerts import Alerts
from antiphon.runtime.causes import source_after

STOPPED = "trigger.stopped"
"""The type of the event that tells of a trigger that was laid to rest; its data has `workflow`, `trigger`, `because`
and `run`."""


@dataclass(frozen=True)
class Resting:
    """Lays triggers to rest. `page` is the address of a run's page."""

    store: Store
    clock: Clock
    alerts: Alerts
    page: Callable[[str], str]

    def after(self, run: Run, program: Program) -> None:
        """See whether a run that has ended was one failure too many. Nothing is counted but what the store has, so that
        a crash in between delays this only until the next failure."""
        most = program.run.stop_after
        if run.state is not RunState.FAILED or most is None or all(one.id != run.trigger for one in program.triggers):
            return
        if self._rests(run) or self.store.rests.failures(run.workflow, run.trigger, most) < most:
            return
        because = f"{most} runs failed in a row" if most > 1 else "a run failed"
        rest = Rest(
            workflow=run.workflow,
            trigger=run.trigger,
            at=self.clock.now(),
            because=f"{because}, the last one because {run.because}",
            by=f"workflow:{run.workflow}",
            run=run.id,
        )
        self._lay(rest, source_after(run))

    def _rests(self, run: Run) -> bool:
        return any(rest.trigger == run.trigger for rest in self.store.rests.standing(run.workflow))

    def stop(self, workflow: str, trigger: str, because: str, *, by: str) -> Rest | None:
        """Lay a trigger to rest at a person's word; None when it rests already."""
        rest = Rest(workflow=workflow, trigger=trigger, at=self.clock.now(), because=because, by=by)
        return rest if self._lay(rest, by) else None

    def _lay(self, rest: Rest, source: str) -> bool:
        name = f"{rest.workflow}/{rest.trigger}"
        # One rest, one name for it: whoever else finds the same at this moment tells nothing new.
        key = f"{name}:{self.store.rests.started(rest.workflow, rest.trigger) or ''}"
        data = rest.model_dump(mode="json", include={"workflow", "trigger", "because", "run"})
        event = Event(f"{STOPPED}:{key}", STOPPED, rest.at, data, source)
        if rest.run:
            told = f"{name}: {rest.because}. `antiphon triggers start {rest.workflow} {rest.trigger}` starts it again"
            self.alerts.raise_("stopped_trigger", key, told, self.page(rest.run))
        return self.store.rests.lay(rest, event)


def declined(run: Run, rest: Rest) -> Run:
    """A run for a call that came while its trigger rests: nothing comes of it, and it is kept."""
    because = f"its trigger rests since {rest.at:%F %T} UTC: {rest.because}"
    return run.model_copy(update={"state": RunState.DECLINED, "because": because})

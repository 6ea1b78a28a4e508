"""A run between two workers, tried at random against a model that is written down apart."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from antiphon.components.ports import Store
from antiphon.model.run import Run, RunState
from antiphon.testing.clock import VirtualClock

MINUTE = timedelta(minutes=1)
LEASE = 2 * MINUTE
WORKERS = st.sampled_from(["ana", "ben"])


class RunMachine(RuleBasedStateMachine):
    """One run, and whatever two workers and a person may do with it in any order."""

    store: Store
    clock: VirtualClock

    def __init__(self) -> None:
        super().__init__()
        self.id = uuid.uuid4().hex
        given = {"workflow": self.id, "program": "p", "trigger": "t", "cause": "c", "created_at": self.clock.now()}
        self.store.runs.open([Run(id=self.id, key=self.id, **given)])
        self.state, self.holder = RunState.PENDING, ""
        self.lapses: datetime | None = None
        self.wakes: datetime | None = None

    @property
    def free(self) -> bool:
        return self.lapses is None or self.lapses <= self.clock.now()

    @rule(worker=WORKERS)
    def claims(self, worker: str) -> None:
        may = not self.state.ended and (self.free or worker == self.holder)
        assert may == self.store.runs.claim(self.id, worker, LEASE)
        if may:
            self.wakes = self.wakes if worker == self.holder else None
            self.state, self.holder, self.lapses = RunState.RUNNING, worker, self.clock.now() + LEASE

    @rule(minutes=st.sampled_from([None, 0, 1, 3]))
    def holds(self, minutes: int | None) -> None:
        if self.state.ended:
            return
        until = None if minutes is None else self.clock.now() + minutes * MINUTE
        self.store.runs.finish(self.id, RunState.HELD, not_before=until)
        self.wakes = min(filter(None, (until, self.wakes)), default=None)
        self.state, self.holder, self.lapses = RunState.HELD, "", None

    @rule()
    def ends(self) -> None:
        if self.state not in (RunState.DONE, RunState.RUNNING):
            return
        self.store.runs.finish(self.id, RunState.DONE)
        self.state, self.holder, self.lapses, self.wakes = RunState.DONE, "", None, None

    @rule()
    def is_released(self) -> None:
        self.store.runs.release(self.id)
        if not self.state.ended:
            self.wakes = self.clock.now()

    @rule(minutes=st.sampled_from([1, 2]))
    def time_goes_by(self, minutes: int) -> None:
        self.clock.advance(minutes * MINUTE)

    @invariant()
    def stands(self) -> None:
        run = self.store.runs.get(self.id)
        assert run is not None
        assert (self.state, self.wakes) == (run.state, run.not_before)

    @invariant()
    def is_offered_when_it_can_go_on(self) -> None:
        waits = self.state is RunState.HELD and (self.wakes is None or self.wakes > self.clock.now())
        offered = not self.state.ended and self.free and not waits
        assert offered == bool(self.store.runs.unfinished(self.id))


def test_states(store: Store, clock: VirtualClock) -> None:
    """A run is offered to workers exactly when it has not ended, nobody holds it, and it waits for nothing."""
    machine = type("Machine", (RunMachine,), {"store": store, "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

"""Slots: every mode of overlap, tried at random against a model of a few lines that is written down apart."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from antiphon.components.ports import Asked, Store
from antiphon.model.event import Event
from antiphon.model.overlap import Overlap, RunOptions
from antiphon.model.run import Run, RunState
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock

MINUTE = timedelta(minutes=1)
LEASE = 2 * MINUTE
KEYS = st.sampled_from(["ana", "ben"])
RULES = st.one_of(
    st.builds(RunOptions, overlap=st.just("skip"), max=st.sampled_from([None, 2])),
    st.builds(RunOptions, overlap=st.just("restart"), max=st.sampled_from([None, 2])),
    st.builds(
        RunOptions, overlap=st.just("queue"), max=st.sampled_from([None, 2]), queue_max=st.sampled_from([None, 0, 2])
    ),
    st.builds(RunOptions, overlap=st.just("parallel"), max=st.sampled_from([1, 3])),
)


def news(run: Run) -> Event:
    return Event(f"run:{run.id}:{run.state}", "run.finished", run.created_at, {"run": run.id})


@dataclass
class Model:
    """What the documentation says of one key, in the plainest words: the runs in the order in which they came."""

    mode: Overlap
    places: int
    queue_max: int | None
    states: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def these(self, *states: str) -> list[str]:
        return [run for run, state in self.states.items() if state in states]

    def calls(self, run: str) -> None:
        if self.mode == "skip":
            full = len(self.these("under way")) >= self.places
            self.states[run] = "declined" if full else "under way"
            return
        if self.mode == "restart":
            there = [one for one in self.these("under way", "queued") if one not in self.asked]
            for one in there[: max(0, len(there) + 1 - self.places)]:
                if self.states[one] == "queued":
                    self.states[one] = "stopped"
                else:
                    self.asked.add(one)
        self.states[run] = "queued"
        self.advances()
        waiting = self.these("queued")
        if self.states[run] == "queued" and self.queue_max is not None and len(waiting) > self.queue_max:
            self.states[run] = "declined"

    def ends(self, run: str) -> None:
        self.states[run] = "done"
        self.advances()

    def advances(self) -> None:
        for run in self.these("queued"):
            if len(self.these("under way")) < self.places:
                self.states[run] = "under way"


class SlotMachine(RuleBasedStateMachine):
    """Calls for two keys, runs that begin, wait and end, and two processes that share it all."""

    urls: str
    stores: list[Store]
    clock: VirtualClock

    @initialize(rules=RULES)
    def begins(self, rules: RunOptions) -> None:
        self.workflow = uuid.uuid4().hex
        self.options = rules
        self.models: dict[str, Model] = {}
        self.told: set[str] = set()

    def model(self, key: str) -> Model:
        assert self.options.places is not None
        fresh = Model(self.options.overlap, self.options.places, self.options.queue_max)
        return self.models.setdefault(key, fresh)

    @rule(keys=st.lists(KEYS, min_size=1, max_size=3), process=st.sampled_from([0, 1]), repeat=st.booleans())
    def calls(self, keys: list[str], process: int, repeat: bool) -> None:
        runs = [run(self.workflow, slot=f"{self.workflow}/{key}", at=self.clock) for key in keys]
        asked = [Asked(one, self.options) for one in runs]
        opened = self.stores[process].slots.open(asked, news)
        for one, key in zip(runs, keys, strict=True):
            self.model(key).calls(one.id)
        assert [one.id for one in runs] == [one.id for one in opened]
        if repeat:
            assert [] == list(self.stores[1 - process].slots.open(asked, news))

    @rule(data=st.data(), process=st.sampled_from([0, 1]), held=st.booleans())
    def goes_on(self, data: st.DataObject, process: int, held: bool) -> None:
        if under_way := self.all("under way"):
            key, run_id = data.draw(st.sampled_from(under_way))
            store = self.stores[process]
            store.runs.claim(run_id, "ana", LEASE)
            if held:
                store.runs.finish(run_id, RunState.HELD)
            else:
                store.runs.finish(run_id, RunState.DONE)
                self.model(key).ends(run_id)

    @rule(data=st.data(), process=st.sampled_from([0, 1]))
    def queued_is_not_for_taking(self, data: st.DataObject, process: int) -> None:
        if queued := self.all("queued"):
            assert not self.stores[process].runs.claim(data.draw(st.sampled_from(queued))[1], "ana", LEASE)

    @rule(minutes=st.sampled_from([1, 3]))
    def time_goes_by(self, minutes: int) -> None:
        self.clock.advance(minutes * MINUTE)

    @invariant()
    def stands(self) -> None:
        for key in getattr(self, "models", {}):
            model, found = self.model(key), {}
            for run_id in model.states:
                one = self.stores[0].runs.get(run_id)
                assert one is not None, "no call is ever lost"
                found[run_id] = one
            told = {run_id: PLAIN[one.state] for run_id, one in found.items()}
            assert model.states == told
            assert len(model.these("under way")) <= model.places
            assert model.asked == {one.id for one in found.values() if one.ends_as}
            ended_at_once = model.these("declined", "stopped")
            assert all(
                found[one].because and self.stores[0].events.get(f"run:{one}:{told[one]}") for one in ended_at_once
            )

    def all(self, state: str) -> list[tuple[str, str]]:
        return [(key, one) for key in self.models for one in self.model(key).these(state)]


PLAIN = {
    RunState.PENDING: "under way",
    RunState.RUNNING: "under way",
    RunState.HELD: "under way",
    RunState.QUEUED: "queued",
    RunState.DONE: "done",
    RunState.DECLINED: "declined",
    RunState.STOPPED: "stopped",
}


def run(workflow: str, *, slot: str, at: VirtualClock, scope: dict[str, Any] | None = None) -> Run:
    name = uuid.uuid4().hex
    given = {"program": "p", "trigger": "t", "cause": name, "created_at": at.now(), "scope": scope or {}}
    return Run(id=name, key=f"{workflow}/{name}", workflow=workflow, slot=slot, **given)


@pytest.fixture
def stores(store_url: str, clock: VirtualClock) -> Any:
    """Two processes on one database."""
    found = [open_store(store_url, clock) for _ in range(2)]
    yield found
    for one in found:
        one.close()


@pytest.fixture
def check(stores: list[Store], clock: VirtualClock) -> Callable[[type[RuleBasedStateMachine]], None]:
    """Tries a machine with these stores."""

    def tried(machine: type[RuleBasedStateMachine]) -> None:
        run_state_machine_as_test(
            type("Machine", (machine,), {"stores": stores, "clock": clock}),
            settings=settings(
                max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )

    return tried


def test_modes(check: Callable[[type[RuleBasedStateMachine]], None]) -> None:
    """Skip, restart, queue and parallel do what they say, call by call, whichever process hears of it."""
    check(SlotMachine)


@pytest.mark.parametrize(
    ("rules", "states"),
    [
        (RunOptions(overlap="skip"), {"pending": 1, "declined": 39}),
        (RunOptions(overlap="skip", max=3), {"pending": 3, "declined": 37}),
        (RunOptions(overlap="queue"), {"pending": 1, "queued": 39}),
        (RunOptions(overlap="queue", queue_max=5), {"pending": 1, "queued": 5, "declined": 34}),
        (RunOptions(max=7), {"pending": 7, "queued": 33}),
        (RunOptions(overlap="restart"), {"pending": 1, "queued": 1, "stopped": 38}),
    ],
)
def test_race(stores: list[Store], clock: VirtualClock, rules: RunOptions, states: dict[str, int]) -> None:
    """Of many who call at the same moment in several processes, only as many pass as there are places."""
    barrier = Barrier(8)
    runs = [run("w", slot="w/ana", at=clock) for _ in range(40)]

    def call(worker: int) -> None:
        barrier.wait()
        for one in runs[worker::8]:
            stores[worker % 2].slots.open([Asked(one, rules)], news)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(8)))
    found = [one.state.value for one in stores[0].runs.list(limit=100)]

    assert states == {state: found.count(state) for state in sorted(set(found), key=list(states).index)}


def test_race_of_ends(stores: list[Store], clock: VirtualClock) -> None:
    """Runs that come, end and make room in many slots at once never lock one another out, and all come to their end."""
    rules = RunOptions(overlap="restart", max=2)
    barrier = Barrier(8)

    def work(worker: int) -> None:
        store = stores[worker % 2]
        barrier.wait()
        for turn in range(6):
            some = [run("w", slot=f"w/{(worker + turn + n) % 5}", at=clock) for n in range(4)]
            store.slots.open([Asked(one, rules) for one in some], news)
            for one in store.runs.unfinished("w", 5):
                if store.runs.claim(one.id, f"worker{worker}", LEASE):
                    store.runs.finish(one.id, RunState.DONE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    while left := stores[0].runs.unfinished("w"):
        for one in left:
            assert stores[0].runs.claim(one.id, "last", LEASE)
            stores[0].runs.finish(one.id, RunState.DONE)
    found = stores[0].runs.list(limit=1000)

    assert 8 * 6 * 4 == len(found)
    assert all(one.state.ended for one in found)


def test_loosened(store: Store, clock: VirtualClock) -> None:
    """Rules that are loosened hold for the next call, which does not overtake those that wait already."""
    first, second, third = (run("w", slot="w/ana", at=clock) for _ in range(3))
    store.slots.open([Asked(first, RunOptions(overlap="queue"))], news)
    store.slots.open([Asked(second, RunOptions(overlap="queue"))], news)
    [opened] = store.slots.open([Asked(third, RunOptions(overlap="queue", max=3))], news)

    assert RunState.QUEUED is opened.state
    store.runs.claim(first.id, "ana", LEASE)
    store.runs.finish(first.id, RunState.DONE)
    assert {second.id, third.id} == {one.id for one in store.runs.unfinished("w")}

"""Calls that settle or are gathered, tried at random against a model of a few lines that is written down apart."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from antiphon.components.ports import Asked, Store
from antiphon.model.event import Event
from antiphon.model.overlap import RunOptions
from antiphon.model.run import Run, RunState
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock

MINUTE = timedelta(minutes=1)
LEASE = timedelta(days=9)
KEYS = st.sampled_from(["ana", "ben"])
OVERLAPS = st.sampled_from(["parallel", "queue"])
OPTIONS = st.one_of(
    st.builds(RunOptions, overlap=OVERLAPS, settle=st.just(3 * MINUTE), settle_max=st.sampled_from([None, 7 * MINUTE])),
    st.builds(RunOptions, overlap=OVERLAPS, gather=st.just(5 * MINUTE), gather_max=st.sampled_from([3, 1000])),
)


def news(run: Run) -> Event:
    return Event(f"run:{run.id}:{run.state}", "run.finished", run.created_at, {"run": run.id})


@dataclass
class Call:
    """One call, and the run that it became: `waiting`, `queued`, `begun`, `done`, or `declined` for another's sake."""

    state: str
    until: datetime
    since: datetime
    events: list[str]
    calls: int = 1


@dataclass
class Model:
    """What the documentation says of one key, in the plainest words."""

    options: RunOptions
    calls: dict[str, Call] = field(default_factory=dict)

    def hears(self, name: str, now: datetime) -> None:
        window = next(
            (one for one in self.calls.values() if one.state in ("waiting", "queued") and one.until > now), None
        )
        settle, gather = self.options.settle, self.options.gather
        if window is None:
            self.calls[name] = Call("queued", now + (settle or gather or MINUTE), now, [name])
            self.advances()
        elif settle:
            until = min(now + settle, window.since + (self.options.settle_max or timedelta(days=9)))
            self.calls[name] = Call(window.state, until, window.since, [name], window.calls + 1)
            window.state = "declined"
        else:
            window.events.append(name)
            window.calls += 1
            self.calls[name] = Call("declined", now, now, [name])
            if window.calls == self.options.gather_max:
                window.until = now

    def advances(self) -> None:
        for call in self.calls.values():
            under_way = sum(one.state in ("waiting", "begun") for one in self.calls.values())
            if call.state == "queued" and (self.options.places is None or under_way < self.options.places):
                call.state = "waiting"

    def due(self, now: datetime) -> set[str]:
        return {name for name, call in self.calls.items() if call.state == "waiting" and call.until <= now}


class GatheringMachine(RuleBasedStateMachine):
    """Two people who say things, workers who begin and end what is due, a clock that moves on, and two processes."""

    stores: list[Store]
    clock: VirtualClock

    @initialize(options=OPTIONS)
    def begins(self, options: RunOptions) -> None:
        self.workflow, self.options = uuid.uuid4().hex, options
        self.models: dict[str, Model] = {}

    def model(self, key: str) -> Model:
        return self.models.setdefault(key, Model(self.options))

    @rule(keys=st.lists(KEYS, min_size=1, max_size=4), process=st.sampled_from([0, 1]), repeat=st.booleans())
    def hears(self, keys: list[str], process: int, repeat: bool) -> None:
        asked = [Asked(call(self.workflow, key, self.clock), self.options, gathers=True) for key in keys]
        self.stores[process].slots.open(asked, news)
        for one, key in zip(asked, keys, strict=True):
            self.model(key).hears(one.run.id, self.clock.now())
        if repeat:
            assert [] == list(self.stores[1 - process].slots.open(asked, news))

    @rule(process=st.sampled_from([0, 1]))
    def works(self, process: int) -> None:
        store, now = self.stores[process], self.clock.now()
        due = {name for model in self.models.values() for name in model.due(now)}
        assert due == {run.id for run in store.runs.unfinished(self.workflow)}
        for name in sorted(due):
            assert store.runs.claim(name, "ana", LEASE)
            self.change(name, "begun")

    @rule(process=st.sampled_from([0, 1]))
    def ends(self, process: int) -> None:
        for key, model in self.models.items():
            for name in [name for name, one in model.calls.items() if one.state == "begun"]:
                self.stores[process].runs.finish(name, RunState.DONE)
                self.change(name, "done")
                self.model(key).advances()

    @rule(data=st.data())
    def is_begun_early(self, data: st.DataObject) -> None:
        """A person may let one begin before its time; the next call is then another one's."""
        waiting = [
            name for model in self.models.values() for name, one in model.calls.items() if one.state == "waiting"
        ]
        if waiting:
            name = data.draw(st.sampled_from(waiting))
            assert self.stores[0].runs.claim(name, "ana", LEASE)
            self.change(name, "begun")

    @rule(minutes=st.sampled_from([1, 2, 4]))
    def time_goes_by(self, minutes: int) -> None:
        self.clock.advance(minutes * MINUTE)

    @invariant()
    def stands(self) -> None:
        for model in getattr(self, "models", {}).values():
            for name, told in model.calls.items():
                run = self.stores[0].runs.get(name)
                assert run is not None, "no call is ever lost"
                assert told.state == PLAIN[run.state]
                if told.state in ("waiting", "queued"):
                    assert told.until == run.not_before
                if told.state != "declined":
                    assert told.calls == run.scope["trigger"]["calls"]
                    assert told.events == run.scope["trigger"]["events"]
                else:
                    assert run.because

    @invariant()
    def each_is_answered_once(self) -> None:
        for model in getattr(self, "models", {}).values():
            answering = [one for one in model.calls.values() if one.state != "declined"]
            assert len(model.calls) == sum(one.calls for one in answering)

    def change(self, name: str, state: str) -> None:
        for model in self.models.values():
            if name in model.calls:
                model.calls[name].state = state


PLAIN = {
    RunState.PENDING: "waiting",
    RunState.QUEUED: "queued",
    RunState.RUNNING: "begun",
    RunState.DONE: "done",
    RunState.DECLINED: "declined",
}


def call(workflow: str, key: str, clock: VirtualClock, *, name: str = "", chain: tuple[str, ...] = ()) -> Run:
    name = name or uuid.uuid4().hex
    scope: dict[str, Any] = {"event": {"id": name}, "trigger": {"events": [name], "chain": list(chain)}}
    given = {"program": "p", "trigger": "t", "cause": name, "created_at": clock.now(), "scope": scope}
    return Run(id=name, key=f"{workflow}/{name}", workflow=workflow, slot=f"{workflow}/{key}", **given)


@pytest.fixture
def stores(store_url: str, clock: VirtualClock) -> Iterator[list[Store]]:
    """Two processes on one database."""
    found = [open_store(store_url, clock) for _ in range(2)]
    yield found
    for one in found:
        one.close()


def test_gathering(stores: list[Store], clock: VirtualClock) -> None:
    """What settles or gathers does what it says, and no call is lost or answered twice, whichever process hears."""
    run_state_machine_as_test(
        type("Machine", (GatheringMachine,), {"stores": stores, "clock": clock}),
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.parametrize(
    ("options", "waiting"),
    [(RunOptions(settle=MINUTE), 1), (RunOptions(gather=MINUTE), 1), (RunOptions(gather=MINUTE, gather_max=10), 4)],
)
def test_race(stores: list[Store], clock: VirtualClock, options: RunOptions, waiting: int) -> None:
    """Of many calls that come at the same moment in several processes, each is answered once."""
    barrier = Barrier(8)

    def hear(worker: int) -> None:
        barrier.wait()
        for _ in range(5):
            stores[worker % 2].slots.open([Asked(call("w", "ana", clock), options, gathers=True)], news)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hear, range(8)))
    left = [run for run in stores[0].runs.list(limit=100) if run.state is RunState.PENDING]

    assert waiting == len(left)
    assert 40 == sum(run.scope["trigger"]["calls"] for run in left)


def test_chains_meet(store: Store, clock: VirtualClock) -> None:
    """A run that answers several events has all that led to any of them behind it, so that none of these answers it."""
    options = RunOptions(gather=MINUTE)
    for name, chain in (("a", ("x",)), ("b", ("y", "x")), ("c", ())):
        store.slots.open([Asked(call("w", "ana", clock, name=name, chain=chain), options, gathers=True)], news)
    run = store.runs.get("a")

    assert run is not None
    assert ["x", "y"] == run.scope["trigger"]["chain"]

"""Backfilling: every call of the past is answered once, in order, and never too many at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from antiphon import Event
from antiphon.app import Antiphon
from antiphon.errors import InputError
from antiphon.model.backfill import Backfill, BackfillState
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock

HOUR = timedelta(hours=1)
TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
TOLD = {"id": "send", "use": "net.send", "with": {"text": "${{ trigger.scheduled_at }}"}}
SAID = {"id": "send", "use": "net.send", "with": {"text": "${{ event.text }}"}}
HOURLY = {"id": "s", "schedule": {"cron": "0 * * * *"}}
HEARS = {"id": "t", "event": {"type": "mention.received", "match": {"text": {"contains": "hello"}}}}


def write(workspace: Any, *actions: Any, **keys: Any) -> None:
    workspace.write({"id": "w", "triggers": [HOURLY, HEARS], "actions": list(actions), **keys})
    assert [] == [str(problem) for problem in workspace.app.compiled.problems]
    workspace.clock.set(TEN)


def begin(workspace: Any, hours: int, **asked: Any) -> Backfill:
    """A backfill of the last so many hours."""
    app, now = workspace.app, workspace.clock.now()
    backfill: Backfill = app.backfilling.draft(app.program("w"), now - hours * HOUR, now, **asked)
    app.store.backfills.begin(backfill)
    return backfill


def work(workspace: Any) -> int:
    """One look of the router, and what comes of it; how many runs were worked through."""
    workspace.app.make_up()
    return len(workspace.app.activate("w").runs)


def drain(workspace: Any) -> list[int]:
    """Work until nothing is left to do; how many runs at a time."""
    counts = []
    while count := work(workspace):
        counts.append(count)
    return counts


def test_ticks(workspace: Any) -> None:
    """The ticks of the stretch are answered, as many at once as may be, each with its own time."""
    write(workspace, TOLD)
    backfill = begin(workspace, 7, at_once=3)
    now = workspace.clock.now()

    assert [3, 3, 1] == drain(workspace)
    assert [(now - n * HOUR).isoformat(timespec="seconds") for n in range(7, 0, -1)] == sorted(workspace.network.texts)
    after = workspace.app.store.backfills.get(backfill.id)
    assert (BackfillState.DONE, 7) == (after.state, after.calls)


def test_answered(workspace: Any) -> None:
    """What was answered at its time is not answered again, unless somebody asks for it."""
    write(workspace, TOLD)
    workspace.app.wake("w", "s", workspace.clock.now())
    work(workspace)
    workspace.clock.advance(HOUR / 2)
    begin(workspace, 3)
    drain(workspace)
    assert 3 == len(workspace.network.texts)
    begin(workspace, 3)
    drain(workspace)
    assert 3 == len(workspace.network.texts)
    begin(workspace, 3, again=True)
    drain(workspace)

    assert 6 == len(workspace.network.texts)
    assert 3 == len(set(workspace.network.texts))


def test_events(workspace: Any, clock: Any) -> None:
    """The events that were heard are answered as if they came now, those that wake the workflow."""
    write(workspace, SAID)
    at = clock.now() - 2 * HOUR
    texts = ["hello 1", "bye", "hello 2", "hello 3"]
    workspace.app.store.events.ingest(
        [Event(f"e{n}", "mention.received", at + timedelta(minutes=n), {"text": text}) for n, text in enumerate(texts)],
        routed=True,
    )
    backfill = begin(workspace, 3, events=True, at_once=2)

    assert [2, 1] == drain(workspace)
    assert ["hello 1", "hello 2", "hello 3"] == sorted(workspace.network.texts)
    assert {RunState.DONE: 3} == workspace.app.store.backfills.runs(backfill.id)


def test_marked(workspace: Any) -> None:
    """A run says which backfill it belongs to, with its labels, in its scope too."""
    told = {"use": "net.send", "with": {"text": "${{ trigger.backfill.labels.why }} ${{ trigger.backfill.id }}"}}
    write(workspace, told)
    backfill = begin(workspace, 1, labels={"why": "outage"})
    drain(workspace)

    assert [f"outage {backfill.id}"] == workspace.network.texts
    assert 1 == len(workspace.app.store.runs.list(backfill=backfill.id))


@pytest.mark.parametrize("overlap", ["skip", "restart", "queue"])
def test_queues(workspace: Any, overlap: str) -> None:
    """What is made up for queues, whatever the document says: nothing of it is skipped, and nothing of today ends."""
    write(workspace, TOLD, run={"overlap": overlap})
    workspace.app.start("w", cause="today")
    begin(workspace, 4, at_once=3)
    drain(workspace)
    states = [run.state for run in workspace.app.store.runs.list()]

    assert [RunState.DONE] * 4 == [state for state in states if state is not RunState.FAILED]
    assert 4 == len(workspace.network.texts)


def test_waiting_runs_keep_their_place(workspace: Any) -> None:
    """A run that waits is under way: the backfill goes on when it has ended."""
    write(workspace, {"wait": "2h"}, TOLD)
    begin(workspace, 4, at_once=2)

    assert [2] == drain(workspace)
    workspace.clock.advance(2 * HOUR)
    drain(workspace)
    assert 2 == len(workspace.network.texts)


def test_pause(workspace: Any) -> None:
    """A pause opens nothing more, whoever looks; resumed, it goes on where it stood. What is cancelled stays so."""
    write(workspace, TOLD)
    backfill = begin(workspace, 6, at_once=2)
    work(workspace)
    turn = workspace.app.store.backfills.turn
    turn(backfill.id, BackfillState.PAUSED)
    workspace.reopen()
    assert [] == drain(workspace)
    turn = workspace.app.store.backfills.turn
    turn(backfill.id, BackfillState.RUNNING)
    work(workspace)
    assert 4 == len(workspace.network.texts)
    turn(backfill.id, BackfillState.CANCELLED)

    assert BackfillState.CANCELLED is turn(backfill.id, BackfillState.RUNNING).state
    assert [] == drain(workspace)


def test_workflow_gone(workspace: Any) -> None:
    """A backfill whose workflow is gone is paused with the reason."""
    write(workspace, TOLD)
    backfill = begin(workspace, 6)
    (workspace.folder / "workflows" / "w.yaml").unlink()
    workspace.reopen()
    workspace.app.make_up()

    assert "its workflow is gone or disabled" == workspace.app.store.backfills.get(backfill.id).because


def test_refused(workspace: Any) -> None:
    """A stretch that is empty or to come, or that no one schedule fills, is refused."""
    write(workspace, TOLD)
    app, now = workspace.app, workspace.clock.now()
    for since, until in ((now, now - HOUR), (now + HOUR, now + 2 * HOUR)):
        with pytest.raises(InputError, match="is empty, or has not come"):
            app.backfilling.draft(app.program("w"), since, until)
    with pytest.raises(InputError, match=r"no one schedule `t`.*schedules are s"):
        app.backfilling.draft(app.program("w"), now - HOUR, now, trigger="t")


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("after", [False, True])
def test_cut(workspace: Any, cut: Any, crash: Any, at: int, after: bool) -> None:
    """Whichever writing a crash interrupts, every tick is answered once."""
    write(workspace, TOLD)
    begin(workspace, 4, at_once=2)
    workspace.app.__dict__["store"] = cut(workspace.app.store, at=at, after=after)
    with pytest.raises(crash):
        drain(workspace)
    workspace.reopen()
    drain(workspace)

    assert 4 == len(workspace.network.texts) == len(set(workspace.network.texts))


class BackfillMachine(RuleBasedStateMachine):
    """One backfill of thirty hours, of which some were answered at their time; two routers, a worker and a person."""

    apps: list[Antiphon]
    clock: VirtualClock

    @initialize(answered=st.sets(st.integers(0, 29)), at_once=st.integers(1, 3))
    def begins(self, answered: set[int], at_once: int) -> None:
        self.clock.advance(100 * HOUR)  # so that nobody has answered anything of it
        app, now = self.apps[0], self.clock.now()
        self.program = app.program("w")
        self.due = [now - n * HOUR for n in range(30, 0, -1)]
        for n in answered:
            self.answers(self.due[n])
        self.backfill = app.backfilling.draft(self.program, now - 30 * HOUR, now, at_once=at_once)
        app.store.backfills.begin(self.backfill)
        self.left = [self.name(due) for n, due in enumerate(self.due) if n not in answered]

    def name(self, due: datetime) -> str:
        return self.apps[0].opening.of_tick(self.program, "s", due).id

    def answers(self, due: datetime) -> None:
        app = self.apps[0]
        run = app.opening.of_tick(self.program, "s", due)
        app.store.runs.open([run])
        app.store.runs.claim(run.id, "then", HOUR)
        app.store.runs.finish(run.id, RunState.DONE)

    @property
    def runs(self) -> dict[str, RunState]:
        found = self.apps[0].store.runs.list(backfill=self.backfill.id, limit=100)
        return {run.id: run.state for run in found}

    @rule(router=st.sampled_from([0, 1]))
    def looks(self, router: int) -> None:
        self.apps[router].backfilling.advance()

    @rule(data=st.data(), held=st.booleans())
    def works(self, data: st.DataObject, held: bool) -> None:
        if left := sorted(one for one, state in self.runs.items() if not state.ended):
            run, store = data.draw(st.sampled_from(left)), self.apps[0].store
            store.runs.claim(run, "worker", HOUR)
            store.runs.finish(run, RunState.HELD if held else RunState.DONE)

    @rule(state=st.sampled_from([BackfillState.PAUSED, BackfillState.RUNNING]))
    def is_turned(self, state: BackfillState) -> None:
        self.apps[1].store.backfills.turn(self.backfill.id, state)

    @invariant()
    def keeps_pace(self) -> None:
        if hasattr(self, "left"):
            under_way = [state for state in self.runs.values() if not state.ended]
            assert len(under_way) <= self.backfill.at_once

    @invariant()
    def goes_in_order(self) -> None:
        """What was opened is the beginning of what was left to do: nothing is left out, and nothing is done twice."""
        if hasattr(self, "left"):
            assert set(self.left[: len(self.runs)]) == self.runs.keys()

    def teardown(self) -> None:
        if not hasattr(self, "left"):
            return
        store = self.apps[0].store
        while store.backfills.turn(self.backfill.id, BackfillState.RUNNING).state is BackfillState.RUNNING:
            self.apps[0].backfilling.advance()
            for run, state in self.runs.items():
                if not state.ended:
                    store.runs.claim(run, "worker", HOUR)
                    store.runs.finish(run, RunState.DONE)
        assert set(self.left) == self.runs.keys()
        done = store.backfills.get(self.backfill.id)
        assert done is not None
        assert 30 == done.calls


def test_any_order(workspace: Any) -> None:
    """However two routers, a worker and a person come in between, every tick is answered once, and in its turn."""
    write(workspace, TOLD)
    routers = [workspace.app, workspace.another()]
    machine = type("Machine", (BackfillMachine,), {"apps": routers, "clock": workspace.clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    routers[1].close()

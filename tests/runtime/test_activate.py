"""Activations: many runs side by side, none of which disturbs another, and each walked by one worker."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from antiphon.errors import StoreError
from antiphon.model.run import RunState
from antiphon.runtime.lease import LEASE

SEND = {"use": "net.send", "with": {"text": "${{ event.text }}"}}


def start(workspace: Any, texts: list[str], *actions: Any) -> None:
    workspace.write({"id": "w", "actions": list(actions)})
    for n, text in enumerate(texts):
        workspace.app.start("w", event=workspace.event({"text": text}, id=f"e{n}"))


def test_one_piece_of_work(workspace: Any, network: Any) -> None:
    """The same step of all runs is one piece of work a round, named after its action."""
    labels: list[tuple[str, int]] = []

    def around(label: str, count: int, work: Any) -> Any:
        labels.append((label, count))
        return work()

    number = {"use": "net.numbered", "with": {"number": 1}}
    start(workspace, [f"t{n}" for n in range(20)], SEND, number)
    activation = workspace.app.activate("w", around=around)

    assert [("evaluate", 20), ("net.send", 20), ("net.numbered", 20)] == labels
    assert "20 runs (20 done); effects: 40 done" == activation.summary


def test_neighbours(workspace: Any, network: Any) -> None:
    """Runs that fail, raise, are held or stop leave their neighbours alone."""
    filters = {"if": "${{ event.text == 'boom' }}", "then": [{"use": "net.say", "with": {"how": "boom"}}]}
    condition = {"if": "${{ event.text == 'cond' }}", "then": [{"if": {"broken": {}}, "then": [SEND]}]}
    texts = ["ok 1", "no", "boom", "cond", "boom-before", "later", "dead", "lost", "nothing", "ok 2"]
    start(workspace, texts, filters, condition, SEND, {"use": "net.send", "with": {"text": "after"}})
    runs = workspace.app.activate("w").runs

    assert {RunState.DONE: 2, RunState.FAILED: 3, RunState.HELD: 5} == Counter(run.state for run in runs)
    assert {"ok 1", "ok 2"} < set(network.texts)
    assert 2 == network.texts.count("after")


def test_held_runs_stay_held(workspace: Any) -> None:
    """A run that is held for a person stays so, while its neighbours go on for hours."""
    start(workspace, ["dead", "ok"], SEND, {"wait": "3h"}, SEND)
    workspace.through("w")
    runs = workspace.app.store.runs.list()

    assert {RunState.HELD, RunState.DONE} == {run.state for run in runs}
    assert () == workspace.app.unfinished()


def test_observers(workspace: Any, network: Any) -> None:
    """Observers hear of every run that has ended, once, and of none that is held."""
    start(workspace, ["ok", "no", "dead"], SEND)
    workspace.app.activate("w")
    workspace.app.activate("w")

    assert [RunState.DONE, RunState.FAILED] == sorted(run.state for run in network.observed)


def test_lease(workspace: Any, network: Any, clock: Any) -> None:
    """However long a chunk takes, no other worker can take a run meanwhile."""
    taken: list[bool] = []
    other = workspace._opened()

    def slowly(effect: Any) -> None:
        clock.advance(LEASE * 0.7)
        taken.append(bool(other.store.runs.unfinished("w")))

    network.vetoes = slowly
    start(workspace, [f"t{n}" for n in range(6)], SEND, SEND)
    workspace.app.activate("w")
    other.close()

    assert [False] * 12 == taken
    assert 12 == len(network.sent)


def test_lost_lease(workspace: Any, network: Any, clock: Any) -> None:
    """A worker that was away for too long lets the run be, which another has taken over by then."""
    other = workspace._opened()

    def away(effect: Any) -> None:
        if not network.sent:
            network.sent.append(("", ""))
            clock.advance(LEASE * 2)
            other.activate("w")
            network.sent.remove(("", ""))

    network.vetoes = away
    start(workspace, ["t0", "t1", "t2"], SEND, {"use": "net.send", "with": {"text": "second"}})
    workspace.app.activate("w")
    other.close()

    assert {1} == set(Counter(key for key, _ in network.sent).values())
    assert 6 == len(network.sent)
    assert {RunState.DONE} == {run.state for run in workspace.app.store.runs.list()}


def test_two_threads(workspace: Any, network: Any, clock: Any) -> None:
    """Two activations in one process do not take themselves for each other."""
    start(workspace, ["t0"], SEND)
    [run] = workspace.app.store.runs.unfinished("w")
    first, second = workspace.app._hand(), workspace.app._hand()

    assert workspace.app.store.runs.claim(run.id, first, LEASE)
    assert not workspace.app.store.runs.claim(run.id, second, LEASE)


def test_more_than_a_batch(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """More runs than are walked side by side are worked through in one go, each once."""
    monkeypatch.setattr("antiphon.app.BATCH", 20)
    start(workspace, [f"t{n}" for n in range(41)], {"use": "net.say", "with": {"value": "${{ event.text }}"}})
    done = workspace.app.activate("w")

    assert (41, 41) == (len(done.runs), len({run.id for run in done.runs}))


def test_database_lost(workspace: Any, network: Any, cut: Any) -> None:
    """A database that fails in the middle fails no run: they go on where they were when it is back."""
    start(workspace, ["t0", "t1"], SEND, {"use": "net.send", "with": {"text": "second"}})
    store = workspace.app.store
    proxy = cut(store, at=10)
    workspace.app.__dict__["store"] = proxy
    real = type(store.runs).record_step
    calls: list[int] = []

    def failing(self: Any, *args: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise StoreError("The disk is full.")
        real(self, *args)

    proxy.at = 0
    type(store.runs).record_step = failing
    try:
        workspace.app.activate("w")
    except StoreError as error:
        told = str(error)
    finally:
        type(store.runs).record_step = real
    workspace.reopen()
    runs = workspace.app.activate("w").runs

    assert "The disk is full." == told
    assert {RunState.DONE} == {run.state for run in runs}
    assert {1} == set(Counter(key for key, _ in network.sent).values())
    assert 4 == len(network.sent)


def test_waits_of_weeks(workspace: Any, network: Any, clock: Any) -> None:
    """A sequence of three weeks takes no time on a clock that is moved."""
    touch = {"each": {"in": [1, 2, 3], "as": "touch"}, "steps": [SEND, {"wait": "7d"}]}
    start(workspace, ["a", "b"], touch)
    begin = clock.now()
    workspace.through("w")

    assert 6 == len(network.sent)
    assert begin + timedelta(days=21) == clock.now()

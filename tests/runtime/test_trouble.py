"""Trouble: how often a step is tried, how long it may take, and what is done about a run that has failed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon import EffectState, RunState


def send(text: str, **keys: Any) -> dict[str, Any]:
    return {"use": "net.send", "with": {"text": text}, **keys}


def tries(workspace: Any) -> list[int]:
    return [entry.attempts for entry in workspace.app.store.ledger.list()]


@pytest.mark.parametrize(
    ("word", "on", "count", "reason"),
    [
        ("offline", "unavailable", 3, "no route (tried 3 times)"),
        ("later", "unavailable", 3, "rate limit"),
        ("no", "rejected", 3, "it said no Ask nicely. (tried 3 times)"),
        ("no", "unavailable", 1, "it said no Ask nicely."),
    ],
)
def test_retry(workspace: Any, network: Any, word: str, on: str, count: int, reason: str) -> None:
    """A step is tried as often as it says, for the trouble it names, and then fails: nothing goes out afterwards."""
    run = workspace.answer(send(word, retry={"times": 2, "wait": "10s", "on": [on]}))
    workspace.through("w")
    run = workspace.run()

    assert RunState.FAILED == run.state
    assert reason in run.because
    assert [count] == tries(workspace)
    assert {EffectState.VETOED, EffectState.REJECTED} >= {e.state for e in workspace.app.store.ledger.list()}


def test_pauses(workspace: Any, clock: Any) -> None:
    """Each pause is longer than the one before by the factor, up to the longest."""
    workspace.answer(send("offline", retry={"times": 4, "wait": "10s", "factor": 3, "longest": "1m"}))
    waits = []
    while (due := workspace.app.next_due("w")) is not None:
        waits.append((due - clock.now()).total_seconds())
        clock.advance(due - clock.now())
        workspace.settle("w")

    assert [10, 30, 60, 60] == waits


def test_computation(workspace: Any, network: Any) -> None:
    """What fails before anything is sent is tried again where `error` says so."""
    run = workspace.answer({"use": "net.say", "with": {"how": "boom"}, "retry": {"times": 2, "on": ["error"]}})
    workspace.through("w")
    run = workspace.run()

    assert (RunState.FAILED, 3) == (run.state, len(network.computed))
    assert "(tried 3 times)" in run.because


def test_doubt_is_never_tried_again(workspace: Any, network: Any) -> None:
    """An effect in doubt is looked up, and never sent again by a `retry`, whatever that says."""
    network.reconcile = "cannot tell"
    on = ["unavailable", "rejected", "error"]
    workspace.answer(send("lost", retry={"times": 5, "wait": "1s", "on": on}, timeout="1h"))
    workspace.through("w")

    assert (["lost"], RunState.HELD) == (network.texts, workspace.run().state)


@pytest.mark.parametrize("word", ["offline", "later"])
def test_timeout(workspace: Any, network: Any, clock: Any, word: str) -> None:
    """A step that is not done in time fails when its time is over, and is not sent afterwards."""
    begin = clock.now() + timedelta(minutes=3)
    workspace.answer({"try": [send(word, timeout="50m")], "catch": [send("caught ${{ error.message }}")]})
    workspace.through("w")

    assert (RunState.DONE, 1) == (workspace.run().state, len(network.texts))
    assert network.texts[0].startswith("caught not done within 50m: ")
    assert begin + timedelta(minutes=50) == clock.now()
    assert EffectState.VETOED in {entry.state for entry in workspace.app.store.ledger.list()}


def test_on_error(workspace: Any, network: Any) -> None:
    """When a run fails, the steps of `on_error` are done once; it has failed all the same, for its own reason."""
    told = send("${{ error.step }}: ${{ error.message }}")
    run = workspace.answer(send("one"), send("no", id="bad"), on_error=[told, {"wait": "1h"}, send("afterwards")])

    assert RunState.HELD == run.state

    workspace.through("w")
    run = workspace.run()

    assert (RunState.FAILED, "bad: send no: it said no Ask nicely.") == (run.state, run.because)
    assert ["one", "bad: send no: it said no Ask nicely.", "afterwards"] == network.texts


def test_on_error_fails(workspace: Any) -> None:
    """What fails in `on_error` is told after the reason of the run itself."""
    run = workspace.answer(send("no", id="bad"), on_error=[send("no 2", id="worse")])

    assert RunState.FAILED == run.state
    assert run.because.startswith("bad: ")
    assert "; and then on_error/worse: " in run.because


def test_given_up_stays_given_up(workspace: Any, network: Any) -> None:
    """A step that was given up stays so while `on_error` waits: the run is not taken for stopped by a veto."""
    workspace.answer(send("offline", retry={"times": 1, "wait": "1s"}), on_error=[{"wait": "1d"}, send("told")])
    workspace.through("w")

    assert (RunState.FAILED, ["told"]) == (workspace.run().state, network.texts)

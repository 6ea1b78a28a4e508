"""Runs that are held go on by themselves when their time comes; those that wait for a person do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from antiphon.errors import RetryLater
from antiphon.model.effect import EffectState
from antiphon.model.run import Run, RunState

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def send(text: str) -> dict[str, Any]:
    return {"use": "net.send", "with": {"text": text}}


def wait(run: Run, since: datetime) -> float:
    assert run.not_before is not None
    return (run.not_before - since).total_seconds()


def due(workspace: Any) -> bool:
    return bool(workspace.app.store.runs.unfinished())


@pytest.mark.parametrize(
    ("text", "seconds"), [("later", 300), ("offline", 30), ("retry", 30), ("lost", 30), ("slow", 30)]
)
def test_until(workspace: Any, text: str, seconds: int) -> None:
    """A rate limit waits as long as it says; what was not sent, is in doubt, or is not finished, half a minute."""
    run = workspace.answer(send(text))
    assert (RunState.HELD, seconds) == (run.state, wait(run, workspace.clock.now()))
    workspace.clock.advance((seconds - 1) * SECOND)
    assert not due(workspace)
    workspace.clock.advance(SECOND)
    assert due(workspace)


def test_longer_and_longer(workspace: Any, network: Any) -> None:
    """Each wait is twice the one before, also over restarts; an activation comes to an end all the same."""
    run = workspace.answer(send("offline"))
    waits = []
    for _ in range(6):
        waits.append(wait(run, workspace.clock.now()))
        workspace.clock.advance((waits[-1] + 1) * SECOND)
        [run] = workspace.app.activate("w").runs
    assert [30, 60, 120, 240, 480, 900] == waits


def test_computation(workspace: Any) -> None:
    """A step that asks to come back later is asked again no sooner than it said."""
    run = workspace.answer({"use": "net.say", "with": {"how": "retry"}})
    assert (RunState.HELD, 60) == (run.state, wait(run, workspace.clock.now()))


@pytest.mark.parametrize("text", ["dead"])
def test_for_a_person(workspace: Any, network: Any, text: str) -> None:
    """What only a person can mend has no time."""
    run = workspace.answer(send(text))
    assert (RunState.HELD, None) == (run.state, run.not_before)
    workspace.clock.advance(timedelta(days=365))
    assert not due(workspace)


def test_first_branch(workspace: Any) -> None:
    """Of branches that are held, the first whose time comes wakes the run; the others are asked then as well."""
    branches = [{"id": "a", **send("dead")}, {"id": "b", **send("later")}, {"id": "c", **send("offline")}]
    run = workspace.answer({"id": "all", "parallel": {"steps": branches}})
    assert 30 == wait(run, workspace.clock.now())


def test_cannot_be_asked(workspace: Any, network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A doubt stays a doubt while the network cannot be asked; once it can, it is settled without a person."""
    workspace.answer(send("lost"))

    def closed(*_: object) -> None:
        raise RetryLater("not there", after=MINUTE)

    with monkeypatch.context() as patched:
        patched.setattr(network, "look", closed)
        workspace.clock.advance(MINUTE)
        [run] = workspace.app.activate("w").runs
        [entry] = workspace.app.store.ledger.list()
        assert (RunState.HELD, EffectState.UNKNOWN) == (run.state, entry.state)
    workspace.clock.advance(2 * MINUTE)
    [run] = workspace.app.activate("w").runs
    assert (RunState.DONE, 1) == (run.state, len(network.sent))


def test_parked_is_asked_again(workspace: Any, network: Any) -> None:
    """What nobody could tell is asked once more when a person lets the run go on."""
    workspace.answer(send("lost"))
    network.reconcile = "cannot tell"
    workspace.clock.advance(MINUTE)
    [run] = workspace.app.activate("w").runs
    assert (RunState.HELD, None) == (run.state, run.not_before)
    assert RunState.HELD is workspace.app.resume(run.id).runs[0].state
    network.reconcile = "lookup"
    assert RunState.DONE is workspace.app.resume(run.id).runs[0].state
    assert ["lost"] == network.texts

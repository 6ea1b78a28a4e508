"""Ways out: what ends a run early, looked at before every step and while it waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon import EffectState, RunState

REPLIED = {"event": {"type": "message.received", "match": {"from": "${{ event.author }}"}, "then": "replied"}}
ON_EXIT = {"replied": [{"use": "net.send", "with": {"text": "${{ exit.then }}: ${{ exit.event.text }}"}}]}


def send(text: str, **keys: Any) -> dict[str, Any]:
    return {"use": "net.send", "with": {"text": text}, **keys}


def start(workspace: Any, *actions: Any, **keys: Any) -> None:
    """A run for an event by Ana, with these steps."""
    workspace.write({"id": "w", "actions": list(actions), **keys})
    assert [] == [str(problem) for problem in workspace.app.compiled.problems]
    workspace.app.start("w", event=workspace.event({"author": "ana"}))


def reply(workspace: Any, text: str = "yes") -> None:
    workspace.hear({"from": "ana", "text": text}, id=f"m-{text}", type="message.received")


def test_while_it_waits(workspace: Any, network: Any, clock: Any) -> None:
    """An event that ends the run wakes it; the steps of that end are done, and no other."""
    start(workspace, send("one"), {"wait": "4d"}, send("two"), exit=[REPLIED], on_exit=ON_EXIT)
    workspace.settle("w")
    clock.advance(timedelta(days=1))
    reply(workspace)
    workspace.settle("w")
    run = workspace.run()

    assert ["one", "replied: yes"] == network.texts
    assert (RunState.STOPPED, True) == (run.state, run.because.startswith("replied: message.received of"))


def test_before_a_step(workspace: Any, network: Any, clock: Any) -> None:
    """What came between the call and its run ends the run before its first step, although nobody looked out by then."""
    workspace.write({"id": "w", "actions": [send("one")], "exit": [REPLIED], "on_exit": ON_EXIT})
    call = workspace.event({"author": "ana"})
    clock.advance(timedelta(minutes=1))
    reply(workspace)
    clock.advance(timedelta(minutes=1))
    workspace.app.start("w", event=call)
    workspace.settle("w")

    assert ["replied: yes"] == network.texts


def test_condition(workspace: Any, network: Any, clock: Any) -> None:
    """A condition is asked before every step, with what the steps before it gave."""
    late = {"if": "${{ now() - event.at > '3d' }}", "then": "too-late"}
    tired = {"if": "${{ steps.first.remote_id }}", "then": "enough"}
    start(workspace, send("one"), {"wait": "4d"}, send("two"), exit=[late])
    workspace.through("w")

    assert (["one"], RunState.STOPPED) == (network.texts, workspace.run().state)
    assert workspace.run().because.startswith("too-late: ")

    network.sent.clear()
    (workspace.folder / "workflows" / "w.yaml").unlink()
    workspace.write({"id": "v", "actions": [send("one", id="first"), send("two")], "exit": [tired]})
    workspace.app.start("v", event=workspace.event({"author": "ana"}, id="e2"))
    workspace.settle("v")

    assert ["one"] == network.texts


def test_what_was_held_is_not_sent(workspace: Any, network: Any, clock: Any) -> None:
    """An effect that waits for its hour is vetoed when the run is left; it never goes out afterwards."""
    hours = {"days": ["tue"], "tz": "workspace", "otherwise": "hold"}
    start(workspace, send("one", hours=hours), exit=[REPLIED])
    workspace.settle("w")
    reply(workspace)
    workspace.settle("w")
    clock.advance(timedelta(days=2))
    workspace.settle("w")
    [entry] = workspace.app.store.ledger.list()

    assert ([], EffectState.VETOED) == (network.texts, entry.state)
    assert entry.reason.startswith("replied")


def test_what_is_in_doubt_is_settled_first(workspace: Any, network: Any, clock: Any) -> None:
    """A run is not left over an effect of which nobody knows whether it happened: the network is asked before."""
    start(workspace, send("lost one"), send("two"), exit=[REPLIED], on_exit=ON_EXIT)
    workspace.settle("w")
    reply(workspace)
    clock.advance(timedelta(minutes=1))
    workspace.settle("w")
    states = {entry.effect.summary: entry.state for entry in workspace.app.store.ledger.list()}

    assert EffectState.DONE == states["send lost one"]
    assert ["lost one", "replied: yes"] == network.texts


def test_finally_comes_first(workspace: Any, network: Any) -> None:
    """`finally` comes when a run is left as well, then the steps of the end; `catch` does not."""
    tried = {"try": [{"wait": "1d"}, send("never")], "catch": [send("caught")], "finally": [send("finally")]}
    start(workspace, tried, exit=[REPLIED], on_exit=ON_EXIT)
    workspace.settle("w")
    reply(workspace)
    workspace.settle("w")

    assert ["finally", "replied: yes"] == network.texts


def test_all_branches_are_left(workspace: Any, network: Any, clock: Any) -> None:
    """When a run is left, none of its branches goes on."""
    branches = [{"try": [{"wait": w}, send(w)]} for w in ("1d", "2d")]
    start(workspace, {"parallel": {"steps": branches}}, exit=[REPLIED], on_exit=ON_EXIT)
    workspace.settle("w")
    reply(workspace)
    workspace.through("w")

    assert (["replied: yes"], RunState.STOPPED) == (network.texts, workspace.run().state)


def test_left_once(workspace: Any, network: Any, clock: Any) -> None:
    """A run is left once, by the first of its ends, also when the steps of that end wait and others come meanwhile."""
    out = {"event": {"type": "contact.opted_out", "then": "stopped"}}
    steps = {"replied": [{"wait": "1d"}, send("thanks")], "stopped": [send("bye")]}
    start(workspace, {"wait": "9d"}, exit=[REPLIED, out], on_exit=steps)
    workspace.settle("w")
    reply(workspace)
    workspace.settle("w")
    workspace.hear({}, id="o", type="contact.opted_out")
    workspace.through("w")

    assert (["thanks"], True) == (network.texts, workspace.run().because.startswith("replied"))


@pytest.mark.parametrize("at", range(1, 26, 2))
def test_cut(workspace: Any, network: Any, clock: Any, cut: Any, crash: Any, at: int) -> None:
    """Cut off at any writing, a run that is left sends once what it sends uninterrupted, and ends the same."""
    start(workspace, send("one"), {"wait": "4d"}, send("two"), exit=[REPLIED], on_exit=ON_EXIT)
    workspace.app.__dict__["store"] = cut(workspace.app.store, at=at, after=bool(at % 4 == 1))
    for act in (lambda: workspace.settle("w"), lambda: reply(workspace), lambda: workspace.settle("w")):
        try:
            act()
        except crash:
            workspace.reopen()
            act()
    workspace.reopen()
    workspace.app.route()
    workspace.settle("w")

    assert ["one", "replied: yes"] == network.texts
    assert RunState.STOPPED == workspace.run().state


def test_longest(workspace: Any, network: Any, clock: Any) -> None:
    """A run that takes longer than it may fails when its time is over, whatever it waits for; no `try` catches that."""
    tried = {"try": [{"wait": "9d"}, send("never")], "catch": [send("caught")], "finally": [send("finally")]}
    start(workspace, tried, run={"timeout": "8h"}, on_error=[send("${{ error.message }}")])
    begin = clock.now()
    workspace.through("w")
    run = workspace.run()

    assert (RunState.FAILED, "the run has taken longer than 8h") == (run.state, run.because)
    assert ["finally", "the run has taken longer than 8h"] == network.texts
    assert begin + timedelta(hours=8) == clock.now()

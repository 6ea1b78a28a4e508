"""Runs that wait: for a time or for an event, however long, over restarts, and without a place in anybody's memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antiphon import RunState
from antiphon.model.run import StepState

REPLY = {"type": "message.received", "match": {"from": "${{ event.author }}"}}
WEEK = timedelta(days=7)


def send(text: str, **keys: Any) -> dict[str, Any]:
    return {"use": "net.send", "with": {"text": text}, **keys}


def start(workspace: Any, *actions: Any, **keys: Any) -> None:
    """A run for an event by Ana, with these steps."""
    workspace.write({"id": "w", "actions": list(actions), **keys})
    assert [] == [str(problem) for problem in workspace.app.compiled.problems]
    workspace.app.start("w", event=workspace.event({"author": "ana"}))


def test_wait(workspace: Any, network: Any, clock: Any) -> None:
    """Runs wait together, and nobody holds them meanwhile: five that wait an hour need one hour."""
    workspace.write({"id": "w", "actions": [{"wait": "1h"}, send("n ${{ event.n }}")]})
    for n in range(5):
        workspace.app.start("w", event=workspace.event({"n": n}, id=f"e{n}"))
    begin = clock.now()
    workspace.settle("w")

    assert ([], ()) == (network.texts, workspace.app.unfinished())
    assert begin + timedelta(hours=1) == workspace.app.next_due("w")

    clock.advance(timedelta(hours=1))

    assert ("w",) == workspace.app.unfinished()
    assert 5 == len(workspace.settle("w").runs)
    assert 5 == len(network.texts)


@pytest.mark.parametrize(
    ("until", "due"),
    [
        ("2026-03-02T10:30", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02T10:30+00:00", datetime(2026, 3, 2, 10, 30, tzinfo=UTC)),
        ("${{ event.at }}", datetime(2026, 3, 2, 11, tzinfo=UTC)),
        ("2026-03-01T09:00Z", None),
    ],
)
def test_wait_until(workspace: Any, network: Any, clock: Any, until: str, due: datetime | None) -> None:
    """A run waits until a moment, which is read in the workflow's zone unless it says otherwise; a past one is over."""
    workspace.write({"id": "w", "tz": "Europe/Paris", "actions": [{"wait": {"until": until}}, send("x")]})
    workspace.app.start("w", event=workspace.event({"at": "2026-03-02T11:00:00+00:00"}))
    workspace.settle("w")

    if due:
        assert ([], due) == (network.texts, workspace.app.next_due("w"))
        clock.advance(due - clock.now())
        workspace.settle("w")
    assert ["x"] == network.texts


@pytest.mark.parametrize("until", ["soon", "${{ event.author }}", "9999-12-31T23:59:59-12:00"])
def test_wait_until_nothing(workspace: Any, network: Any, until: str) -> None:
    """What is no moment fails the step in words, and nothing after it is done."""
    start(workspace, {"wait": {"until": until}}, send("x"))
    workspace.settle("w")

    assert (RunState.FAILED, []) == (workspace.run().state, network.texts)
    assert "and no moment such as" in workspace.run().because


def test_wait_is_not_begun_anew(workspace: Any, network: Any, clock: Any) -> None:
    """A run that is looked at while it waits goes on when it would have gone on."""
    start(workspace, {"wait": "1h"}, send("x"))
    workspace.settle("w")
    clock.advance(timedelta(minutes=40))
    workspace.app.resume(workspace.run().id)
    clock.advance(timedelta(minutes=20))
    workspace.settle("w")

    assert ["x"] == network.texts


def test_branches_wait_apart(workspace: Any, network: Any, clock: Any) -> None:
    """A branch that waits keeps no other one waiting; what follows comes after the longest."""
    branches = [
        {"try": [{"wait": "2h"}, send("steady")]},
        {"try": [send("quick"), {"wait": "1h"}, send("soon")]},
    ]
    start(workspace, {"parallel": {"steps": branches}}, send("after"))
    begin = clock.now()
    workspace.settle("w")

    assert ["quick"] == network.texts

    workspace.through("w")

    assert ["quick", "soon", "steady", "after"] == network.texts
    assert begin + timedelta(hours=2) == clock.now()


def test_the_version_outlasts_the_wait(workspace: Any, network: Any, clock: Any) -> None:
    """A run that waits goes on with the version it began with, and so does what it has called."""
    called = {"id": "c", "actions": [{"wait": "3d"}, send("called, first version")]}
    workspace.write({"id": "w", "actions": [{"call": "c"}, send("first version")]}, called)
    workspace.app.start("w")
    workspace.settle("w")
    workspace.write({"id": "w", "actions": [send("second")]}, {**called, "actions": [send("called, second")]})
    workspace.through("w")

    assert ["called, first version", "first version"] == network.texts


def test_event(workspace: Any, network: Any, clock: Any) -> None:
    """A run goes on with the event that it waits for, and with no other; the event is the step's result."""
    start(workspace, {"id": "reply", "wait_for": {"event": REPLY}}, send("${{ steps.reply.event.text }}"))
    workspace.settle("w")
    strangers = workspace.hear({"from": "ben", "text": "me"}, id="m1", type="message.received")
    others = workspace.hear({"from": "ana", "text": "like"}, id="m2", type="like.received")

    assert ((), ()) == (strangers, others)
    assert RunState.HELD == workspace.run().state

    clock.advance(WEEK)
    woken = workspace.hear({"from": "Ana", "text": "yes"}, id="m3", type="message.received")
    workspace.settle("w")

    assert (("w",), ["yes"]) == (woken, network.texts)


@pytest.mark.parametrize(
    ("on_timeout", "state", "sent"),
    [("continue", RunState.DONE, ["nobody: true"]), ("stop", RunState.STOPPED, []), ("fail", RunState.FAILED, [])],
)
def test_timeout(workspace: Any, network: Any, clock: Any, on_timeout: str, state: RunState, sent: list[str]) -> None:
    """When nothing comes in time the run goes on, stops or fails, as is written; what comes later changes nothing."""
    wait = {"id": "reply", "wait_for": {"event": REPLY, "timeout": "4d", "on_timeout": on_timeout}}
    start(workspace, wait, send("${{ 'nobody' if not steps.reply.event else 'ana' }}: ${{ steps.reply.timed_out }}"))
    over = clock.now() + timedelta(days=4)
    workspace.through("w")

    assert over == clock.now()

    workspace.hear({"from": "ana"}, id="late", type="message.received")
    workspace.settle("w")

    assert (state, sent) == (workspace.run().state, network.texts)


def test_first_of_several(workspace: Any, network: Any, clock: Any) -> None:
    """Of several events that fit, the one that happened first counts, once, in whatever order they arrive."""
    start(workspace, {"id": "reply", "wait_for": {"event": REPLY}}, send("number ${{ steps.reply.event.n }}"))
    workspace.settle("w")
    events = []
    for n in range(3):
        clock.advance(timedelta(minutes=1))
        events.append(workspace.event({"from": "ana", "n": n}, id=f"m{n}", type="message.received"))
    workspace.app.store.events.ingest(reversed(events))
    workspace.app.route()
    workspace.settle("w")

    assert ["number 0"] == network.texts


def test_what_came_while_nobody_was_there(workspace: Any, network: Any, clock: Any, cut: Any, crash: Any) -> None:
    """An event that came after the last step, and before the worker that died could begin to wait, is not missed."""
    start(
        workspace, send("hello"), {"id": "reply", "wait_for": {"event": REPLY}}, send("${{ steps.reply.event.text }}")
    )
    store = workspace.app.store
    workspace.app.__dict__["store"] = cut(store, at=8)
    with pytest.raises(crash):
        workspace.app.activate("w")
    workspace.app.__dict__["store"] = store
    clock.advance(timedelta(seconds=5))
    workspace.hear({"from": "ana", "text": "quick"}, id="m1", type="message.received")
    workspace.reopen()
    workspace.settle("w")

    assert ["hello", "quick"] == network.texts


def test_what_came_before(workspace: Any, network: Any, clock: Any) -> None:
    """What happened before the last step was done is no answer to it, although it is heard only now."""
    old = workspace.event({"from": "ana"}, id="old", type="message.received")
    clock.advance(timedelta(minutes=1))
    start(workspace, send("hello"), {"wait_for": {"event": REPLY}}, send("never"))
    workspace.settle("w")
    workspace.app.store.events.ingest([old])
    workspace.app.route()
    workspace.settle("w")

    assert ["hello"] == network.texts
    assert RunState.HELD == workspace.run().state


def test_each_with_waits(workspace: Any, network: Any, clock: Any) -> None:
    """Each round of a loop waits anew, and for its own event: an answer to the first is none to the second."""
    loop = {
        "id": "touches",
        "each": {"in": [1, 2, 3], "as": "touch"},
        "steps": [send("touch ${{ touch }}"), {"wait_for": {"event": REPLY, "timeout": "4d"}}],
    }
    start(workspace, loop)
    workspace.settle("w")
    clock.advance(timedelta(days=1))
    workspace.hear({"from": "ana"}, id="m1", type="message.received")
    workspace.settle("w")

    assert ["touch 1", "touch 2"] == network.texts

    begin = clock.now()
    workspace.through("w")

    assert (["touch 1", "touch 2", "touch 3"], 8) == (network.texts, (clock.now() - begin).days)


def test_last_effect(workspace: Any, network: Any) -> None:
    """A run can wait for what happens to the effect that it has just done: its key is `run.last_effect`."""
    click = {"type": "link.clicked", "match": {"effect": "${{ run.last_effect }}"}}
    start(workspace, send("look", id="mail"), {"wait_for": {"event": click}}, send("${{ run.effects | length }} done"))
    workspace.settle("w")
    [key] = [key for key, _ in network.sent]
    workspace.hear({"effect": "w/other"}, id="c1", type="link.clicked")
    workspace.hear({"effect": key}, id="c2", type="link.clicked")
    workspace.settle("w")

    assert ["look", "1 done"] == network.texts


def test_planned(workspace: Any) -> None:
    """A plan says what is waited for, and what would come then."""
    done = workspace.plan({"id": "reply", "wait_for": {"event": REPLY, "timeout": "4d"}}, send("${{ steps.reply.x }}"))
    [run] = done.runs
    waits, then = run.steps

    assert (StepState.PLANNED, "waits for message.received, for 4d") == (waits.state, waits.because)
    assert StepState.PLANNED == then.state
    assert [] == workspace.app.store.subscriptions.at([])


def test_who_has_ended_waits_for_nothing(workspace: Any, clock: Any) -> None:
    """Nothing of a run that has ended is left among what is looked out for."""
    start(workspace, {"wait_for": {"event": REPLY, "timeout": "1d"}})
    workspace.settle("w")
    run = workspace.run().id

    assert 1 == len(workspace.app.store.subscriptions.of(run))

    workspace.through("w")

    assert [] == workspace.app.store.subscriptions.of(run)

"""Overlap: how the runs of a workflow get along, from the document to the network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon.errors import InputError
from antiphon.model.approval import ApprovalState
from antiphon.model.effect import EffectState
from antiphon.model.run import Run, RunState
from antiphon.runtime.lease import LEASE

SEND = {"id": "send", "use": "net.send", "with": {"text": "${{ event.text }}"}}
ASK = {"id": "ask", "approve": {"show": "${{ event.text }}", "by": {"group": "brand"}}}
HEARS = [{"id": "t", "event": {"type": "mention.received"}}]


def write(workspace: Any, *actions: Any, run: Any, **keys: Any) -> None:
    """A workflow `w` that answers what somebody says, with its rules for side by side."""
    settings = '[connections.brand]\nconnector = "net"\n[groups]\nbrand = ["ana"]\n'
    (workspace.folder / "antiphon.toml").write_text(settings, encoding="utf-8")
    workspace.write({"id": "w", "triggers": HEARS, "actions": list(actions), "run": run, **keys})
    assert [] == [str(problem) for problem in workspace.app.compiled.problems]


def say(workspace: Any, *texts: str, who: str = "ana") -> None:
    """Somebody says something, and the workflow hears of it and works."""
    events = [workspace.event({"text": text, "author": {"id": who}}, id=text) for text in texts]
    workspace.app.store.events.ingest(events)
    answer(workspace.app)


def answer(app: Any) -> None:
    """Hear of what is new, and work."""
    app.route()
    app.activate("w")


def runs(workspace: Any) -> dict[str, Run]:
    """Every run, by what was said."""
    app = workspace.app
    return {run.cause: run for run in app.store.runs.list(workflow="w", limit=1000)}


def states(workspace: Any) -> dict[str, str]:
    return {cause: run.state.value for cause, run in sorted(runs(workspace).items())}


def approve(workspace: Any, cause: str) -> None:
    """A person says yes to what a run asks."""
    app = workspace.app
    [approval] = app.store.approvals.list(run=runs(workspace)[cause].id, state=ApprovalState.PENDING)
    app.deciding.approve(approval.id, "ana")


def test_skip(workspace: Any) -> None:
    """A call that comes while a run waits, for whatever and however long, is declined with the reason, and kept."""
    write(workspace, ASK, SEND, run={"overlap": "skip"})
    say(workspace, "one")
    workspace.clock.advance(timedelta(days=30))
    say(workspace, "two", "three")

    assert {"one": "held", "two": "declined", "three": "declined"} == states(workspace)
    assert f"run {runs(workspace)['one'].id} is under way" in runs(workspace)["two"].because


def test_key(workspace: Any) -> None:
    """Only runs of the same key get into one another's way."""
    write(workspace, ASK, run={"overlap": "skip", "key": "${{ event.author.id }}"})
    say(workspace, "one", who="ana")
    say(workspace, "two", who="ben")
    say(workspace, "three", who="ana")

    assert {"one": "held", "two": "held", "three": "declined"} == states(workspace)


def test_key_of_a_person(workspace: Any) -> None:
    """A key may be the subject itself, who is told by the id."""
    write(workspace, ASK, run={"overlap": "skip", "key": "${{ subject }}"}, subject="${{ event.author }}")
    say(workspace, "one", "two")

    assert {"one": "held", "two": "declined"} == states(workspace)
    assert "w/ana" == runs(workspace)["one"].slot


@pytest.mark.parametrize("key", ["${{ event.author.age + 1 }}", "${{ event.nothing }}", "${{ '' }}"])
def test_key_that_fails(workspace: Any, key: str) -> None:
    """A call whose key cannot be told is a run that has failed with the reason; it is not lost, and in nobody's way."""
    write(workspace, SEND, run={"overlap": "skip", "key": key})
    say(workspace, "one", "two")

    assert {"one": "failed", "two": "failed"} == states(workspace)
    assert runs(workspace)["one"].because.startswith("`run.key` cannot be told: ")
    assert runs(workspace)["one"].finished_at is not None


def test_queue(workspace: Any) -> None:
    """What queues is answered in the order in which it came, one after the other."""
    write(workspace, SEND, run={"overlap": "queue"})
    say(workspace, *(f"item {n}" for n in range(9)))

    assert [f"item {n}" for n in range(9)] == workspace.network.texts
    assert {"done"} == set(states(workspace).values())


def test_queue_behind_a_wait(workspace: Any) -> None:
    """The next of a queue begins by itself once the one before it has ended."""
    write(workspace, ASK, SEND, run={"overlap": "queue"})
    say(workspace, "1", "2", "3")
    assert {"1": "held", "2": "queued", "3": "queued"} == states(workspace)
    approve(workspace, "1")
    assert ("w",) == workspace.app.unfinished()
    workspace.app.activate("w")

    assert {"1": "done", "2": "held", "3": "queued"} == states(workspace)


def test_max(workspace: Any) -> None:
    """As many as `max` run side by side, and the others queue, as many as may."""
    write(workspace, ASK, run={"max": 2, "queue_max": 1})
    say(workspace, "1", "2", "3", "4")

    assert {"1": "held", "2": "held", "3": "queued", "4": "declined"} == states(workspace)


def test_restart(workspace: Any) -> None:
    """The earlier run ends with the reason, what it asked and held with it; the new one begins then."""
    write(workspace, SEND, ASK, run={"overlap": "restart"})
    say(workspace, "later one")
    assert {"later one": "held"} == states(workspace)
    say(workspace, "two")

    found = runs(workspace)
    assert {"later one": "stopped", "two": "held"} == states(workspace)
    assert f"restarted by run {found['two'].id}" == found["later one"].because
    assert [EffectState.VETOED] == [one.state for one in workspace.app.store.ledger.list(run=found["later one"].id)]
    assert ["two"] == workspace.network.texts


def test_restart_while_asking(workspace: Any) -> None:
    """A question of a run that was restarted is void: nobody is left who could act on the answer."""
    write(workspace, ASK, run={"overlap": "restart"})
    say(workspace, "one")
    say(workspace, "two")
    questions = {one.run: one.state for one in workspace.app.store.approvals.list()}

    found = runs(workspace)
    assert {found["one"].id: ApprovalState.VOID, found["two"].id: ApprovalState.PENDING} == questions


def test_restart_while_at_work(workspace: Any) -> None:
    """A run that is being worked on is asked to end; until it has, the new one does not begin."""
    write(workspace, SEND, run={"overlap": "restart"})
    app = workspace.app
    first = app.start("w", event=workspace.event({"text": "one"}, id="one"), trigger="t")
    assert app.store.runs.claim(first.id, "another worker", LEASE)
    say(workspace, "two")

    assert {"one": "running", "two": "queued"} == states(workspace)
    assert app.store.runs.asked_to_end(first.id).startswith("restarted by run ")
    app.store.runs.finish(first.id, RunState.STOPPED, because="asked to")
    app.activate("w")
    assert ["two"] == workspace.network.texts


def test_restart_between_two_steps(workspace: Any) -> None:
    """A run that is restarted while it works ends before its next step; what it has sent, it has sent."""
    again = {"id": "again", "use": "net.send", "with": {"text": "${{ event.text }} again"}}
    write(workspace, SEND, again, run={"overlap": "restart"})

    def interrupts(effect: Any) -> None:
        if effect.payload["text"] == "one":
            workspace.app.store.events.ingest([workspace.event({"text": "two"}, id="two")])
            workspace.app.route()

    workspace.network.vetoes = interrupts
    say(workspace, "one")

    assert ["one", "two", "two again"] == workspace.network.texts
    assert {"one": "stopped", "two": "done"} == states(workspace)


def test_restart_of_a_dead_worker(workspace: Any) -> None:
    """A run whose worker died ends as it was asked to, as soon as anybody takes it up."""
    write(workspace, SEND, run={"overlap": "restart"})
    first = workspace.app.start("w", event=workspace.event({"text": "one"}, id="one"), trigger="t")
    assert workspace.app.store.runs.claim(first.id, "dead", LEASE)
    say(workspace, "two")
    workspace.reopen()
    workspace.app.activate("w")

    assert {"one": "stopped", "two": "done"} == states(workspace)
    assert ["two"] == workspace.network.texts


def test_news(workspace: Any) -> None:
    """Whoever waits for the end of a run hears of one that was skipped."""
    heard = {"use": "net.send", "with": {"text": "${{ event.state }}"}}
    waits = {"id": "waits", "triggers": [{"id": "t", "workflow": {"id": "w", "state": "declined"}}], "actions": [heard]}
    workspace.write(waits)
    write(workspace, ASK, run={"overlap": "skip"})
    say(workspace, "one", "two")
    workspace.app.route()
    workspace.app.activate("waits")

    assert ["declined"] == workspace.network.texts
    assert ["two"] == [run.cause for run in workspace.network.observed if run.state is RunState.DECLINED]


def test_by_hand(workspace: Any) -> None:
    """What a person starts is held to the same rules, and the person is told."""
    write(workspace, ASK, run={"overlap": "queue", "queue_max": 1})
    say(workspace, "one")
    second, third = (workspace.app.start("w", event=workspace.event({"text": n}, id=n)) for n in ("two", "three"))

    assert (RunState.QUEUED, RunState.DECLINED) == (second.state, third.state)
    with pytest.raises(InputError, match="waits for its turn"):
        workspace.app.resume(second.id)


def test_queued_is_stopped(workspace: Any) -> None:
    """A person may stop a run that waits for its turn."""
    write(workspace, ASK, run={"overlap": "queue"})
    say(workspace, "one", "two", "three")
    assert "" == workspace.app.undoer.stop(runs(workspace)["two"], "not wanted any more")
    approve(workspace, "one")
    workspace.app.activate("w")

    assert {"one": "done", "two": "stopped", "three": "held"} == states(workspace)


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("after", [False, True])
def test_cut(workspace: Any, cut: Any, crash: Any, at: int, after: bool) -> None:
    """A process that dies anywhere between hearing and sending loses no place in the queue, and sends nothing twice."""
    write(workspace, SEND, run={"overlap": "queue"})
    app = workspace.app
    app.store.events.ingest([workspace.event({"text": f"item {n}"}, id=f"item {n}") for n in range(3)])
    app.__dict__["store"] = cut(app.store, at=at, after=after)
    with pytest.raises(crash):
        answer(app)
    workspace.reopen()
    answer(workspace.app)

    assert [f"item {n}" for n in range(3)] == workspace.network.texts

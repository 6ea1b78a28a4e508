"""Settling, gathering and spreading, from the document to the network."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from antiphon.model.run import RunState

MINUTE = timedelta(minutes=1)
HEARS = [{"id": "t", "event": {"type": "mention.received"}}, {"id": "by_hand", "manual": {}}]
SEND = {"use": "net.send", "with": {"text": "${{ event.text }}"}}
SEND_ALL = {"use": "net.send", "with": {"text": "${{ trigger.events | map(attribute='text') | join(', ') }}"}}


def write(workspace: Any, *actions: Any, **run: Any) -> None:
    workspace.write({"id": "w", "triggers": HEARS, "actions": list(actions), "run": run})
    assert [] == [str(problem) for problem in workspace.app.compiled.problems]


def say(workspace: Any, text: str, who: str = "ana") -> None:
    """Somebody says something, and whoever is due answers."""
    event = workspace.event({"text": text, "author": {"id": who}}, id=text)
    workspace.app.store.events.ingest([event])
    workspace.app.route()
    passes(workspace, timedelta(0))


def passes(workspace: Any, length: timedelta) -> None:
    """Time goes by, and what is due is done."""
    workspace.clock.advance(length)
    for workflow in workspace.app.unfinished():
        workspace.app.activate(workflow)


def test_settle(workspace: Any) -> None:
    """Of what a person says in one breath the last is answered, once there is quiet; each person has their own."""
    write(workspace, SEND, settle="5m", key="${{ event.author.id }}")
    for n in range(4):
        say(workspace, f"ana {n}")
        say(workspace, f"ben {n}", who="ben")
        passes(workspace, 4 * MINUTE)
    assert [] == workspace.network.texts
    passes(workspace, MINUTE)

    assert ["ana 3", "ben 3"] == sorted(workspace.network.texts)
    assert 6 == len(workspace.app.store.runs.list(state=RunState.DECLINED))


def test_settle_max(workspace: Any) -> None:
    """Who never stops is answered all the same."""
    write(workspace, SEND, settle="5m", settle_max="12m")
    for n in range(6):
        say(workspace, f"item {n}")
        passes(workspace, 4 * MINUTE)

    assert ["item 2", "item 5"] == workspace.network.texts


def test_gather(workspace: Any) -> None:
    """What comes within the time is answered in one go, in the order in which it came."""
    write(workspace, SEND_ALL, gather="10m")
    for n in range(4):
        say(workspace, f"item {n}")
        passes(workspace, 3 * MINUTE)

    assert ["item 0, item 1, item 2, item 3"] == workspace.network.texts


def test_gather_max(workspace: Any) -> None:
    """What is full is answered at once."""
    write(workspace, SEND_ALL, gather="10m", gather_max=2)
    for n in range(5):
        say(workspace, f"item {n}")

    assert ["item 0, item 1", "item 2, item 3"] == workspace.network.texts


def test_restarted_process(workspace: Any) -> None:
    """What has been gathered outlives the process that heard it."""
    write(workspace, SEND_ALL, gather="10m")
    say(workspace, "one")
    workspace.reopen()
    say(workspace, "two")
    workspace.reopen()
    passes(workspace, 10 * MINUTE)

    assert ["one, two"] == workspace.network.texts


def test_by_hand(workspace: Any) -> None:
    """What a person starts waits for nobody; the event they give is the only one."""
    write(workspace, SEND_ALL, gather="10m")
    workspace.app.start("w", event=workspace.event({"text": "now"}), trigger="t")
    passes(workspace, timedelta(0))

    assert ["now"] == workspace.network.texts


def test_plan(workspace: Any) -> None:
    """A plan shows what one event alone would come to."""
    write(workspace, SEND_ALL, gather="10m")
    plan = workspace.app.plan("w", events=[workspace.event({"text": "one"})], trigger="t")

    assert ["send one"] == [entry.effect.summary for entry in plan.entries]


@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("after", [False, True])
def test_cut(workspace: Any, cut: Any, crash: Any, at: int, after: bool) -> None:
    """Whichever writing a crash interrupts, every event is in exactly one answer."""
    write(workspace, SEND_ALL, gather="10m")
    say(workspace, "item 0")
    workspace.reopen()
    app = workspace.app
    app.store.events.ingest([workspace.event({"text": f"item {n}"}, id=f"item {n}") for n in (1, 2)])
    app.__dict__["store"] = cut(app.store, at=at, after=after)
    with pytest.raises(crash):
        everything(workspace)
    workspace.reopen()
    everything(workspace)

    assert ["item 0, item 1, item 2"] == workspace.network.texts


def everything(workspace: Any) -> None:
    workspace.app.route()
    passes(workspace, 10 * MINUTE)


def jittered(workspace: Any, **schedule: Any) -> None:
    told = {"use": "net.send", "with": {"text": "${{ trigger.scheduled_at }}"}}
    every = {"every": "1h", "max_late": "15m", **schedule}
    workspace.write({"id": "w", "triggers": [{"id": "s", "schedule": every}], "actions": [told]})


def test_jitter(workspace: Any) -> None:
    """Each tick begins at a moment of its own within the time, and knows when it was due."""
    jittered(workspace, jitter="30m")
    begun: dict[str, datetime] = {}
    for _ in range(8):
        due = workspace.clock.now()
        assert 1 == workspace.app.wake("w", "s", due)
        for _ in range(60):
            passes(workspace, MINUTE)
            begun |= {text: workspace.clock.now() for text in workspace.network.texts if text not in begun}
    late = [at - datetime.fromisoformat(text) for text, at in begun.items()]

    assert 8 == len(late)
    assert all(timedelta(0) <= one <= 31 * MINUTE for one in late)
    assert len(set(late)) > 3


def test_jitter_is_no_chance(workspace: Any) -> None:
    """The same tick begins at the same moment, whoever works it out and how often."""
    jittered(workspace, jitter="30m")
    due = workspace.clock.now()
    workspace.app.wake("w", "s", due)
    [first] = workspace.app.store.runs.list()
    workspace.clock.advance(MINUTE)
    assert 0 == workspace.app.wake("w", "s", due)

    assert [first.not_before] == [run.not_before for run in workspace.app.store.runs.list()]
    assert due < (first.not_before or due) < due + 30 * MINUTE


def test_jitter_is_not_late(workspace: Any) -> None:
    """What comes too late is judged by the time that was due, and what is begun late by jitter is not too late."""
    jittered(workspace, jitter="30m")

    assert 0 == workspace.app.wake("w", "s", workspace.clock.now() - 16 * MINUTE)
    assert 1 == workspace.app.wake("w", "s", workspace.clock.now() - 14 * MINUTE)
    passes(workspace, timedelta(hours=1))
    assert 1 == len(workspace.network.texts)


def test_gather_what_several_events_came_to(workspace: Any) -> None:
    """A pattern brings its own events: what is gathered of two bursts has those of both, each once."""
    burst = {"id": "t", "burst": {"event": "mention.received", "at_least": 2, "within": "5m"}}
    any_two = {"id": "u", "burst": {"event": "mention.received", "at_least": 3, "within": "5m"}}
    workspace.write({"id": "w", "triggers": [burst, any_two], "actions": [SEND_ALL], "run": {"gather": "10m"}})
    for text in ("one", "two", "three"):
        say(workspace, text)
    passes(workspace, 10 * MINUTE)

    assert ["one, two, three"] == workspace.network.texts


def test_gather_one_burst(workspace: Any) -> None:
    """A burst that is gathered alone has all of its events, and not only the one that completed it."""
    burst = {"id": "t", "burst": {"event": "mention.received", "at_least": 2, "within": "5m"}}
    workspace.write({"id": "w", "triggers": [burst], "actions": [SEND_ALL], "run": {"gather": "10m"}})
    for text in ("one", "two"):
        say(workspace, text)
    passes(workspace, 10 * MINUTE)

    assert ["one, two"] == workspace.network.texts

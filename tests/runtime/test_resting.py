"""Resting: a trigger that only fails is stopped, and says so."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon import Page
from antiphon.model.event import Event

SEND = {"use": "net.send", "with": {"text": "${{ event.text }}"}}
HEARS = {"id": "t", "event": {"type": "mention.received"}}


def write(workspace: Any, *documents: Any, after: int = 3, trigger: Any = HEARS) -> None:
    settings = '[connections.brand]\nconnector = "net"\n[alerts]\nto = ["json://127.0.0.1:9/"]\ngroup = "0s"\n'
    (workspace.folder / "antiphon.toml").write_text(settings, encoding="utf-8")
    by_hand = {"id": "by_hand", "manual": {}}
    mine = {"id": "w", "triggers": [trigger, by_hand], "actions": [SEND], "run": {"stop_after": after}}
    workspace.write(mine, *documents)
    assert [] == [str(problem) for problem in workspace.app.compiled.problems]


def say(workspace: Any, *texts: str) -> list[str]:
    """Somebody says things, one after the other; what became of each."""
    states = []
    for text in texts:
        workspace.app.store.events.ingest([workspace.event({"text": text}, id=text)])
        workspace.app.route()
        workspace.app.activate("w")
        workspace.clock.sleep(1)
        states += [run.state.value for run in workspace.app.store.runs.list() if run.cause == text]
    return states


def test_stops(workspace: Any) -> None:
    """After so many failures in a row a trigger answers nothing more; what comes is declined with the reason."""
    write(workspace)

    assert ["failed", "failed", "failed", "declined"] == say(workspace, "no 1", "no 2", "no 3", "hello")
    [rest] = workspace.app.store.rests.standing()
    assert ("w", "t") == (rest.workflow, rest.trigger)
    assert rest.because.startswith("3 runs failed in a row, the last one because net-send: send no 3: it said no")


def test_in_a_row(workspace: Any) -> None:
    """One success begins the count anew; what was declined is neither."""
    write(workspace)

    assert {"failed", "done"} == set(say(workspace, "no 1", "no 2", "yes", "no 3", "no 4"))
    assert [] == workspace.app.store.rests.standing()


def test_tells(workspace: Any) -> None:
    """That a trigger was stopped is an event and an alert, each once, also when many fail side by side."""
    told = {"use": "net.send", "with": {"text": "${{ event.workflow }}/${{ event.trigger }}"}}
    listens = {"id": "listens", "triggers": [{"id": "t", "event": {"type": "trigger.stopped"}}], "actions": [told]}
    write(workspace, listens)
    app = workspace.app
    app.store.events.ingest([workspace.event({"text": f"no {n}"}, id=f"no {n}") for n in range(20)])
    app.route()
    app.activate("w")
    app.route()
    app.activate("listens")
    app.alerts.deliver()
    titles = [message.title for message in app.store.alerts.list()]

    assert ["w/t"] == workspace.network.texts
    assert ["Antiphon: 20 runs failed", "Antiphon: a trigger was stopped"] == sorted(titles)


def test_starts_again(workspace: Any) -> None:
    """A person starts it again; what failed before does not count, what came meanwhile stays declined."""
    write(workspace)
    say(workspace, "no 1", "no 2", "no 3", "lost")
    assert workspace.app.store.rests.start("w", "t", by="ana") is not None
    assert workspace.app.store.rests.start("w", "t", by="ana") is None

    assert ["done", "failed", "failed"] == say(workspace, "hello", "no 4", "no 5")
    assert ["failed", "declined"] == say(workspace, "no 6", "no 7")


def test_poll_waits(workspace: Any, network: Any) -> None:
    """A poll that rests does not ask: what it would have heard waits at the source."""
    source = {"source": "net.items", "with": {"connection": "brand"}, "first_run": "fire"}
    write(workspace, after=1, trigger={"id": "t", "poll": source})
    at = workspace.clock.now()
    network.pages = {
        None: Page([Event("1", "item.seen", at, {"text": "no"})], "1"),
        "1": Page([Event("2", "item.seen", at, {"text": "hello"})], "2"),
        "2": Page([], "2"),
    }
    workspace.app.wake("w", "t")
    workspace.app.activate("w")
    assert 0 == workspace.app.wake("w", "t")
    workspace.app.store.rests.start("w", "t", by="ana")
    workspace.app.wake("w", "t")
    workspace.app.activate("w")

    assert ["hello"] == network.texts


def test_by_hand(workspace: Any) -> None:
    """A person may still start a workflow whose trigger rests."""
    write(workspace)
    workspace.app.resting.stop("w", "t", "tidying up", by="ana")
    assert ["declined"] == say(workspace, "hello")
    workspace.app.start("w", event=workspace.event({"text": "by hand"}), trigger="t")
    workspace.app.activate("w")

    assert ["by hand"] == workspace.network.texts


@pytest.mark.parametrize("text", ["no", "giveup"])
def test_key_that_fails(workspace: Any, text: str) -> None:
    """A run that failed as it was opened counts like any other."""
    write(workspace)
    document = {"stop_after": 2, "overlap": "skip", "key": "${{ event.nothing }}"}
    workspace.write({"id": "w", "triggers": [HEARS], "actions": [SEND], "run": document})

    assert ["failed", "failed", "declined"] == say(workspace, f"{text} 1", f"{text} 2", f"{text} 3")

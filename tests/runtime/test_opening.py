"""Opening: every call opens its runs once, and none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from antiphon import Event, GiveUp, Page, RetryLater
from antiphon.errors import AntiphonError, InputError

SEND = {"use": "net.send", "with": {"text": "${{ event.text }}"}}
POLL = {"source": "net.items", "with": {"connection": "brand"}}


def item(n: int) -> Event:
    return Event(f"item:{n}", "item.seen", datetime(2026, 3, 1, 9, n, tzinfo=UTC), {"text": f"item {n}"}, "net")


def listen(workspace: Any, **options: Any) -> None:
    workspace.write({"id": "w", "triggers": [{"id": "p", "poll": {**POLL, **options}}], "actions": [SEND]})


def everything(workspace: Any) -> list[str]:
    """Route and activate until nothing is left; the texts that went out."""
    workspace.app.route()
    for workflow in workspace.app.unfinished():
        workspace.app.activate(workflow)
    texts: list[str] = workspace.network.texts
    return texts


def test_tick(workspace: Any, clock: Any) -> None:
    """A tick opens one run, in whatever zone and however often it is told."""
    workspace.write({"id": "w", "triggers": [{"id": "s", "schedule": {"cron": "0 9 * * *"}}]})
    due = clock.now()
    opened = [workspace.app.wake("w", "s", due.astimezone(timezone(timedelta(hours=n)))) for n in (0, 0, 1, -5)]

    assert [1, 0, 0, 0] == opened


@pytest.mark.parametrize(("late", "opened"), [(timedelta(minutes=14), 1), (timedelta(minutes=16), 0)])
def test_misfire(workspace: Any, clock: Any, late: timedelta, opened: int) -> None:
    """A tick that comes too late is passed over."""
    workspace.write({"id": "w", "triggers": [{"id": "s", "schedule": {"cron": "0 9 * * *", "max_late": "15m"}}]})

    assert opened == workspace.app.wake("w", "s", clock.now() - late)


def test_seed(workspace: Any, network: Any) -> None:
    """The first asking learns what is there, page by page, and answers nothing; later items are answered."""
    hears = {"id": "hears", "triggers": [{"id": "t", "event": {"type": "item.seen"}}], "actions": [SEND]}
    workspace.write(hears)
    listen(workspace)
    network.pages = {
        None: Page([item(1), item(2)], "2", more=True),
        "2": Page([item(3)], "3"),
        "3": Page([item(4)], "4"),
        "4": Page([], "4"),
    }

    assert 0 == workspace.app.wake("w", "p")
    assert [] == everything(workspace)
    assert [1, 0, 0] == [workspace.app.wake("w", "p") for _ in range(3)]
    assert ["item 4", "item 4"] == everything(workspace)


def test_seed_interrupted(workspace: Any, network: Any) -> None:
    """A first asking that breaks off between two pages begins anew: what was there before is never taken for news."""
    listen(workspace)
    network.pages = {None: Page([item(1)], "1", more=True), "1": RetryLater("not now", after=timedelta(minutes=1))}
    with pytest.raises(RetryLater):
        workspace.app.wake("w", "p")
    network.pages = {None: Page([item(1)], "1", more=True), "1": Page([item(2)], "2"), "2": Page([item(3)], "3")}

    assert [0, 1] == [workspace.app.wake("w", "p") for _ in range(2)]
    assert ["item 3"] == everything(workspace)


@pytest.mark.parametrize("after", [False, True])
def test_seed_killed(workspace: Any, network: Any, cut: Any, crash: type[BaseException], after: bool) -> None:
    """Whichever writing of a first asking a crash interrupts, no other workflow is offered what was there before."""
    hears = {"id": "hears", "triggers": [{"id": "t", "event": {"type": "item.seen"}}], "actions": [SEND]}
    workspace.write(hears)
    listen(workspace)
    network.pages = {None: Page([item(1)], "1"), "1": Page([], "1")}
    for at in range(1, 10):
        store = cut(workspace.app.store, at, after)
        opening = replace(workspace.app.opening, store=store)
        try:
            opening.poll(workspace.app.program("w"), workspace.app.program("w").triggers[0])
        except crash:
            assert [] == everything(workspace)
        else:
            assert [] == everything(workspace)
            return
    raise AssertionError("a first asking writes down more than this test foresees")


def test_first_run_fires(workspace: Any, network: Any) -> None:
    """With `first_run: fire` the old items are answered, those that match."""
    listen(workspace, first_run="fire", match={"text": {"contains": "2"}})
    network.pages = {None: Page([item(1), item(2)], "2")}
    workspace.app.wake("w", "p")

    assert ["item 2"] == everything(workspace)


@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("after", [False, True])
def test_cut_poll(workspace: Any, network: Any, cut: Any, crash: Any, at: int, after: bool) -> None:
    """A poll that is cut off between keeping, opening and moving on loses nothing and answers each item once."""
    listen(workspace, first_run="fire")
    network.pages = {None: Page([item(1), item(2)], "2"), "2": Page([item(3)], "3"), "3": Page([], "3")}
    workspace.app.__dict__["store"] = cut(workspace.app.store, at=at, after=after)
    try:
        workspace.app.wake("w", "p")
    except crash:
        workspace.reopen()
        workspace.app.wake("w", "p")
    workspace.app.wake("w", "p")
    workspace.app.wake("w", "p")

    assert ["item 1", "item 2", "item 3"] == sorted(everything(workspace))


@pytest.mark.parametrize("error", [RetryLater("busy", after=timedelta(minutes=1)), GiveUp("the token is dead")])
def test_source_that_fails(workspace: Any, network: Any, error: AntiphonError) -> None:
    """A source that fails leaves the cursor where it was."""
    listen(workspace, first_run="fire")
    network.pages = {None: Page([item(1)], "1"), "1": error}
    workspace.app.wake("w", "p")
    with pytest.raises(type(error)):
        workspace.app.wake("w", "p")
    assert "1" == workspace.app.position("w", "p")
    network.pages["1"] = Page([item(2)], "2")
    workspace.app.wake("w", "p")

    assert ["item 1", "item 2"] == sorted(everything(workspace))


def test_moved_back(workspace: Any, network: Any) -> None:
    """A poll that is moved back answers nothing again; what asks no source cannot be moved."""
    listen(workspace, first_run="fire")
    network.pages = {None: Page([item(1)], "1"), "0": Page([item(1)], "1")}
    workspace.app.wake("w", "p")
    workspace.app.move("w", "p", "0")
    assert 0 == workspace.app.wake("w", "p")
    workspace.write({"id": "by_hand"})

    for ask in (workspace.app.position, lambda *where: workspace.app.move(*where, "0")):
        with pytest.raises(InputError, match="asks no source"):
            ask("by_hand", "by_hand")


@pytest.mark.parametrize("at", range(1, 3))
@pytest.mark.parametrize("after", [False, True])
def test_cut_route(workspace: Any, network: Any, cut: Any, crash: Any, at: int, after: bool) -> None:
    """Routing that is cut off offers every event, and opens each run once."""
    workspace.write({"id": "w", "triggers": [{"id": "t", "event": {"type": "item.seen"}}], "actions": [SEND]})
    workspace.app.store.events.ingest([item(n) for n in range(5)])
    workspace.app.__dict__["store"] = cut(workspace.app.store, at=at, after=after)
    with pytest.raises(crash):
        workspace.app.route()
    workspace.reopen()

    assert [f"item {n}" for n in range(5)] == sorted(everything(workspace))


def test_many_events(workspace: Any) -> None:
    """Ten thousand events are each offered once to each workflow."""
    triggers = [{"id": "t", "event": {"type": "item.seen", "match": {"n": 7}}}]
    workspace.write({"id": "w", "triggers": triggers})
    at = workspace.clock.now()
    workspace.app.store.events.ingest_many(Event(f"e{n}", "item.seen", at, {"n": n % 1000}) for n in range(10_000))

    assert ("w",) == workspace.app.route()
    assert () == workspace.app.route()
    assert 10 == len(workspace.app.store.runs.list())


@pytest.mark.parametrize("heard", ["*", "a", "b"])
def test_chains_end(workspace: Any, heard: str) -> None:
    """Workflows that wake themselves or each other come to rest, each answering one call once."""
    everyone = {"workflow": {"id": heard, "state": ["done", "failed", "stopped", "declined"]}}
    emits = {"event": {"type": "a.happened"}}
    workspace.write(
        *(
            {
                "id": name,
                "triggers": [{"id": "t", **everyone}, {"id": "e", **emits}, {"id": "m", "manual": {}}],
                "actions": [{"emit": "a.happened"}],
            }
            for name in ("a", "b", "c")
        )
    )
    workspace.app.start("a")
    rounds = 0
    while todo := {*workspace.app.route(), *workspace.app.unfinished()}:
        rounds += 1
        for workflow in todo:
            workspace.app.activate(workflow)
        assert rounds < 10

    runs = workspace.app.store.runs.list(limit=1000)
    assert 1 == sum(run.workflow == "a" for run in runs)
    assert {run.workflow for run in runs} == {"a", "b", "c"}


def test_run_finished_is_never_lost(workspace: Any, network: Any, cut: Any, crash: Any) -> None:
    """Whoever waits for the end of a run hears of it, even if the process dies right after that end."""
    heard = {"use": "net.send", "with": {"text": "heard"}}
    ends = {"id": "ends", "triggers": [{"id": "t", "workflow": {"id": "w"}}], "actions": [heard]}
    workspace.write({"id": "w"}, ends)
    workspace.app.start("w")
    workspace.app.__dict__["store"] = proxy = cut(workspace.app.store, at=10**6)
    finish = type(proxy.store.runs).finish

    def dying(self: Any, *args: Any, **keys: Any) -> None:
        finish(self, *args, **keys)
        raise crash

    type(proxy.store.runs).finish = dying
    try:
        with pytest.raises(crash):
            workspace.app.activate("w")
    finally:
        type(proxy.store.runs).finish = finish
    workspace.reopen()

    assert ["heard"] == everything(workspace)

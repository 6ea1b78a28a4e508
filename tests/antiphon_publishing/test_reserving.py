"""Reservations: every run its own slot, the same one however often it asks, and none that stays with the dead."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from antiphon.model.event import Event
from antiphon.model.plan import Call
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock
from antiphon_publishing.reserving import KIND, reservations
from antiphon_publishing.slots import moments

from .conftest import Studio, opened

SLOT = {"id": "slot", "use": "queue.slot", "with": {"queue": "brand"}}
WAIT = {"wait": {"until": "${{ steps.slot.at }}"}}
POST = {"id": "post", "use": "post.publish", "with": {"connection": "brand", "text": "${{ event.text }}"}}


@pytest.fixture
def studio(tmp_path: Path, store_url: str, clock: VirtualClock) -> Iterator[Studio]:
    """A studio on each of the databases: each locks in its own way."""
    with opened(tmp_path, store_url, clock) as studio:
        yield studio


def at(studio: Studio) -> list[tuple[str, str]]:
    """The slots that are taken, as the clock of Paris shows them, with their queues."""
    found = sorted(reservations(studio.app.store.records), key=lambda one: one.at)
    return [(f"{one.at.astimezone(studio.app.timezone):%a %H:%M}", one.queue) for one in found]


def test_c2_next_free_slot(studio: Studio, clock: VirtualClock) -> None:
    """C2: each run gets the next free slot, is laid down until then, and posts in it."""
    studio.write(SLOT, WAIT, POST)
    for n in range(3):
        assert RunState.HELD == studio.say(f"e{n}", text=f"post {n}").state

    assert [("Mon 17:30", "brand"), ("Thu 12:15", "brand"), ("Mon 09:00", "brand")] == at(studio)
    assert [] == studio.texts(studio.brand)

    clock.advance(timedelta(hours=7, minutes=30))
    studio.app.activate("launch")

    assert ["post 0"] == studio.texts(studio.brand)
    assert datetime(2026, 3, 5, 12, 15) == studio.app.next_due("launch").astimezone(  # type: ignore[union-attr]
        studio.app.timezone
    ).replace(tzinfo=None)


def test_c2_queues_of_one_account(studio: Studio) -> None:
    """C2: named queues have their own times, and two of one account never share a moment."""
    slot = {**SLOT, "with": {"queue": "${{ event.queue }}"}}
    studio.write(slot, WAIT)
    for n, queue in enumerate(("brand", "brand", "evergreen", "evergreen")):
        studio.say(f"e{n}", queue=queue)

    assert [("Mon 17:30", "brand"), ("Thu 12:15", "brand"), ("Sun 10:00", "evergreen"), ("Thu 12:15", "evergreen")] == (
        at(studio)
    )


def test_the_same_slot_again(studio: Studio, clock: VirtualClock) -> None:
    """A run that is taken up again, and an event that comes again, have the slot that they had."""
    studio.write(SLOT, WAIT, POST)
    first = studio.say(text="once")
    clock.advance(timedelta(hours=1))
    again = studio.say(text="once")

    assert first.id == again.id
    assert [("Mon 17:30", "brand")] == at(studio)


def test_many_at_once(studio: Studio) -> None:
    """Of runs that ask at the same moment, each gets a slot of its own."""
    studio.write(SLOT, WAIT)
    events = [studio.app.start("launch", inputs={}, cause=f"c{n}") for n in range(12)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: studio.app.activate("launch"), range(4)))

    assert 12 == len(events) == len(list(reservations(studio.app.store.records)))
    assert 12 == len({one.at for one in reservations(studio.app.store.records)})


def test_free_again(studio: Studio) -> None:
    """The slot of a run that fails or is stopped is free again; that of one that is done stays with it."""
    fails: dict[str, Any] = {"stop": {"because": "no", "failed": "${{ event.fails }}"}}
    ends = {"if": "${{ event.ends == 'done' }}", "then": [], "else": [fails | {"stop": {"because": "no"}}]}
    studio.write(SLOT, ends)

    stopped, done = studio.say("e1", ends="stopped"), studio.say("e2", ends="done")

    assert (RunState.STOPPED, RunState.DONE) == (stopped.state, done.state)
    assert [("Mon 17:30", "brand")] == at(studio)


def test_undo(studio: Studio) -> None:
    """To undo a reservation lets it go."""
    studio.write(SLOT, WAIT)
    run = studio.say()

    studio.app.undoer.undo(studio.app.undoer.of_run(run), "changed our minds")

    assert [] == at(studio)


def test_plan(studio: Studio, clock: VirtualClock) -> None:
    """A plan says that a slot would be reserved, and reserves none."""
    studio.write(SLOT, WAIT, POST)

    event = Event("e1", "launch.asked", clock.now(), {"text": "later"})
    plan = studio.app.planner.draft(studio.app.program("launch"), [Call.of(event, trigger="asked")])

    slot, post = (one.effect.summary for one in plan.effects)
    assert ("Reserve the next free slot of brand", True) == (slot, post.endswith("“later”"))
    assert [] == at(studio)


def test_plan_stands(studio: Studio, clock: VirtualClock) -> None:
    """A plan does not say which slot it will be: it can be applied an hour later, and gets the next free one then."""
    studio.write(SLOT, WAIT, POST)
    event = Event("e1", "launch.asked", clock.now(), {"text": "later"})
    plan = studio.app.planner.draft(studio.app.program("launch"), [Call.of(event, trigger="asked")])
    studio.app.store.plans.keep(plan)
    clock.advance(timedelta(hours=1))

    studio.app.applier.apply(plan)

    assert [("Mon 17:30", "brand")] == at(studio)


def test_notice(studio: Studio) -> None:
    """A slot that comes too soon is left to others."""
    studio.write({**SLOT, "with": {"queue": "brand", "notice": "1d"}}, WAIT)
    studio.say()

    assert [("Thu 12:15", "brand")] == at(studio)


def test_full(studio: Studio, clock: VirtualClock) -> None:
    """When no slot is free within a year, the step fails and says what to do."""
    (studio.folder / "slots.toml").write_text('tz = "UTC"\n[queues.brand]\nmon = ["09:00"]\n')
    them = {"key": "k", "run": "r", "workflow": "w", "queue": "brand"}
    taken = {at.isoformat(): them for at in moments({"mon": ("09:00",)}, ZoneInfo("UTC"), clock.now(), 400)}
    studio.app.store.records.put(KIND, "brand", taken, clock.now())
    studio.write(SLOT)

    run = studio.say()

    assert RunState.FAILED == run.state
    assert "No slot of brand is free within 366 days. Give it more times in slots.toml." in run.because

"""Undoing what was done, and stopping what is to come."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.app import Antiphon
from antiphon.model.effect import EffectState
from antiphon.model.run import RunState
from antiphon.model.undo import UndoWay
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind

from .brand import BOOST, LIKE, POST, THREAD, TICKET, Brand, branded

REPORT = {"id": "report", "use": "report.write", "with": {"name": "weekly", "sections": ["runs"]}}


@pytest.fixture
def brand(tmp_path: Path, store_url: str, clock: VirtualClock) -> Iterator[Brand]:
    with branded(tmp_path, store_url, clock) as brand:
        yield brand


def seen(brand: Brand) -> list[tuple[object, ...]]:
    """All that the network shows: who said what, who boosted it, and who liked it."""
    return [(one.id, one.text, sorted(one.reblogs), sorted(one.favourited_by)) for one in brand.network.statuses()]


def undo(brand: Brand, run: str) -> list[EffectState]:
    """Undo a run; the states of the undoing effects."""
    known = brand.app.store.runs.get(run)
    assert known is not None
    undoings = brand.app.undoer.of_run(known)
    return [entry.state for entry in brand.app.undoer.undo(undoings, "undone by a test")]


def ways(brand: Brand, run: str) -> list[tuple[str, UndoWay, str]]:
    """For each effect of a run, whether it can be undone and how, the newest first."""
    known = brand.app.store.runs.get(run)
    assert known is not None
    return [(one.entry.effect.step, one.way, one.told) for one in brand.app.undoer.of_run(known)]


def test_as_before(brand: Brand) -> None:
    """After an undo the network is as it was before the run: posts deleted, boosts and favourites gone."""
    status = brand.heard()
    before = seen(brand)
    brand.write(POST, THREAD, BOOST, LIKE)
    run = brand.run(brand.event(text="one", status=status.id))
    assert seen(brand) != before
    assert [EffectState.DONE] * 4 == undo(brand, run)
    assert before == seen(brand)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from([POST, BOOST, LIKE, TICKET]), min_size=1, max_size=5))
def test_any_run(brand: Brand, steps: list[dict[str, Any]]) -> None:
    """Whatever a run did, in whatever order and however often: after the undo the network is as it was."""
    ids = brand.clock.now().isoformat()
    status = brand.heard(f"Bonjour {ids}")
    before = seen(brand)
    brand.write(*({**step, "id": f"step_{number}"} for number, step in enumerate(steps)))
    run = brand.run(brand.event(ids, text=f"Merci {ids}", status=status.id))
    assert [EffectState.DONE] * len(steps) == undo(brand, run)
    assert before == seen(brand)


def test_newest_first(brand: Brand) -> None:
    """The newest effect is undone first, since the older ones may carry it."""
    brand.write(POST, THREAD)
    run = brand.run(brand.event(text="one"))
    assert ["thread", "post"] == [step for step, _, _ in ways(brand, run)]
    undo(brand, run)
    posts = [status.id for status in brand.network.statuses(by="torrea")]
    assert [] == posts


def test_once(brand: Brand) -> None:
    """Undone twice is undone once, and the ledger tells what undoes what."""
    brand.write(POST)
    run = brand.run(brand.event(text="one"))
    known = brand.app.store.runs.get(run)
    assert known is not None
    undoings = brand.app.undoer.of_run(known)
    for _ in range(2):
        [entry] = brand.app.undoer.undo(undoings, "x")
    deletions = [one for one in brand.network.requests if one.method == "DELETE"]
    assert 1 == len(deletions)
    assert ("undo/w/post/-/e1", "w/post/-/e1", "mastodon.delete") == (
        entry.effect.key,
        entry.effect.undoes,
        entry.effect.action,
    )
    [(_, way, told)] = ways(brand, run)
    assert (UndoWay.NONE, True) == (way, told.startswith("undone on 2026-03-02"))
    original = brand.app.store.ledger.get("w/post/-/e1")
    assert original is not None
    assert entry == brand.app.undoer.undone_by(original.effect)


def test_not_undone_itself(brand: Brand) -> None:
    """An undo is not what an undo of everything since then undoes."""
    brand.write(POST)
    since = brand.clock.now()
    undo(brand, brand.run(brand.event(text="one")))
    assert [UndoWay.NONE] == [one.way for one in brand.app.undoer.since(since)]


def test_cannot(brand: Brand) -> None:
    """What has no way back says so."""
    status = brand.network.post("torrea", "old news")
    delete = {"id": "delete", "use": "mastodon.delete", "with": {"connection": "brand", "status": status.id}}
    brand.write(delete, REPORT)
    run = brand.run(brand.event())
    assert [
        ("report", UndoWay.NONE, "report.write has no way back"),
        ("delete", UndoWay.NONE, "mastodon.delete has no way back"),
    ] == ways(brand, run)
    assert [] == undo(brand, run)


def test_in_doubt(brand: Brand) -> None:
    """What nobody knows about is not undone; a person settles it first."""
    brand.write(POST)
    brand.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ACCEPT_THEN_RESET, times=None))
    run = brand.run(brand.event(text="one"))
    [(_, way, told)] = ways(brand, run)
    assert (UndoWay.NONE, True) == (way, "antiphon effects resolve" in told)


def test_to_come(brand: Brand) -> None:
    """What is held is stopped for good: it is vetoed, and its run ends."""
    brand.write(POST)
    brand.run(brand.event(text="one"))
    brand.network.revoke(brand.account.token)
    run = brand.run(brand.event("e2", text="two"))
    assert [("post", UndoWay.CANCEL, "it has not been done, and is stopped")] == ways(brand, run)
    assert [EffectState.VETOED] == undo(brand, run)
    brand.app.resume(run)
    ended = brand.app.store.runs.get(run)
    assert ended is not None
    assert (RunState.STOPPED, "post was vetoed: undone by a test") == (ended.state, ended.because)
    assert ["one"] == brand.texts


def test_stopped(brand: Brand) -> None:
    """A run that has not ended is stopped, so that nothing more comes of it; one that is walked by others is not."""
    brand.write(POST)
    run = brand.app.start("w", event=brand.event(text="one"), trigger="heard")
    assert "" == brand.app.undoer.stop(run, "undone by a test")
    brand.app.activate("w")
    ended = brand.app.store.runs.get(run.id)
    assert ended is not None
    assert (RunState.STOPPED, "undone by a test") == (ended.state, ended.because)
    assert [] == brand.texts
    other = brand.app.start("w", event=brand.event("e2", text="two"), trigger="heard")
    brand.app.store.runs.claim(other.id, "somebody", timedelta(minutes=2))
    assert "is being worked on" in brand.app.undoer.stop(other, "x")


@pytest.mark.parametrize("kind", [FaultKind.ACCEPT_THEN_RESET, FaultKind.RESET])
def test_interrupted(brand: Brand, kind: FaultKind) -> None:
    """An undo that was cut off is asked for again and comes to its end; at the network it happened once."""
    brand.write(POST)
    run = brand.run(brand.event(text="one"))
    brand.network.faults.add(Fault("DELETE /api/v1/statuses", kind, times=1))
    undo(brand, run)
    brand.reopen()
    undo(brand, run)
    brand.reopen()
    [(_, _, told)] = ways(brand, run)
    assert told.startswith("undone on")
    assert [] == brand.texts


def test_gone(brand: Brand) -> None:
    """What somebody has deleted on the network already counts as undone."""
    brand.write(POST)
    run = brand.run(brand.event(text="one"))
    [status] = brand.network.statuses(by="torrea")
    brand.network.world.delete(status)
    assert [EffectState.DONE] == undo(brand, run)


def test_two_at_once(brand: Brand) -> None:
    """Of two who undo the same at once, one does it, and neither takes the other for a crash."""
    brand.write(POST)
    run = brand.run(brand.event(text="one"))
    known = brand.app.store.runs.get(run)
    assert known is not None
    [undoing] = brand.app.undoer.of_run(known)
    assert undoing.inverse is not None
    brand.app.store.ledger.plan([undoing.inverse.model_copy(update={"run": "undo:other"})])
    assert brand.app.store.ledger.claim(undoing.inverse.key, "other")
    assert [EffectState.CLAIMED] == undo(brand, run)
    assert ["one"] == brand.texts


def test_since(brand: Brand) -> None:
    """Undoing since a moment takes what was done at or after it, of all workflows or of one."""
    brand.write(POST)
    brand.run(brand.event(text="one"))
    brand.clock.advance(timedelta(hours=1))
    moment = brand.clock.now()
    brand.run(brand.event("e2", text="two"))
    undoer = brand.app.undoer
    assert ["w/post/-/e2"] == [one.entry.effect.key for one in undoer.since(moment)]
    assert [] == undoer.since(moment, "another")
    undoer.undo(undoer.since(moment, "w"), "x")
    assert ["one"] == brand.texts


def test_ticket(brand: Brand) -> None:
    """A ticket is withdrawn as long as nobody has worked on it."""
    brand.write(TICKET)
    one, two = (brand.run(brand.event(f"e{number}", text="it broke")) for number in (1, 2))
    records = brand.app.store.records
    taken = records.get("inbox.ticket", "w/ticket/-/e2")
    assert taken is not None
    records.put("inbox.ticket", taken.key, {**taken.data, "state": "closed"}, brand.clock.now())
    assert [EffectState.DONE] == undo(brand, one)
    withdrawn = records.get("inbox.ticket", "w/ticket/-/e1")
    assert withdrawn is not None
    assert "withdrawn" == withdrawn.data["state"]
    [(_, way, told)] = ways(brand, two)
    assert (UndoWay.NONE, True) == (way, told.endswith("is closed by now."))


def test_gone_out_meanwhile(brand: Brand) -> None:
    """What was to be stopped, and went out between the survey and the undo, is reversed."""
    brand.write({**POST, "veto": {"window": "20m"}})
    run = brand.run(brand.event(text="one"))
    known = brand.app.store.runs.get(run)
    assert known is not None
    undoings = brand.app.undoer.of_run(known)
    assert [UndoWay.CANCEL] == [one.way for one in undoings]
    brand.clock.advance(timedelta(minutes=21))
    brand.app.activate("w")
    assert ["one"] == brand.texts

    assert [EffectState.DONE] == [one.state for one in brand.app.undoer.undo(undoings, "undone by a test")]
    assert {"post": EffectState.DONE, "undo post": EffectState.DONE} == brand.states()
    assert [] == brand.texts


def test_two_undo_at_once(brand: Brand) -> None:
    """Of two who undo the same from one survey, one does it, and neither fails."""
    brand.write(POST)
    run = brand.run(brand.event(text="one"))
    known = brand.app.store.runs.get(run)
    assert known is not None
    undoings = brand.app.undoer.of_run(known)
    apps = [brand.app, Antiphon.open(brand.folder, clock=brand.clock)]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda app: app.undoer.undo(undoings, "undone by a test"), apps))
    apps[1].close()
    assert [1, 1] == [len(entries) for entries in done]
    assert 1 == len([one for one in brand.network.requests if one.method == "DELETE"])

"""A workflow pulls the brake, and an undo lifts it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.ruling import Brake
from antiphon.model.undo import UndoWay
from antiphon.testing.clock import VirtualClock

from ..brand import POST, Brand, branded

BRAKE = {"id": "stop", "use": "workspace.brake", "with": {"reason": "${{ event.text }}", "until": "12h"}}
HALF_A_DAY = timedelta(hours=12)


@pytest.fixture
def brand(tmp_path: Path, store_url: str, clock: VirtualClock) -> Iterator[Brand]:
    with branded(tmp_path, store_url, clock) as brand:
        yield brand


def standing(app: Antiphon) -> list[Brake]:
    return list(app.store.brakes.standing())


def entry(brand: Brand, step: str = "stop") -> LedgerEntry:
    [found] = [one for one in brand.app.store.ledger.list() if one.effect.step == step and not one.effect.undoes]
    return found


def undo(brand: Brand, run: str) -> list[tuple[UndoWay, str]]:
    """Undo a run; what could be done about each effect."""
    known = brand.app.store.runs.get(run)
    assert known is not None
    undoings = brand.app.undoer.of_run(known)
    done = brand.app.undoer.undo([one for one in undoings if one.way is not UndoWay.NONE], "undone by a test")
    assert all(one.state is EffectState.DONE for one in done)
    return [(one.way, one.told) for one in undoings]


def test_pulled(brand: Brand) -> None:
    """The brake is put on, and holds the next step and nothing that is inside; it is in the audit by the workflow."""
    brand.write(BRAKE, {"id": "ticket", "use": "inbox.ticket", "with": {"title": "Look"}}, POST)
    brand.run(brand.event(text="storm"))
    expected = {"stop": EffectState.DONE, "ticket": EffectState.DONE, "post": EffectState.HELD}
    assert expected == brand.states()
    [brake] = standing(brand.app)
    end = brand.clock.now() + HALF_A_DAY
    assert ("workspace", "storm", end, f"effect:{entry(brand).effect.key}") == (
        brake.scope,
        brake.reason,
        brake.until,
        brake.by,
    )
    [told] = brand.app.store.audit.list(what="brake")
    assert ("workflow:w", "brake on", "workspace") == (told.who, told.what, told.subject)


def test_planned(brand: Brand) -> None:
    """A plan says which brake would be put on, and puts none on."""
    brand.write(BRAKE)
    [shown] = brand.plan(brand.event(text="storm")).effects
    assert "Put the brake on workspace for 12h: storm" == shown.effect.summary
    assert [] == standing(brand.app)


def test_undone(brand: Brand) -> None:
    """An undo lifts it, and what it held goes out."""
    brand.write(BRAKE)
    run = brand.run(brand.event(text="storm"))
    brand.write(POST, id="other", triggers=[{"id": "said", "event": {"type": "text.said"}}])
    brand.app.start("other", event=brand.event("e2", text="Hello"), trigger="said")
    brand.app.activate("other")
    assert [] == brand.texts
    assert [(UndoWay.REVERSE, "Lift the brake of workspace")] == undo(brand, run)
    assert [] == standing(brand.app)
    assert ["brake off", "brake on"] == [one.what for one in brand.app.store.audit.list(what="brake")]
    brand.app.activate("other")
    assert ["Hello"] == brand.texts


def test_not_ours(brand: Brand) -> None:
    """A brake that a person has put in its place stays when the run is undone."""
    brand.write(BRAKE)
    run = brand.run(brand.event(text="storm"))
    brand.app.store.brakes.put("workspace", "mine", by="ana")
    undo(brand, run)
    assert ["mine"] == [one.reason for one in standing(brand.app)]


@pytest.mark.parametrize(("hours", "stays"), [(None, True), (12, True), (11, False)])
def test_never_loosened(brand: Brand, hours: int | None, stays: bool) -> None:
    """A brake that lasts as long stays as it is, a shorter one is made longer; an undo touches neither."""
    brand.write(BRAKE)
    until = brand.clock.now() + timedelta(hours=hours) if hours else None
    mine = brand.app.store.brakes.put("workspace", "mine", by="ana", until=until)
    run = brand.run(brand.event(text="storm"))
    [brake] = standing(brand.app)
    assert stays is (brake == mine)
    assert stays or brand.clock.now() + HALF_A_DAY == brake.until
    [(way, told)] = undo(brand, run)
    assert (UndoWay.NONE, True) == (way, "stood already" in told or "earlier brake" in told)
    assert [brake] == standing(brand.app)


@pytest.mark.parametrize("lifted", [False, True])
def test_crash(brand: Brand, lifted: bool) -> None:
    """A worker that died before the receipt is believed: the brake is not put on again, nor after it was lifted."""
    brand.write(BRAKE)
    app, event = brand.app, brand.event(text="storm")
    app.start("w", event=event, trigger="heard")
    [planned] = app.plan("w", events=[event]).entries
    key = planned.effect.key

    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> LedgerEntry:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.store.ledger, "settle", die)
        with pytest.raises(Killed):
            app.activate("w")
    [brake] = standing(app)
    if lifted:
        app.store.brakes.lift("workspace", by="ana")
    brand.reopen()
    brand.app.activate("w")
    assert (EffectState.DONE, f"effect:{key}") == (entry(brand).state, brake.by)
    assert ([] if lifted else [brake]) == standing(brand.app)


@pytest.mark.parametrize("until", ["0s", "400d"])
def test_no_length(brand: Brand, until: str) -> None:
    """A brake for no time, or for years, is refused before anything is done."""
    brand.write({**BRAKE, "with": {"reason": "storm", "until": until}})
    run = brand.app.store.runs.get(brand.run(brand.event(text="storm")))
    assert run is not None
    assert "A brake cannot stand for" in run.because
    assert [] == standing(brand.app)

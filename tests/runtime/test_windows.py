"""Windows: what goes out by itself unless somebody stops it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from antiphon.errors import AntiphonError, InputError
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind

from .brand import Brand, branded

POST = {
    "id": "post",
    "use": "mastodon.post",
    "with": {"connection": "brand", "text": "New drop"},
    "veto": {"window": "20m"},
}
AFTER = {"id": "after", "use": "log", "with": {"message": "went on"}}


@pytest.fixture
def brand(tmp_path: Path, store_url: str, clock: VirtualClock) -> Iterator[Brand]:
    with branded(tmp_path, store_url, clock) as brand:
        brand.write(POST, AFTER)
        yield brand


def begin(brand: Brand) -> LedgerEntry:
    brand.app.start("w")
    brand.app.activate("w")
    [entry] = brand.app.deciding.stoppable()
    return entry


def test_by_itself(brand: Brand) -> None:
    """Nothing goes out before the window is over; then it goes out by itself, once."""
    entry = begin(brand)
    assert entry.not_before == brand.clock.now() + timedelta(minutes=20)
    assert "unless somebody stops it" in entry.reason
    brand.clock.advance(timedelta(minutes=20) - timedelta(seconds=1))
    assert ((), []) == (brand.app.unfinished(), brand.texts)

    brand.clock.advance(timedelta(seconds=1))
    [run] = brand.app.activate("w").runs
    assert (RunState.DONE, ["New drop"], []) == (run.state, brand.texts, brand.app.deciding.stoppable())


def test_stopped(brand: Brand) -> None:
    """What is stopped in time never goes out; its run stops at once, and says by whom and why."""
    entry = begin(brand)
    brand.app.deciding.veto(entry.effect.key, "ana", reason="bad day for it")
    [run] = brand.app.activate("w").runs
    assert (RunState.STOPPED, []) == (run.state, brand.texts)
    assert run.because.endswith("stopped by ana: bad day for it")
    brand.clock.advance(timedelta(days=1))
    assert () == brand.app.unfinished()


def test_too_late(brand: Brand) -> None:
    """What is done cannot be stopped any more."""
    entry = begin(brand)
    brand.clock.advance(timedelta(minutes=20))
    brand.app.activate("w")
    with pytest.raises(InputError, match=r"It is too late to stop .*: it is done"):
        brand.app.deciding.veto(entry.effect.key, "ana")
    assert ["New drop"] == brand.texts


def test_not_shortened(brand: Brand) -> None:
    """A run that is resumed, by a person or in a new process, does not shorten the window."""
    entry = begin(brand)
    brand.reopen()
    brand.app.resume(entry.effect.run)
    assert ([], [entry.not_before]) == (brand.texts, [one.not_before for one in brand.app.deciding.stoppable()])


def test_opened_once(brand: Brand) -> None:
    """After a first attempt there is no second window."""
    begin(brand)
    brand.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.RATE_LIMITED, times=1, retry_after=60))
    brand.clock.advance(timedelta(minutes=20))
    [run] = brand.app.activate("w").runs
    assert (RunState.HELD, [], []) == (run.state, brand.texts, brand.app.deciding.stoppable())

    brand.clock.advance(timedelta(minutes=2))
    brand.app.activate("w")
    assert ["New drop"] == brand.texts


def test_race(brand: Brand) -> None:
    """Whoever stops it at the last moment either does, and nothing goes out, or hears that it was too late."""
    entry = begin(brand)
    brand.clock.advance(timedelta(minutes=20))
    barrier = Barrier(2)

    def send() -> Any:
        barrier.wait()
        return brand.app.activate("w")

    def stop() -> bool:
        barrier.wait()
        try:
            brand.app.deciding.veto(entry.effect.key, "ana")
        except AntiphonError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        sending, stopping = pool.submit(send), pool.submit(stop)
        sending.result()
    state = brand.app.store.ledger.list()[0].state
    assert (
        (EffectState.VETOED, []) == (state, brand.texts)
        if stopping.result()
        else (EffectState.DONE, 1)
        == (
            state,
            len(brand.texts),
        )
    )


def test_planned(brand: Brand) -> None:
    """A plan shows the effect with its window, and opens none."""
    [entry] = brand.app.plan("w").entries
    assert entry.effect.terms.veto is not None
    assert EffectState.PLANNED == entry.state
    assert [] == brand.app.deciding.stoppable()

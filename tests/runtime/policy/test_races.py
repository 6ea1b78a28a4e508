"""Workers that ask at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.ports import Store
from antiphon.model.effect import Effect, EffectState, LedgerEntry
from antiphon.model.policy import PolicySettings
from antiphon.runtime.policy.policy import Policy
from antiphon.runtime.policy.verdicts import SHORTLY
from antiphon.testing.clock import VirtualClock

WORKERS = 6
TEXT = "The autumn roast is here, come and taste it on Saturday"


def effects(count: int) -> list[Effect]:
    fields: dict[str, Any] = {"action": "mastodon.post", "workflow": "w", "run": "r", "step": "s", "summary": "Say it"}
    return [
        Effect(key=f"k{n}", connection="brand", subject="ana", payload={"status": f"{TEXT} {n}"}, **fields)
        for n in range(count)
    ]


def admitted(store: Store, clock: VirtualClock, policy: Mapping[str, Any], entries: list[LedgerEntry]) -> list[str]:
    """Which of these effects are claimed when every worker asks about one of them at once."""
    settings = PolicySettings.model_validate(policy)
    barrier = Barrier(len(entries))

    def ask(entry: LedgerEntry) -> str:
        mine = Policy(settings, store, clock, ZoneInfo("UTC"))
        barrier.wait()
        return entry.effect.key if mine.admit(entry, entry.effect.key) is None else ""

    with ThreadPoolExecutor(len(entries)) as pool:
        return [key for key in pool.map(ask, entries) if key]


@pytest.mark.parametrize(
    "policy",
    [
        {"caps": [{"max": 2, "per": "1d"}]},
        {"caps": [{"max": 2, "per": "1d", "each": "connection"}, {"max": 3, "per": "1h", "each": "workspace"}]},
        {"budgets": [{"effects": 2, "per": "month"}]},
        {"effects_per_day": 2},
        {"effects_per_run": 2, "effects_per_day": 3},
    ],
    ids=str,
)
def test_last_places(store: Store, clock: VirtualClock, policy: Mapping[str, Any]) -> None:
    """Of many workers, exactly as many get a place as there are; the others are held with the reason."""
    entries = list(store.ledger.plan(effects(WORKERS)))
    assert len(admitted(store, clock, policy, entries)) == 2
    states = [entry.state for entry in store.ledger.list()]
    assert sorted([EffectState.CLAIMED] * 2 + [EffectState.HELD] * (WORKERS - 2)) == sorted(states)
    assert all("2 of 2" in entry.reason for entry in store.ledger.list(state=EffectState.HELD))


def test_near_duplicates(store: Store, clock: VirtualClock) -> None:
    """Of texts that are nearly the same and are asked about at once, one goes out in the end, and never two."""
    policy = {"near_duplicates": {"within": "1d", "otherwise": "refuse"}}
    entries = list(store.ledger.plan(effects(WORKERS)))
    for _ in range(WORKERS):
        won = admitted(store, clock, policy, entries)
        assert len(won) <= 1
        clock.advance(SHORTLY + timedelta(seconds=1))
        entries = list(store.ledger.list(state=EffectState.HELD))
        if won or not entries:
            break
        entries = entries[:1]  # as in life, they do not come back at the same moment for ever
    assert len(store.ledger.list(state=EffectState.CLAIMED)) == 1
    assert not entries or not admitted(store, clock, policy, entries)

"""The arrows of the ledger, tried at random against a model that is written down apart."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from antiphon.components.ports import Store
from antiphon.errors import StoreError
from antiphon.model.effect import (
    AuthDead,
    Disconnected,
    Done,
    Effect,
    EffectState,
    LedgerEntry,
    Outcome,
    Pending,
    RateLimited,
    Receipt,
    Rejected,
    Unknown,
)
from antiphon.testing.clock import VirtualClock

MINUTE = timedelta(minutes=1)

ALLOWED = {
    "settle done": "claimed unknown parked",
    "settle rejected": "claimed unknown parked",
    "settle pending": "claimed",
    "settle unknown": "claimed",
    "settle held": "claimed",
    "veto": "planned held parked",
    "release": "held claimed unknown parked rejected",
    "hold": "planned held claimed",
    "park": "planned held claimed unknown rejected",
}
"""From which states each word is heard; everything else is refused."""


class LedgerMachine(RuleBasedStateMachine):
    """One effect, and whatever may be asked for it in any order."""

    store: Store
    clock: VirtualClock

    def __init__(self) -> None:
        super().__init__()
        self.key = uuid.uuid4().hex
        effect = Effect(key=self.key, action="a.b", workflow="w", run="r", step="s", summary="Say it")
        self.store.ledger.plan([effect])
        self.state, self.attempts, self.changes, self.done = "planned", 0, 1, 0
        self.free_in: timedelta | None = None

    def ask(self, word: str, becomes: str, free_in: timedelta | None = None) -> None:
        """Say a word to the ledger; it must be heard from the allowed states, and refused from all others."""
        ledger, key, now = self.store.ledger, self.key, self.clock.now()
        words: dict[str, Callable[[], LedgerEntry]] = {
            "settle done": lambda: ledger.settle(key, Done(Receipt(remote_id="1", at=now))),
            "settle rejected": lambda: ledger.settle(key, Rejected("no")),
            "settle pending": lambda: ledger.settle(key, Pending("handle")),
            "settle unknown": lambda: ledger.settle(key, Unknown("timeout")),
            "veto": lambda: ledger.veto(key, ["no"]),
            "release": lambda: ledger.release(key, because="proved"),
            "park": lambda: ledger.park(key, because="look"),
            "hold": lambda: ledger.hold(key, None if free_in is None else now + free_in, because="later"),
        }
        held: dict[timedelta | None, Outcome] = {
            MINUTE: RateLimited(now + MINUTE),
            timedelta(0): Disconnected("refused"),
            None: AuthDead("revoked"),
        }
        say = words.get(word) or (lambda: ledger.settle(key, held[free_in]))
        if self.state not in ALLOWED[word].split():
            with pytest.raises(StoreError, match=f"is {self.state}; it cannot become {becomes}"):
                say()
            return
        assert say() == ledger.get(key)
        self.state, self.free_in = becomes, free_in
        self.changes += 1
        self.done += becomes == "done"

    @rule()
    def claims(self) -> None:
        free = self.state == "planned" or (
            self.state == "held" and self.free_in is not None and self.free_in <= timedelta(0)
        )
        assert self.store.ledger.claim(self.key, "ana") is free
        if free:
            self.state = "claimed"
            self.attempts += 1
            self.changes += 1

    @rule(minutes=st.sampled_from([0.5, 1]))
    def waits(self, minutes: float) -> None:
        self.clock.advance(minutes * MINUTE)
        if self.free_in is not None:
            self.free_in -= minutes * MINUTE

    @rule()
    def is_done(self) -> None:
        self.ask("settle done", "done")

    @rule()
    def is_rejected(self) -> None:
        self.ask("settle rejected", "rejected")

    @rule()
    def is_pending(self) -> None:
        self.ask("settle pending", "claimed")

    @rule()
    def is_unknown(self) -> None:
        self.ask("settle unknown", "unknown")

    @rule(free_in=st.sampled_from([MINUTE, timedelta(0), None]))
    def is_held(self, free_in: timedelta | None) -> None:
        self.ask("settle held", "held", free_in)

    @rule()
    def is_vetoed(self) -> None:
        self.ask("veto", "vetoed")

    @rule()
    def is_released(self) -> None:
        self.ask("release", "planned")

    @rule(free_in=st.sampled_from([MINUTE, timedelta(0), None]))
    def is_laid_aside(self, free_in: timedelta | None) -> None:
        self.ask("hold", "held", free_in)

    @rule()
    def is_parked(self) -> None:
        self.ask("park", "parked")

    @invariant()
    def stands(self) -> None:
        entry = self.store.ledger.get(self.key)
        assert entry is not None
        assert (entry.state, entry.attempts) == (self.state, self.attempts)

    def teardown(self) -> None:
        history = self.store.ledger.history(self.key)
        assert len(history) == self.changes
        assert [change.before for change in history[1:]] == [change.after for change in history[:-1]]
        assert history[-1].after == self.state
        assert sum(change.after is EffectState.DONE for change in history) == self.done <= 1
        taken = sum(change.after is EffectState.CLAIMED and change.before is not change.after for change in history)
        assert taken == self.attempts


def test_arrows(store: Store, clock: VirtualClock) -> None:
    """Only the allowed arrows are gone along, each leaves one line of history, and nothing is done twice."""
    machine = type("Machine", (LedgerMachine,), {"store": store, "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

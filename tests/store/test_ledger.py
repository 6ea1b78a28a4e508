"""The port of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antiphon.components.ports import Change, Overtaken, Store
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

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RECEIPT = Receipt(remote_id="42", url="https://a.example/@brand/42", at=NINE, cost=0.1, rate={"left": "3"})


def effect(key: str, **given: object) -> Effect:
    values: dict[str, object] = {
        "key": key,
        "action": "mastodon.post",
        "workflow": "greet",
        "run": "r1",
        "step": "say",
        "summary": "Post “Bonjour”",
        "payload": {"text": "Bonjour 🦊\0", "media": []},
        "connection": "brand",
        "subject": "mastodon:1",
        "event": "e1",
        "idempotency": "native",
        "reversible": True,
    }
    return Effect(**{**values, **given})


def claimed(store: Store, key: str = "k") -> None:
    store.ledger.plan([effect(key)])
    assert store.ledger.claim(key, "ana")


def test_plan(store: Store) -> None:
    """What is planned is written down whole; what is planned again is returned as it stands, in the caller's order."""
    planned = LedgerEntry(effect=effect("k"), state=EffectState.PLANNED, planned_at=NINE)
    assert store.ledger.plan([effect("k")]) == [planned]
    assert store.ledger.get("k") == planned

    store.ledger.claim("k", "ana")
    entries = store.ledger.plan([effect("b"), effect("k", payload={}), effect("a"), effect("b", payload={})])
    assert [entry.effect for entry in entries] == [effect("b"), effect("k"), effect("a"), effect("b")]
    assert entries[1].state is EffectState.CLAIMED
    assert store.ledger.plan([]) == []


def test_many(store: Store) -> None:
    """A plan may be longer than one query can ask about."""
    effects = [effect(f"k{number}") for number in range(2500)]
    assert [entry.effect for entry in store.ledger.plan(effects)] == effects


def test_claim(store: Store, clock: VirtualClock) -> None:
    """One claim of many succeeds; it says who, when, and for which time."""
    store.ledger.plan([effect("k")])
    clock.advance(MINUTE)
    assert [store.ledger.claim("k", worker) for worker in ("ana", "ben", "ana")] == [True, False, False]
    expected = LedgerEntry(
        effect=effect("k"),
        state=EffectState.CLAIMED,
        planned_at=NINE,
        attempts=1,
        claimed_at=NINE + MINUTE,
        claimed_by="ana",
    )
    assert expected == store.ledger.get("k")
    assert not store.ledger.claim("never planned", "ana")


def test_done(store: Store, clock: VirtualClock) -> None:
    """What is done has its receipt, and nothing more happens to it."""
    claimed(store)
    clock.advance(MINUTE)
    entry = store.ledger.settle("k", Done(RECEIPT))
    assert (entry.state, entry.receipt, entry.settled_at) == (EffectState.DONE, RECEIPT, NINE + MINUTE)
    assert entry == store.ledger.get("k")
    assert not store.ledger.claim("k", "ben")


@pytest.mark.parametrize(
    ("outcome", "state", "reason", "not_before"),
    [
        (Rejected("Too long.", "Write less."), EffectState.REJECTED, "Too long. Write less.", None),
        (Unknown("the answer broke off"), EffectState.UNKNOWN, "the answer broke off", None),
        (RateLimited(NINE + MINUTE, "address"), EffectState.HELD, "rate limit of the address", NINE + MINUTE),
        (AuthDead("the token was revoked"), EffectState.HELD, "the token was revoked", None),
        (Disconnected("no route"), EffectState.HELD, "no route", NINE),
    ],
)
def test_not_done(store: Store, outcome: Outcome, state: EffectState, reason: str, not_before: datetime | None) -> None:
    """Every way of not being done has its state, its reason, and the time before which nobody tries again."""
    claimed(store)
    entry = store.ledger.settle("k", outcome)
    assert (entry.state, entry.reason, entry.not_before) == (state, reason, not_before)
    assert (entry.settled_at, entry.receipt) == (NINE, None)


def test_pending(store: Store, clock: VirtualClock) -> None:
    """What the network is still working on stays claimed, with the handle to ask by."""
    claimed(store)
    entry = store.ledger.settle("k", Pending("container-7"))
    assert (entry.state, entry.reason, entry.settled_at) == (EffectState.CLAIMED, "pending", None)
    assert entry.receipt == Receipt(at=NINE, data={"handle": "container-7"})
    assert not store.ledger.claim("k", "ben")
    assert store.ledger.settle("k", Done(RECEIPT)).receipt == RECEIPT


def test_rate_limited(store: Store, clock: VirtualClock) -> None:
    """A rate limit holds until its time, and then one worker may take it again."""
    claimed(store)
    store.ledger.settle("k", RateLimited(NINE + MINUTE))
    clock.advance(MINUTE - timedelta.resolution)
    assert not store.ledger.claim("k", "ben")
    clock.advance(timedelta.resolution)
    assert store.ledger.claim("k", "ben")
    assert not store.ledger.claim("k", "ana")
    entry = store.ledger.get("k")
    assert entry is not None
    assert (entry.attempts, entry.claimed_by, entry.not_before, entry.reason) == (2, "ben", None, "")


def test_disconnected(store: Store) -> None:
    """What is proved not to have left may be tried again at once."""
    claimed(store)
    store.ledger.settle("k", Disconnected("connection refused"))
    assert store.ledger.claim("k", "ben")


def test_auth_dead(store: Store, clock: VirtualClock) -> None:
    """Dead credentials hold an effect for ever, until a person releases it."""
    claimed(store)
    store.ledger.settle("k", AuthDead("revoked"))
    clock.advance(timedelta(days=365))
    assert not store.ledger.claim("k", "ben")
    store.ledger.release("k", because="the token was renewed")
    assert store.ledger.claim("k", "ben")


@pytest.mark.parametrize("doubtful", [False, True])
def test_release(store: Store, doubtful: bool) -> None:
    """What is proved not to have happened is planned again, free for anybody, and remembers its attempts."""
    claimed(store)
    if doubtful:
        store.ledger.settle("k", Unknown("timeout"))
    entry = store.ledger.release("k", because="the network has no such post")
    assert (entry.state, entry.attempts, entry.claimed_by, entry.claimed_at) == (EffectState.PLANNED, 1, "", None)
    assert (entry.settled_at, entry.reason) == (None, "the network has no such post")
    assert store.ledger.claim("k", "ben")


def test_veto(store: Store) -> None:
    """A veto keeps every reason, and is final."""
    store.ledger.plan([effect("k")])
    entry = store.ledger.veto("k", ["quiet hours", "cap of 1 in 3d"])
    assert (entry.state, entry.reason, entry.settled_at) == (EffectState.VETOED, "quiet hours; cap of 1 in 3d", NINE)
    assert not store.ledger.claim("k", "ana")
    with pytest.raises(StoreError, match="is vetoed; it cannot become planned"):
        store.ledger.release("k", because="please")


def test_revive(store: Store) -> None:
    """Only what is vetoed is revived; it may then be claimed as if it were new."""
    [planned] = store.ledger.plan([effect("k")])
    with pytest.raises(StoreError, match="it cannot become planned"):
        store.ledger.revive("k", because="again", seen=planned)
    vetoed = store.ledger.veto("k", ["tried for long enough"])

    assert EffectState.PLANNED is store.ledger.revive("k", because="again", seen=vetoed).state
    assert store.ledger.claim("k", "ana")


def test_park(store: Store) -> None:
    """What is parked waits for a person, who may say that it was done."""
    claimed(store)
    store.ledger.settle("k", Unknown("timeout"))
    entry = store.ledger.park("k", because="the network does not tell")
    assert (entry.state, entry.reason) == (EffectState.PARKED, "the network does not tell")
    assert not store.ledger.claim("k", "ana")
    assert store.ledger.settle("k", Done(RECEIPT)).state is EffectState.DONE


def test_letters(store: Store) -> None:
    """An outcome is kept whatever letters its reason holds."""
    claimed(store)
    assert store.ledger.settle("k", Unknown("bad \0 byte, half \ud83d, 🦊")).reason.startswith(
        "bad \ufffd byte, half \ufffd"
    )
    assert store.ledger.settle("k", Done(Receipt(at=NINE, data={"a": "\0\ud83d"}))).receipt == Receipt(
        at=NINE, data={"a": "\0\ud83d"}
    )


def test_history(store: Store, clock: VirtualClock) -> None:
    """Every change is one line, oldest first; what was refused leaves none."""
    claimed(store)
    clock.advance(MINUTE)
    store.ledger.settle("k", RateLimited(NINE + MINUTE))
    store.ledger.claim("k", "ben")
    store.ledger.claim("k", "cem")
    store.ledger.settle("k", Done(RECEIPT))
    with pytest.raises(StoreError):
        store.ledger.park("k", because="too late")
    planned, held, taken, done = EffectState.PLANNED, EffectState.HELD, EffectState.CLAIMED, EffectState.DONE
    assert store.ledger.history("k") == [
        Change("k", NINE, None, planned),
        Change("k", NINE, planned, taken, "ana"),
        Change("k", NINE + MINUTE, taken, held, "ana", "rate limit of the account"),
        Change("k", NINE + MINUTE, held, taken, "ben"),
        Change("k", NINE + MINUTE, taken, done, "ben"),
    ]
    assert store.ledger.history("never planned") == []


def test_nobody(store: Store) -> None:
    """What was never planned cannot be settled."""
    with pytest.raises(StoreError, match="no effect 'ghost' in the ledger"):
        store.ledger.settle("ghost", Done(RECEIPT))


def test_list(store: Store, clock: VirtualClock) -> None:
    """A list has the newest plans first; `until` is exclusive."""
    for number in range(4):
        store.ledger.plan([effect(f"k{number}", run=f"r{number % 2}", workflow=f"w{number % 2}")])
        clock.advance(MINUTE)
    store.ledger.claim("k1", "ana")

    def keys(**wanted: Any) -> list[str]:
        return [entry.effect.key for entry in store.ledger.list(**wanted)]

    assert keys() == ["k3", "k2", "k1", "k0"]
    assert keys(limit=1) == ["k3"]
    assert keys(run="r0") == ["k2", "k0"]
    assert keys(workflow="w1", state=EffectState.PLANNED) == ["k3"]
    assert keys(since=NINE + MINUTE, until=NINE + 3 * MINUTE) == ["k2", "k1"]


def test_count(store: Store, clock: VirtualClock) -> None:
    """A count tells action and state of what was planned in the period."""
    store.ledger.plan([effect("a"), effect("b"), effect("c", action="http.request")])
    store.ledger.claim("a", "ana")
    clock.advance(MINUTE)
    store.ledger.plan([effect("d")])
    assert store.ledger.count(since=NINE, until=NINE + MINUTE) == {
        ("mastodon.post", EffectState.CLAIMED): 1,
        ("mastodon.post", EffectState.PLANNED): 1,
        ("http.request", EffectState.PLANNED): 1,
    }


def test_made(store: Store) -> None:
    """It is known which effects a remote id of a connection belongs to."""
    for key, connection in (("b", "brand"), ("a", "brand"), ("c", "other")):
        store.ledger.plan([effect(key, connection=connection)])
        store.ledger.claim(key, "ana")
        store.ledger.settle(key, Done(RECEIPT))
    store.ledger.plan([effect("d")])
    assert ["a", "b"] == store.ledger.made("brand", "42")
    assert [] == store.ledger.made("brand", "43")


@pytest.mark.parametrize("word", ["settle", "veto", "hold", "release", "park"])
def test_seen(store: Store, clock: VirtualClock, word: str) -> None:
    """What was decided by an entry that has moved on since is not done, though the arrow be there; nor by a claim that
    looks the same and is a later one."""
    ledger = store.ledger
    words = {
        "settle": lambda seen: ledger.settle("k", Done(RECEIPT), seen=seen),
        "veto": lambda seen: ledger.veto("k", ["no"], seen=seen),
        "hold": lambda seen: ledger.hold("k", None, because="wait", seen=seen),
        "release": lambda seen: ledger.release("k", because="absent", seen=seen),
        "park": lambda seen: ledger.park("k", because="look", seen=seen),
    }
    [planned] = ledger.plan([effect("k")])
    assert ledger.claim("k", "ana")
    first = ledger.get("k")
    ledger.release("k", because="absent")
    assert ledger.claim("k", "ben")
    for seen in (planned, first):
        before = ledger.get("k"), ledger.history("k")
        with pytest.raises(Overtaken):
            words[word](seen)
        assert before == (ledger.get("k"), ledger.history("k"))

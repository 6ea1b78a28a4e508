"""Limits: counted where the effects stand, and never overrun."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.components.ports import NoRoom, Store
from antiphon.model.effect import Disconnected, Done, Effect, Outcome, RateLimited, Receipt, Rejected, Unknown
from antiphon.model.policy import Terms
from antiphon.model.ruling import Limit
from antiphon.testing.clock import VirtualClock

HOUR = timedelta(hours=1)
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def effect(key: str, **fields: object) -> Effect:
    given = {"action": "email.send", "workflow": "w", "run": "r", "step": "s", "summary": "Say it", "subject": "ana"}
    return Effect.model_validate({"key": key, **given, **fields})


def at_most(max: float, since: datetime = EVER, **fields: Any) -> Limit:
    return Limit(rule="cap", told="so many", max=max, since=since, **fields)


def taken(store: Store, key: str, *limits: Limit, **fields: object) -> bool:
    store.ledger.plan([effect(key, **fields)])
    try:
        return store.ledger.claim(key, "worker", limits)
    except NoRoom:
        return False


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({}, True),
        ({"subject": "@ANA "}, True),
        ({"subject": "", "recipients": ("ana",)}, True),
        ({"subject": "ben"}, False),
        ({"workflow": "other", "run": "q"}, True),
        ({"action": "email"}, True),
        ({"action": "emails.send"}, False),
        ({"action": "mastodon.post"}, False),
        ({"outward": False}, False),
        ({"undoes": "k"}, False),
    ],
    ids=str,
)
def test_counted(store: Store, fields: dict[str, object], counted: bool) -> None:
    """A cap for a person and a channel counts what reached them by it, whoever sent it, and nothing else."""
    assert taken(store, "first", **fields)
    assert taken(store, "second", at_most(1, person="ana", channel="email")) is not counted


@pytest.mark.parametrize("field", ["connection", "group", "workflow", "run"])
def test_fields(store: Store, field: str) -> None:
    """A limit of a connection, group, workflow or run counts only what belongs to it."""
    a: dict[str, Any]
    b: dict[str, Any]
    a, b = {field: "a"}, {field: "b"}
    assert taken(store, "first", **a)
    assert taken(store, "second", at_most(1, **b), **b)
    assert not taken(store, "third", at_most(1, **a), **a)


@pytest.mark.parametrize(
    ("outcome", "used"),
    [
        (None, 1),
        (Done(Receipt(at=EVER)), 1),
        (Unknown("timeout"), 1),
        (Rejected("no"), 0),
        (RateLimited(EVER), 0),
        (Disconnected("refused"), 0),
    ],
    ids=str,
)
def test_states(store: Store, outcome: Outcome | None, used: int) -> None:
    """What was done or may have been counts; what surely has not happened gives its place back."""
    limit = at_most(1)
    assert taken(store, "first", limit)
    if outcome is not None:
        store.ledger.settle("first", outcome)

    assert store.tally.used(limit, key="second", priority=50).used == used
    assert taken(store, "second", limit) is (used == 0)


def test_parked(store: Store) -> None:
    """What a person has to look after may have happened, so it counts; its own place does not stand in its way."""
    limit = at_most(1)
    assert taken(store, "first", limit)
    store.ledger.settle("first", Unknown("timeout"))
    store.ledger.park("first", because="nobody can tell")
    assert not taken(store, "second", limit)
    store.ledger.release("first", because="it is not there")
    assert store.ledger.claim("first", "worker", [limit])


def test_money(store: Store, clock: VirtualClock) -> None:
    """An expected price counts from the claim, a real one from the receipt; what has no price yet needs some room."""
    limit = at_most(10, counts="cost", amount=6)
    assert taken(store, "first", limit, cost=6)
    assert not taken(store, "second", limit, cost=6)
    store.ledger.settle("first", Done(Receipt(at=clock.now(), cost=4)))
    assert store.ledger.claim("second", "worker", [limit])
    assert not taken(store, "third", at_most(10, counts="cost", amount=0))


def test_priority(store: Store, clock: VirtualClock) -> None:
    """A place that an effect of higher priority waits for is kept for it, a quarter of an hour long."""
    limit = at_most(1, per=HOUR)
    high, low = Terms(priority=80), Terms(priority=20)
    assert taken(store, "first", limit)
    store.ledger.plan([effect("high", terms=high), effect("low", terms=low)])
    store.ledger.hold("high", clock.now() + HOUR, because="full", waits_for=limit.name)
    clock.advance(HOUR)
    later = at_most(1, since=clock.now() - HOUR, per=HOUR)
    with pytest.raises(NoRoom) as full:
        store.ledger.claim("low", "worker", [later])
    assert (0, 1) == (full.value.usage.used, full.value.usage.waiting)
    clock.advance(timedelta(minutes=15))
    assert store.tally.used(later, key="low", priority=20).waiting == 0
    assert store.ledger.claim("high", "worker", [later])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 90)), max_size=25),
    most=st.integers(1, 3),
)
def test_model(store: Store, clock: VirtualClock, steps: list[tuple[str, int]], most: int) -> None:
    """A sliding cap lets pass exactly what a list of times would, and names the moment at which there is room."""
    salt = uuid.uuid4().hex[:8]
    sent: dict[str, list[datetime]] = {"a": [], "b": [], "c": []}
    for number, (who, minutes) in enumerate(steps):
        clock.advance(timedelta(minutes=minutes))
        now, person = clock.now(), f"{salt}{who}"
        limit = at_most(most, since=now - HOUR, per=HOUR, person=person)
        recent = [at for at in sent[who] if at > now - HOUR]
        usage = store.tally.used(limit, key="", priority=50)
        if len(recent) == most:
            assert usage.until(limit) == recent[0] + HOUR
        assert taken(store, f"{salt}{number}", limit, subject=person) is (len(recent) < most)
        if len(recent) < most:
            sent[who].append(now)


def test_threads(store: Store) -> None:
    """Of many threads that want the last places, exactly as many get one as there are, and the limits do not lock."""
    keys = [f"k{number:02}" for number in range(24)]
    store.ledger.plan([effect(key) for key in keys])
    limits = [at_most(5, person="ana"), at_most(20, workflow="w")]
    barrier = Barrier(8)

    def contend(worker: int) -> int:
        won = 0
        barrier.wait()
        for key in keys[worker::8]:
            try:
                won += store.ledger.claim(key, str(worker), limits if worker % 2 else limits[::-1])
            except NoRoom:
                continue
        return won

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(contend, range(8))) == 5


def test_processes(store_url: str, store: Store) -> None:
    """Two processes that want the last places share them, and never take one more."""
    keys = [f"k{number:02}" for number in range(40)]
    store.ledger.plan([effect(key) for key in keys])
    script = Path(__file__).with_name("crowd.py")
    command = [sys.executable, str(script), store_url]
    processes = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=30)[0] for process in processes]
    won = [key for answer in answers for key in json.loads(answer)]
    assert (7, 7) == (len(won), len(set(won)))

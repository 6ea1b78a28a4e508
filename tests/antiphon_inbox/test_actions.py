"""Tickets and drafts: kept once, whatever happens."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.context import Connections, Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.ports import Reports, Store
from antiphon.errors import GiveUp
from antiphon.model.effect import Done, Receipt, Rejected
from antiphon.testing.clock import VirtualClock
from antiphon_inbox.actions import Draft, Ticket, number
from antiphon_inbox.withdrawing import Withdraw

HERE = Here(workflow="desk", run="r1", step="ticket", timezone=ZoneInfo("Europe/Paris"), event="m:1", subject="m:ana")
NO_CONNECTIONS = cast(Connections, None)


@pytest.fixture
def reading(store: Store, clock: VirtualClock) -> ReadContext:
    return ReadContext(
        HERE, clock, NO_CONNECTIONS, store.events, store.runs, store.ledger, store.people, store.records, store.marks
    )


@pytest.fixture
def performing(store: Store, clock: VirtualClock) -> PerformContext:
    return PerformContext(
        here=HERE,
        clock=clock,
        connections=NO_CONNECTIONS,
        http=Http(),
        events=store.events,
        records=store.records,
        people=store.people,
        reports=cast(Reports, None),
        brakes=store.brakes,
        claimed_at=clock.now(),
        made=lambda remote_id: False,
        reveal=lambda value: value,
    )


def receipt(outcome: Any) -> Receipt:
    assert isinstance(outcome, Done)
    return outcome.receipt


def test_ticket(reading: ReadContext, performing: PerformContext, store: Store) -> None:
    """A ticket is a record with a number to say aloud, which is the effect's result."""
    options = Ticket.Options(title=" A leaking\n bag ", text="It leaks.", priority="high", labels=["complaint"])
    effect = Ticket().plan(options, reading)
    assert (effect.summary, effect.idempotency) == ("Open a ticket: A leaking bag", "native")
    assert store.records.list("inbox.ticket") == []
    done = receipt(Ticket().perform(effect, performing))
    [record] = store.records.list("inbox.ticket")
    assert record.key == effect.key == "desk/ticket/m:ana/m:1"
    assert record.data == {
        "title": "A leaking bag", "text": "It leaks.", "url": "", "person": "", "priority": "high",
        "labels": ["complaint"], "number": done.remote_id, "state": "open", "workflow": "desk", "run": "r1",
        "event": "m:1", "subject": "m:ana",
    }  # fmt: skip
    assert done.data == {"number": done.remote_id, "state": "open"}


def test_twice(reading: ReadContext, performing: PerformContext, store: Store, clock: VirtualClock) -> None:
    """Performed again, a ticket is the same, and what a person did to it meanwhile stays."""
    effect = Ticket().plan(Ticket.Options(title="A leaking bag"), reading)
    first = receipt(Ticket().perform(effect, performing))
    store.records.put("inbox.ticket", effect.key, {"number": first.remote_id, "state": "closed"}, clock.now())
    clock.advance(timedelta(minutes=1))
    second = receipt(Ticket().perform(effect, performing))
    assert (second.remote_id, second.at, second.data["state"]) == (first.remote_id, first.at, "closed")
    assert len(store.records.list("inbox.ticket")) == 1


@pytest.mark.parametrize(
    ("action", "options"),
    [(Ticket(), Ticket.Options(title="t")), (Draft(), Draft.Options(to="1", text="Hello"))],
    ids=["ticket", "draft"],
)
def test_reconcile(action: Any, options: Any, reading: ReadContext, performing: PerformContext) -> None:
    """Asked afterwards, the inbox knows for certain."""
    effect = action.plan(options, reading)
    assert action.reconcile(effect, performing) is None
    done = action.perform(effect, performing)
    assert action.reconcile(effect, performing) == done


def test_draft(reading: ReadContext, performing: PerformContext, store: Store) -> None:
    """A draft keeps the whole reply, shows its beginning, and sends nothing through the connection it names."""
    text = "Bonjour Ana, " + "pardon " * 30
    effect = Draft().plan(Draft.Options(to="42", text=text, connection="brand", ticket="T-1"), reading)
    assert effect.connection == ""
    assert effect.summary.startswith("Draft a reply: Bonjour Ana, pardon")
    assert effect.summary.endswith("…")
    Draft().perform(effect, performing)
    assert store.records.list("inbox.draft")[0].data["text"] == text


@pytest.mark.parametrize(
    ("action", "options"),
    [(Ticket(), Ticket.Options(title=" \n ")), (Draft(), Draft.Options(to="1", text=" \t"))],
    ids=["ticket", "draft"],
)
def test_blank(action: Any, options: Any, reading: ReadContext) -> None:
    """What says nothing is refused in the plan."""
    with pytest.raises(GiveUp, match="has no"):
        action.plan(options, reading)


def test_numbers(reading: ReadContext) -> None:
    """A number has no letter that is mistaken for a digit, is that of its key, and differs from others'."""
    numbers = {number("T", f"key {count}") for count in range(5000)}
    assert len(numbers) == 5000
    assert all(re.fullmatch(r"T-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", one) for one in numbers)
    assert number("T", "key") == number("T", "key") != number("D", "key")
    other = Ticket().plan(Ticket.Options(title="t"), replace(reading, here=replace(HERE, event="m:2")))
    assert other.key.endswith("/m:2")


def test_withdrawn(reading: ReadContext, performing: PerformContext, store: Store) -> None:
    """An undo withdraws what is open, once; what it said stays."""
    effect = Ticket().plan(Ticket.Options(title="A leaking bag"), reading)
    done = receipt(Ticket().perform(effect, performing))
    inverse = Ticket().undo(effect, done, reading)
    assert inverse is not None
    assert (inverse.action, effect.reversible) == ("inbox.withdraw", True)
    assert Withdraw().reconcile(inverse, performing) is None
    for _ in range(2):
        assert receipt(Withdraw().perform(inverse, performing)).remote_id == done.remote_id
    [record] = store.records.list("inbox.ticket")
    assert (record.data["state"], record.data["title"]) == ("withdrawn", "A leaking bag")
    assert isinstance(Withdraw().reconcile(inverse, performing), Done)


def test_withdrawn_too_late(reading: ReadContext, performing: PerformContext, store: Store) -> None:
    """What somebody has worked on is not withdrawn, and neither is what is not there."""
    effect = Draft().plan(Draft.Options(to="1", text="Sorry"), reading)
    done = receipt(Draft().perform(effect, performing))
    late = Withdraw().plan(Withdraw.Options(of="inbox.draft", key=effect.key), reading)
    [record] = store.records.list("inbox.draft")
    store.records.put("inbox.draft", effect.key, {**record.data, "state": "sent"}, performing.clock.now())
    with pytest.raises(GiveUp, match="is sent by now"):
        Draft().undo(effect, done, reading)
    assert isinstance(Withdraw().perform(late, performing), Rejected)
    nothing = Withdraw().plan(Withdraw.Options(of="inbox.draft", key="no such"), reading)
    assert isinstance(Withdraw().perform(nothing, performing), Rejected)

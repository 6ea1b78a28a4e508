"""Erasure in the tables, on both databases: no column of any table keeps a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import Text, select, update
from sqlalchemy import cast as as_text

from antiphon.components.ports import Store
from antiphon.model.effect import Done, Effect, Receipt
from antiphon.model.event import Event
from antiphon.model.person import Person
from antiphon.model.personal import FORGOTTEN, Names
from antiphon.store.database import Database
from antiphon.store.metadata import metadata
from antiphon.store.tables import audit
from antiphon.testing.clock import VirtualClock

ANA = Person(id="slack:U7ZZ", network="slack", handle="ana@social.example", name="Ana")
NAMES = Names(frozenset({"slack:U7ZZ", "ana@social.example", "ána@exämple.org"}), frozenset({"Ana"}))


@pytest.fixture
def filled(store: Store, clock: VirtualClock) -> Store:
    """A store in which Ana stands in rows of hers, and in rows of others."""
    now = clock.now()
    author = {"id": ANA.id, "handle": ANA.handle}
    store.events.ingest([
        Event("e1", "heard", now, {"author": author, "text": "A secret wish"}, "s"),
        Event("e2", "heard", now, {"author": {"id": "slack:U8"}, "text": "Hi @Ana@Social.example! \U0001f600"}, "s"),
        Event("e3", "order.placed", now, {"email": "ÁNA@exämple.org", "total": 3}, "s"),
    ])  # fmt: skip
    store.people.seen([ANA, Person(id="slack:U8", network="slack", handle="ben", name="Ana")], now)
    store.records.put("shop.card", "ana@social.example", {"said": ["Ana", 1]}, now)
    store.records.put(
        "shop.list", "week", {"best": "it was ana@social.example", "of": ["Anatole", "slack:U7ZZZ", "SLACK:u7zz"]}, now
    )
    store.marks.first("w", "slack:U7ZZ", "r1", now, now)
    of = {"key": "w/s/slack:U7ZZ/e1", "action": "a.b", "workflow": "w", "run": "r1", "step": "s", "subject": ANA.id}
    effect = Effect(**of, summary="To Ana", payload={"to": ANA.handle}, recipients=(ANA.handle,))
    store.ledger.plan([effect])
    store.ledger.claim(effect.key, "worker")
    store.ledger.settle(effect.key, Done(Receipt(remote_id="9", at=now, payload_hash="h", data={"to": "Ana"})))
    store.audit.record("staff", "consent give", ANA.id, None, {"basis": "Ana said so"})
    store.audit.record("staff", "brake on", "workspace")
    return store


def rows(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, as text."""
    with cast(Database, store).personal._transactions.reading() as connection:
        return {
            table.name: [list(row) for row in connection.execute(select(*(as_text(one, Text) for one in table.c)))]
            for table in metadata.sorted_tables
        }


def test_z3_nothing_stays(filled: Store) -> None:
    """Z3: no table holds a name, in whatever spelling, and what others wrote keeps the rest of its words."""
    changed = filled.personal.erase(NAMES, {("shop.card", "ana@social.example"): None}, "person-1")

    left = repr(rows(filled))
    assert [] == [name for name in NAMES.whole if name.lower() in left.lower().replace("slack:u7zzz", "")]
    assert "A secret wish" not in left
    assert {"audit": 1, "effect_history": 3, "effects": 1, "events": 3, "marks": 1, "people": 1} == {
        name: count for name, count in changed.items() if name not in ("reached", "records")
    }
    [mine] = [one for one in filled.events.list() if one.id == "e2"]
    assert "Hi person-1-" in mine.data["text"]
    assert "! \U0001f600" in mine.data["text"]
    assert ["Ana"] == [one.name for one in filled.people.list()]
    [kept] = filled.records.list("shop.list")
    assert "it was person-1-" in kept.data["best"]
    assert ["Anatole", "slack:U7ZZZ"] == kept.data["of"][:2]


def test_z3_receipt_stays(filled: Store) -> None:
    """Z3: the fact that something was sent stays, with its receipt; its words and whom it reached go."""
    filled.personal.erase(NAMES, {}, "person-1")

    [entry] = filled.ledger.list()

    assert ("done", FORGOTTEN, {}, "9", "h", {}) == (
        entry.state,
        entry.effect.summary,
        entry.effect.payload,
        entry.receipt and entry.receipt.remote_id,
        entry.receipt and entry.receipt.payload_hash,
        entry.receipt and entry.receipt.data,
    )
    assert 3 == len(filled.ledger.history(entry.effect.key))


def test_z3_once_more(filled: Store) -> None:
    """Z3: to erase again finds nothing and changes nothing."""
    filled.personal.erase(NAMES, {}, "person-1")

    assert [] == list(filled.personal.traces(NAMES))
    assert {} == filled.personal.erase(NAMES, {}, "person-2")


def test_z3_audit_holds(filled: Store) -> None:
    """Z3: an entry that names them keeps its place and loses its words; the chain holds, with the same last hash."""
    kept = filled.audit.list(limit=1)[0].hash

    filled.personal.erase(NAMES, {}, "person-1")

    assert filled.audit.verify(kept) is None
    assert [(FORGOTTEN, None), ("workspace", None)] == [
        (one.subject, one.after) for one in reversed(filled.audit.list())
    ]


@pytest.mark.parametrize(
    "values",
    [{"subject": "somebody else"}, {"after": "{}"}, {"salt": "00"}, {"salt": None}, {"seal": None}, {"seal": "0" * 64}],
)
@pytest.mark.parametrize("number", [1, 2])
def test_audit_shows(filled: Store, values: dict[str, Any], number: int) -> None:
    """Nothing can be put in the place of words that were taken out, or taken out half."""
    filled.personal.erase(NAMES, {}, "person-1")
    assert filled.audit.verify() is None
    change: Callable[..., Any] = update(audit).where(audit.c.number == number).values
    with cast(Database, filled).personal._transactions.writing() as connection:
        connection.execute(change(values))

    broken = filled.audit.verify()

    assert (broken is None) == (number == 1 and values == {"salt": None})

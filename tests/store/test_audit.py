"""The audit's chain."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from antiphon.components.ports import AuditEntry, Broken, Store
from antiphon.errors import StoreError
from antiphon.store.audit import BEGINNING, _hash
from antiphon.store.database import Database, open_store
from antiphon.store.tables import audit as table
from antiphon.testing.clock import VirtualClock

Tamper = Callable[[Callable[[Connection], Any]], None]


@pytest.fixture
def tamper(store: Store) -> Tamper:
    """Somebody with the database's password, but without Antiphon."""

    def do(change: Callable[[Connection], Any]) -> None:
        assert isinstance(store, Database)
        with store._engine.execution_options(writes=True).begin() as connection:
            change(connection)

    return do


@pytest.fixture
def entries(store: Store, clock: VirtualClock) -> list[AuditEntry]:
    """Five things that Ana did, a minute apart."""
    made = []
    for number in range(1, 6):
        made.append(store.audit.record("ana@desk", "brake on", f"scope-{number}", None, {"until": clock.now()}))
        clock.advance(timedelta(minutes=1))
    return made


def test_chain(store: Store, entries: list[AuditEntry]) -> None:
    """Each entry follows the one before it; what is read is what was written; a whole chain verifies."""
    assert [1, 2, 3, 4, 5] == [entry.number for entry in entries]
    assert [BEGINNING, *(entry.hash for entry in entries[:-1])] == [entry.previous for entry in entries]
    assert entries[::-1] == store.audit.list()
    assert {"until": "2026-03-02T09:00:00Z"} == entries[0].after
    assert store.audit.verify() is None


def test_empty(store: Store) -> None:
    """An audit in which nothing stands holds; one that should hold something does not."""
    assert store.audit.verify() is None
    assert Broken(1, "the entry whose hash was kept is not there any more") == store.audit.verify("ab" * 32)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "2026-03-02T09:00:00.000000+00:00"),
        ("at", "yesterday"),
        ("who", "bob@desk"),
        ("what", "brake off"),
        ("subject", "scope-9"),
        ("before", "{}"),
        ("before", "no JSON"),
        ("after", None),
        ("after", '{"until": "2026-03-02T09:02:00Z"}'),
        ("previous", "0" * 64),
        ("hash", "f" * 64),
    ],
)
def test_field(store: Store, entries: list[AuditEntry], tamper: Tamper, field: str, value: str | None) -> None:
    """A change of any field of an entry shows."""
    tamper(lambda connection: connection.execute(update(table).where(table.c.number == 3).values({field: value})))
    assert Broken(3, "entry 3 was changed") == store.audit.verify()


def test_rehashed(store: Store, entries: list[AuditEntry], tamper: Tamper) -> None:
    """An entry that was changed and given a fitting hash no longer fits the next one."""

    def change(connection: Connection) -> None:
        row = dict(connection.execute(select(table).where(table.c.number == 3)).mappings().one())
        row["who"] = "bob@desk"
        connection.execute(update(table).where(table.c.number == 3).values(who=row["who"], hash=_hash(row)))

    tamper(change)
    assert Broken(4, "entry 4 does not follow the one before it") == store.audit.verify()


@pytest.mark.parametrize("number", [1, 3])
def test_deleted(store: Store, entries: list[AuditEntry], tamper: Tamper, number: int) -> None:
    """An entry that was taken out shows."""
    tamper(lambda connection: connection.execute(delete(table).where(table.c.number == number)))
    assert Broken(number, f"entry {number} is missing") == store.audit.verify()


def test_renumbered(store: Store, entries: list[AuditEntry], tamper: Tamper) -> None:
    """An entry that was taken out shows though the others were moved up."""

    def change(connection: Connection) -> None:
        connection.execute(delete(table).where(table.c.number == 3))
        for number in (4, 5):
            connection.execute(update(table).where(table.c.number == number).values(number=number - 1))

    tamper(change)
    assert Broken(3, "entry 3 was changed") == store.audit.verify()


def test_reordered(store: Store, entries: list[AuditEntry], tamper: Tamper) -> None:
    """Two entries that changed places show."""

    def change(connection: Connection) -> None:
        for before, after in ((2, 9), (3, 2), (9, 3)):
            connection.execute(update(table).where(table.c.number == before).values(number=after))

    tamper(change)
    assert Broken(2, "entry 2 was changed") == store.audit.verify()


def test_put_in(store: Store, entries: list[AuditEntry], tamper: Tamper) -> None:
    """An entry at the end that follows nothing shows."""

    def change(connection: Connection) -> None:
        row = dict(connection.execute(select(table).where(table.c.number == 5)).mappings().one()) | {"number": 6}
        connection.execute(insert(table).values({**row, "hash": _hash(row)}))

    tamper(change)
    assert Broken(6, "entry 6 does not follow the one before it") == store.audit.verify()


def test_truncated(store: Store, entries: list[AuditEntry], tamper: Tamper) -> None:
    """That the end was cut off shows against a hash that was kept elsewhere, and only so."""
    kept = entries[-1].hash
    assert store.audit.verify(kept) is None
    tamper(lambda connection: connection.execute(delete(table).where(table.c.number > 3)))
    assert store.audit.verify() is None
    assert store.audit.verify(entries[2].hash) is None
    assert Broken(4, "the entry whose hash was kept is not there any more") == store.audit.verify(kept)


def test_unreadable(store: Store, entries: list[AuditEntry], tamper: Tamper) -> None:
    """A list with an entry that cannot be read names it, and what to run."""
    tamper(lambda connection: connection.execute(update(table).where(table.c.number == 3).values(after="no JSON")))
    with pytest.raises(StoreError, match=r"Entry 3 .* was changed\. Run `antiphon audit verify`"):
        store.audit.list()


def test_list(store: Store, entries: list[AuditEntry]) -> None:
    """The audit is searched by what was done, to what, and since when."""
    since = datetime(2026, 3, 2, 9, 3, tzinfo=UTC)
    assert [5, 4] == [entry.number for entry in store.audit.list(since=since)]
    assert [2] == [entry.number for entry in store.audit.list(subject="scope-2")]
    assert [5] == [entry.number for entry in store.audit.list(what="brake", limit=1)]
    assert [] == list(store.audit.list(what="%"))


def test_any_text(store: Store) -> None:
    """What no database keeps does not break the chain."""
    store.audit.record("a\0b", "\ud83d", "é", {"half": "\ud83d"}, float("nan"))
    assert store.audit.verify() is None
    assert "a\ufffdb" == store.audit.list()[0].who


def test_at_once(store_url: str, store: Store, clock: VirtualClock) -> None:
    """Those who write at once stand in line: the chain has no fork and no gap."""
    others = [open_store(store_url, clock) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: others[n % 4].audit.record("w", "t", str(n)), range(80)))
    for other in others:
        other.close()
    assert store.audit.verify() is None
    assert {str(n) for n in range(80)} == {entry.subject for entry in store.audit.list()}

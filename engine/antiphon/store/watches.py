"""What is remembered of events that mean something together only, and what has come of them."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, or_, select

from antiphon.components.ports.watches import Change, Fired, Place, Watches
from antiphon.store.tables import firings
from antiphon.store.tables import watches as table
from antiphon.store.transactions import Transactions, batches

_COLUMNS = [column.name for column in table.c]

_VALUES = 1000
"""How many values are put into one statement."""

_CLAUSES = 100
"""How many conditions are put into one statement: SQLite takes no more than a thousand."""


class SqlWatches(Watches):
    """Memories in a table, keyed by watch and key, and what came about in another."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def change(
        self, places: Collection[Place], to: Callable[[Mapping[Place, Mapping[str, Any]]], Change]
    ) -> Sequence[Fired]:
        upsert = self._transactions.insert(table)
        upsert = upsert.on_conflict_do_update(
            index_elements=[table.c.watch, table.c.key],
            set_={name: upsert.excluded[name] for name in ("memory", "due", "until")},
        )
        with self._transactions.writing() as connection:
            remembered, fired = to(self._held(connection, sorted(places)))
            if remembered:
                connection.execute(upsert, [{name: getattr(one, name) for name in _COLUMNS} for one in remembered])
            if fired:
                noted = [{"id": one.id, "at": one.at, "data": one.data} for one in fired]
                connection.execute(self._transactions.insert(firings).on_conflict_do_nothing(), noted)
        return fired

    def get(self, watch: str, key: str) -> Mapping[str, Any] | None:
        query = select(table.c.memory).where(table.c.watch == watch, table.c.key == key)
        with self._transactions.reading() as connection:
            memory: Mapping[str, Any] | None = connection.execute(query).scalar_one_or_none()
        return memory

    def keys(self, watch: str, limit: int = 100) -> Sequence[str]:
        query = select(table.c.key).where(table.c.watch == watch, table.c.memory.is_not(None))
        with self._transactions.reading() as connection:
            return connection.execute(query.order_by(table.c.key).limit(limit)).scalars().all()

    def due(self, watches: Collection[str], now: datetime, limit: int = 500) -> Sequence[Place]:
        found: list[tuple[datetime, str, str]] = []
        with self._transactions.reading() as connection:
            for some in batches(sorted(watches), _VALUES):
                query = select(table.c.due, table.c.watch, table.c.key).where(table.c.due <= now)
                query = query.where(table.c.watch.in_(some)).order_by(table.c.due).limit(limit)
                found += [(row.due, row.watch, row.key) for row in connection.execute(query)]
        return [(watch, key) for _, watch, key in sorted(found)[:limit]]

    def next_due(self, watches: Collection[str]) -> datetime | None:
        with self._transactions.reading() as connection:
            moments = [
                connection.execute(select(func.min(table.c.due)).where(table.c.watch.in_(some))).scalar()
                for some in batches(sorted(watches), _VALUES)
            ]
        return min((moment for moment in moments if moment is not None), default=None)

    def begun(self, watches: Collection[str]) -> Collection[str]:
        found: set[str] = set()
        with self._transactions.reading() as connection:
            for some in batches(sorted(watches), _VALUES):
                query = select(table.c.watch).where(table.c.watch.in_(some), table.c.key == "")
                query = query.where(table.c.memory.is_not(None))
                found |= set(connection.execute(query).scalars())
        return found

    def fired(self, limit: int = 500) -> Sequence[Fired]:
        query = select(firings).order_by(firings.c.at, firings.c.id).limit(limit)
        with self._transactions.reading() as connection:
            return [Fired(row.id, row.at, row.data) for row in connection.execute(query)]

    def answered(self, ids: Iterable[str]) -> None:
        if struck := [{"struck": one} for one in sorted(ids)]:
            with self._transactions.writing() as connection:
                connection.execute(delete(firings).where(firings.c.id == bindparam("struck")), struck)

    def forget(self, until: datetime, workflows: Collection[str] = ()) -> None:
        # A name that begins with a workflow and a slash stands before that workflow and what comes after the slash.
        gone = [and_(table.c.watch >= f"{name}/", table.c.watch < f"{name}0") for name in sorted(workflows)]
        for some in [[table.c.until < until], *batches(gone, _CLAUSES)]:
            self._drop(or_(*some))

    def _drop(self, which: ColumnElement[bool]) -> None:
        """Looked for before it is deleted: who only reads waits for nobody."""
        with self._transactions.reading() as connection:
            if connection.execute(select(table.c.key).where(which).limit(1)).first() is None:
                return
        with self._transactions.writing() as connection:
            connection.execute(delete(table).where(which))

    def _held(self, connection: Connection, places: Sequence[Place]) -> Mapping[Place, Mapping[str, Any]]:
        """What is remembered at some places, which are kept from everybody else until the end of the transaction.

        A row that is not there cannot be locked, so it is made first. Everybody makes and locks in the same order.
        """
        by_watch: dict[str, list[str]] = defaultdict(list)
        for watch, key in places:
            by_watch[watch].append(key)

        def read(query: Select[Any]) -> dict[Place, Any]:
            found: dict[Place, Any] = {}
            for watch, keys in by_watch.items():
                for some in batches(keys, _VALUES):
                    there = query.where(table.c.watch == watch, table.c.key.in_(some)).order_by(table.c.key)
                    found |= {(watch, row.key): row for row in connection.execute(there)}
            return found

        there = read(select(table.c.key))
        if new := [{"watch": watch, "key": key} for watch, key in places if (watch, key) not in there]:
            connection.execute(self._transactions.insert(table).on_conflict_do_nothing(), new)
        held = read(select(table.c.key, table.c.memory).with_for_update())
        return {place: row.memory for place, row in held.items() if row.memory is not None}

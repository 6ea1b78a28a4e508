"""Documents of plugins."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, tuple_, update

from antiphon.components.ports import Record, Records
from antiphon.store.tables import records
from antiphon.store.transactions import Transactions, batches

_AT_ONCE = 500


class SqlRecords(Records):
    """Records in a table, keyed by kind and key."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def put(self, kind: str, key: str, data: Mapping[str, Any], now: datetime) -> Record:
        insert = self._transactions.insert(records).values(
            kind=kind, key=key, data=data, created_at=now, updated_at=now
        )
        upsert = insert.on_conflict_do_update(
            index_elements=[records.c.kind, records.c.key], set_={"data": data, "updated_at": now}
        )
        with self._transactions.writing() as connection:
            return _record(connection.execute(upsert.returning(*records.c)).one())

    def amend(
        self, kind: str, key: str, data: Callable[[Mapping[str, Any]], Mapping[str, Any]], now: datetime
    ) -> Record:
        [record] = self._amended(kind, [key], lambda _, known: data(known), now)
        return record

    def amend_all(
        self,
        kind: str,
        keys: Collection[str],
        data: Callable[[str, Mapping[str, Any]], Mapping[str, Any]],
        now: datetime,
    ) -> None:
        self._amended(kind, keys, data, now)

    def _amended(
        self,
        kind: str,
        keys: Collection[str],
        data: Callable[[str, Mapping[str, Any]], Mapping[str, Any]],
        now: datetime,
    ) -> list[Record]:
        amended: list[Record] = []
        new = self._transactions.insert(records).on_conflict_do_nothing()
        mine = records.c.kind == kind, records.c.key == bindparam("record")
        change = update(records).where(*mine).values(data=bindparam("made"), updated_at=now)
        with self._transactions.writing() as connection:
            # In the order of the keys: two who amend the same documents wait for one another.
            for some in batches(sorted(set(keys)), _AT_ONCE):
                rows = [{"kind": kind, "key": key, "data": {}, "created_at": now, "updated_at": now} for key in some]
                connection.execute(new, rows)
                query = select(records).where(records.c.kind == kind, records.c.key.in_(some)).order_by(records.c.key)
                known = [_record(row) for row in connection.execute(query.with_for_update())]
                made = [replace(one, data=dict(data(one.key, one.data)), updated_at=now) for one in known]
                connection.execute(change, [{"record": one.key, "made": one.data} for one in made])
                amended += made
        return amended

    def get(self, kind: str, key: str) -> Record | None:
        with self._transactions.reading() as connection:
            query = select(records).where(records.c.kind == kind, records.c.key == key)
            row = connection.execute(query).one_or_none()
        return _record(row) if row else None

    def remove(self, kind: str, key: str) -> bool:
        with self._transactions.writing() as connection:
            gone = delete(records).where(records.c.kind == kind, records.c.key == key)
            return connection.execute(gone).rowcount == 1

    def all(self) -> Iterator[Record]:
        after = ("", "")
        query = select(records).order_by(records.c.kind, records.c.key).limit(_AT_ONCE)
        while True:
            with self._transactions.reading() as connection:
                found = connection.execute(query.where(tuple_(records.c.kind, records.c.key) > after)).all()
            yield from map(_record, found)
            if len(found) < _AT_ONCE:
                return
            after = (found[-1].kind, found[-1].key)

    def list(
        self, kind: str, *, since: datetime | None = None, until: datetime | None = None, limit: int = 100
    ) -> Sequence[Record]:
        query = select(records).where(records.c.kind == kind)
        if since:
            query = query.where(records.c.created_at >= since)
        if until:
            query = query.where(records.c.created_at < until)
        query = query.order_by(records.c.created_at.desc(), records.c.key.desc()).limit(limit)
        with self._transactions.reading() as connection:
            return [_record(row) for row in connection.execute(query)]


def _record(row: Row[Any]) -> Record:
    return Record(row.kind, row.key, row.data, row.created_at, row.updated_at)

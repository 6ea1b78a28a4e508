"""Documents of plugins."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from antiphon.components.ports import Record, Records
from antiphon.store.tables import records
from antiphon.store.transactions import Transactions


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

    def get(self, kind: str, key: str) -> Record | None:
        with self._transactions.reading() as connection:
            query = select(records).where(records.c.kind == kind, records.c.key == key)
            row = connection.execute(query).one_or_none()
        return _record(row) if row else None

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

"""Events, each heard once."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, select, tuple_, update

from antiphon.components.ports import Events, Ingested
from antiphon.model.evaluation import Evaluation
from antiphon.model.event import Event
from antiphon.store import evaluations
from antiphon.store.tables import events as table
from antiphon.store.transactions import Transactions, batches

_NAMES = ("id", "type", "at", "data", "source")
_COLUMNS = [table.c[name] for name in _NAMES]
_PAGE = 1000
_LAST = "\U0010ffff"


class SqlEvents(Events):
    """Events in a table, keyed by their id."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def ingest(self, events: Iterable[Event], *, routed: bool = False) -> Ingested:
        total, first = 0, dict[str, Event]()
        for event in events:
            total += 1
            first.setdefault(event.id, event)
        if not first:
            return Ingested((), 0)
        with self._transactions.writing() as connection:
            kept = write(self._transactions, connection, first.values(), routed=routed)
        new = tuple(event for event in first.values() if event.id in kept)
        return Ingested(new, total - len(new))

    def ingest_many(self, events: Iterable[Event], batch: int = 2000) -> tuple[int, int]:
        new = repeated = 0
        for some in batches(events, batch):
            ingested = self.ingest(some)
            new += len(ingested.new)
            repeated += ingested.repeated
        return new, repeated

    def unrouted(self, limit: int) -> Sequence[Event]:
        query = select(*_COLUMNS).where(~table.c.routed).order_by(table.c.at, table.c.id).limit(limit)
        with self._transactions.reading() as connection:
            return [_event(row) for row in connection.execute(query)]

    def mark_routed(self, ids: Sequence[str], missed: Iterable[Evaluation] = ()) -> None:
        if not ids:
            return
        statement = update(table).where(table.c.id == bindparam("event")).values(routed=True)
        with self._transactions.writing() as connection:
            connection.execute(statement, [{"event": event} for event in sorted(ids)])
            evaluations.write(self._transactions, connection, missed)

    def get(self, event_id: str) -> Event | None:
        with self._transactions.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(table.c.id == event_id)).one_or_none()
        return _event(row) if row else None

    def list(
        self,
        *,
        type: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> Sequence[Event]:
        query = select(*_COLUMNS).order_by(table.c.at.desc(), table.c.id.desc()).limit(limit).offset(offset)
        if type:
            query = query.where(of_type(type))
        if since:
            query = query.where(table.c.at >= since)
        if until:
            query = query.where(table.c.at < until)
        with self._transactions.reading() as connection:
            return [_event(row) for row in connection.execute(query)]

    def count(self, *, since: datetime, until: datetime) -> Mapping[str, int]:
        query = (
            select(table.c.type, func.count())
            .where(table.c.at >= since, table.c.at < until)
            .group_by(table.c.type)
            .order_by(table.c.type)
        )
        with self._transactions.reading() as connection:
            return dict(connection.execute(query).tuples().all())

    def of(self, type: str, since: datetime) -> Iterator[Event]:
        return self._paged(select(*_COLUMNS).where(of_type(type)), since)

    def between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Every event of a period, oldest first; `until` is exclusive."""
        return self._paged(select(*_COLUMNS).where(table.c.at < until), since)

    def _paged(self, wanted: Select[Any], since: datetime) -> Iterator[Event]:
        """Events since a moment, a page at a time: no transaction stays open between two pages."""
        query = wanted.order_by(table.c.at, table.c.id).limit(_PAGE)
        page = query.where(table.c.at >= since)
        while True:
            with self._transactions.reading() as connection:
                rows = connection.execute(page).all()
            yield from map(_event, rows)
            if len(rows) < _PAGE:
                return
            # The only lower bound, so that the index is entered where the last page ended.
            page = query.where(tuple_(table.c.at, table.c.id) > tuple_(rows[-1].at, rows[-1].id))


def write(transactions: Transactions, connection: Connection, heard: Iterable[Event], *, routed: bool) -> set[str]:
    """Keep events within a transaction; the ids of those that are new. Of two with one id the first counts."""
    first: dict[str, Event] = {}
    for event in heard:
        first.setdefault(event.id, event)
    rows = [{name: getattr(event, name) for name in _NAMES} | {"routed": routed} for event in first.values()]
    return transactions.insert_new(connection, table, rows, by="id")


def of_type(type: str) -> ColumnElement[bool]:
    """Whether an event is of a type, or of the family that a type such as `mention.*` names."""
    if not type.endswith("*"):
        return table.c.type == type
    return and_(table.c.type >= type[:-1], table.c.type < type[:-1] + _LAST)


def _event(row: Row[Any]) -> Event:
    return Event(id=row.id, type=row.type, at=row.at, data=row.data, source=row.source)

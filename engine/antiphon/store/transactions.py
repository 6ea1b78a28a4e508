"""Transactions: how every port reads and writes, and the few words that the two databases spell differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, TextClause, bindparam, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from antiphon.errors import StoreError
from antiphon.store.refusals import refusal

_LOOKED_FOR = 500
"""How many rows are looked for at once."""

T = TypeVar("T")
Insert = sqlite.Insert | postgresql.Insert
Columns = ReadOnlyColumnCollection[str, Any]
Changes = Callable[[Columns, Columns], Mapping[str, Any]]


class Transactions:
    """Transactions on one engine, which may be shared between threads; a failure comes out as StoreError."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(writes=True)
        self._spoken: Any = sqlite if engine.dialect.name == "sqlite" else postgresql
        self._puts: dict[Table, TextClause] = {}
        if engine.dialect.name == "sqlite":
            event.listen(engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only looks."""
        with self._on(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; committed at the end of the block, undone if it raises."""
        with self._on(self._writer) as connection:
            yield connection

    def insert(self, table: Table) -> Insert:
        """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
        return self._spoken.insert(table)  # type: ignore[no-any-return]

    def put(
        self,
        connection: Connection,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        by: Sequence[str],
        changes: Changes,
    ) -> None:
        """Insert whole rows, in the order of `by`. Where one is there, `changes` says what becomes of its columns, from
        them and the new ones; it is the same for all of a table."""
        if not rows:
            return
        if table not in self._puts:
            insert = self.insert(table)
            set_ = changes(table.c, insert.excluded)
            statement = insert.on_conflict_do_update(index_elements=[table.c[name] for name in by], set_=set_)
            # In words, since SQLAlchemy 2.0 keeps no statement with a conflict: it would compile it each time anew.
            words = str(statement.compile(dialect=self._spoken.dialect(paramstyle="named")))
            self._puts[table] = text(words).bindparams(*(bindparam(one.name, type_=one.type) for one in table.c))
        connection.execute(self._puts[table], sorted(rows, key=lambda row: [row[name] for name in by]))

    def insert_new(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], by: str) -> set[str]:
        """Insert the rows whose unique column `by` is not there yet; the values of those that are new.

        Every process inserts in the order of `by`: then two that insert the same rows wait for one another, and do not
        lock one another out.
        """
        column = table.c[by]
        # Looked for first: what is heard again comes by the page, and a look costs a third of an insert in vain.
        known: set[Any] = set()
        for some in batches((row[by] for row in rows), _LOOKED_FOR):
            known.update(connection.execute(select(column).where(column.in_(some))).scalars())
        rows = [row for row in rows if row[by] not in known]
        if not rows:
            return set()
        # Any conflict, not that of `by` alone: of two who insert one run at once, PostgreSQL may see its id's first.
        statement = self.insert(table).on_conflict_do_nothing().returning(column)
        new = set(connection.execute(statement, sorted(rows, key=lambda row: row[by])).scalars())
        old = set() if column.primary_key else {row[by] for row in rows} - new
        if old and (lost := old - set(connection.execute(select(column).where(column.in_(old))).scalars())):
            raise StoreError(f"{min(lost)} cannot be kept: something else in {table.name} bears its id.")
        return new

    @contextmanager
    def _on(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, UnicodeEncodeError) as error:
            raise refusal(error, self.engine.url) from error


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, read only as they are asked for."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for its turn in SQLite: it fails with "database is
    # locked" if another has written in between. One that says at once that it will write waits in the queue.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

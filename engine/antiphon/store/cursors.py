"""Where each polled trigger stands."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from sqlalchemy import select

from antiphon.components.ports import Cursors
from antiphon.store.tables import cursors
from antiphon.store.transactions import Transactions


class SqlCursors(Cursors):
    """Cursors in a table, keyed by their name."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def get(self, name: str) -> str | None:
        with self._transactions.reading() as connection:
            return connection.execute(select(cursors.c.cursor).where(cursors.c.name == name)).scalar_one_or_none()

    def set(self, name: str, cursor: str) -> None:
        statement = self._transactions.insert(cursors).values(name=name, cursor=cursor)
        statement = statement.on_conflict_do_update(index_elements=[cursors.c.name], set_={"cursor": cursor})
        with self._transactions.writing() as connection:
            connection.execute(statement)

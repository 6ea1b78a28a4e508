"""Where each polled trigger stands."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from antiphon.components.ports import Cursors
from antiphon.store.tables import cursors
from antiphon.store.transactions import Transactions

_GET = select(cursors.c.cursor).where(cursors.c.name == bindparam("name"))  # written once: each poll asks it


class SqlCursors(Cursors):
    """Cursors in a table, keyed by their name."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def get(self, name: str) -> str | None:
        with self._transactions.reading() as connection:
            return connection.execute(_GET, {"name": name}).scalar_one_or_none()

    def set(self, name: str, cursor: str) -> None:
        with self._transactions.writing() as connection:
            write(self._transactions, connection, name, cursor)


def write(transactions: Transactions, connection: Connection, name: str, cursor: str) -> None:
    """Move a cursor within a transaction."""
    row = {"name": name, "cursor": cursor}
    transactions.put(connection, cursors, [row], by=["name"], changes=lambda kept, new: {"cursor": new.cursor})

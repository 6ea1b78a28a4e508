"""Credentials of connections, and secrets: what of them can be read by anybody, and what is sealed."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text

from antiphon.components.ports import Credential, CredentialKind, Credentials
from antiphon.store.tables import credentials as table
from antiphon.store.transactions import Transactions


class SqlCredentials(Credentials):
    """Credentials in a table, keyed by kind and name."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def list(self) -> Sequence[Credential]:
        with self._transactions.reading() as connection:
            return _all(connection)

    def get(self, kind: CredentialKind, name: str) -> Credential | None:
        query = select(table).where(table.c.kind == kind, table.c.name == name)
        with self._transactions.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _credential(row) if row else None

    def change(self, to: Callable[[Sequence[Credential]], Sequence[Credential]]) -> None:
        with self._transactions.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE credentials IN EXCLUSIVE MODE"))
            before = _all(connection)
            after = list(to(before))
            for one in before:
                if one not in after:
                    connection.execute(delete(table).where(table.c.kind == one.kind, table.c.name == one.name))
            for one in after:
                if one not in before:
                    connection.execute(insert(table).values(asdict(one)))


def _all(connection: Connection) -> Sequence[Credential]:
    query = select(table).order_by(table.c.kind, table.c.name)
    return [_credential(row) for row in connection.execute(query)]


def _credential(row: Row[Any]) -> Credential:
    return Credential(**row._mapping)

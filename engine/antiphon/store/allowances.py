"""What is known of the networks' rate limits."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from antiphon.components.ports import Allowances
from antiphon.components.rates import Allowance
from antiphon.store.tables import rate_limits as table
from antiphon.store.transactions import Transactions

_KNOWN = select(table).where(table.c.connection == bindparam("connection"))  # written once: each request asks it


class SqlAllowances(Allowances):
    """Allowances in a table, keyed by connection and scope."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def learn(self, connection: str, scope: str, allowance: Allowance) -> None:
        said = {"limit": allowance.limit, "remaining": allowance.remaining, "until": allowance.until}
        statement = self._transactions.insert(table).values(connection=connection, scope=scope, **said)
        statement = statement.on_conflict_do_update(index_elements=[table.c.connection, table.c.scope], set_=said)
        with self._transactions.writing() as writing:
            writing.execute(statement)

    def known(self, connection: str) -> Mapping[str, Allowance]:
        with self._transactions.reading() as reading:
            rows = reading.execute(_KNOWN, {"connection": connection}).all()
        return {row.scope: Allowance(row.limit, row.remaining, row.until) for row in rows}

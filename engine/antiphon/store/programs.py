"""Every version of a workflow that a run has begun with."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from sqlalchemy import select

from antiphon.components.ports import Programs
from antiphon.model.program import Program
from antiphon.store.tables import programs
from antiphon.store.transactions import Transactions


class SqlPrograms(Programs):
    """Programs in a table, keyed by their fingerprint; the first text of a version is the one that is kept."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def keep(self, program: Program, source: str) -> None:
        row = {
            "fingerprint": program.fingerprint,
            "program": program.model_dump(mode="json", by_alias=True),
            "source": source,
        }
        with self._transactions.writing() as connection:
            self._transactions.insert_new(connection, programs, [row], by="fingerprint")

    def get(self, fingerprint: str) -> Program | None:
        query = select(programs.c.program).where(programs.c.fingerprint == fingerprint)
        with self._transactions.reading() as connection:
            kept = connection.execute(query).scalar_one_or_none()
        return None if kept is None else Program.model_validate(kept)

    def source(self, fingerprint: str) -> str | None:
        query = select(programs.c.source).where(programs.c.fingerprint == fingerprint)
        with self._transactions.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

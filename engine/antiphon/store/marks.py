"""Small notes of what was there already."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from antiphon.components.ports import Marks
from antiphon.store.tables import marks
from antiphon.store.transactions import Transactions


class SqlMarks(Marks):
    """Marks in a table, keyed by scope and key. One whose time has come belongs to whoever asks next."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def first(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> bool:
        return self.owner(scope, key, owner, now, until) == owner

    def owner(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> str:
        insert = self._transactions.insert(marks).values(scope=scope, key=key, owner=owner, until=until)
        take = insert.on_conflict_do_update(
            index_elements=[marks.c.scope, marks.c.key],
            set_={"owner": owner, "until": until},
            where=marks.c.until <= now,
        )
        holder = select(marks.c.owner).where(marks.c.scope == scope, marks.c.key == key)
        with self._transactions.writing() as connection:
            connection.execute(take)
            return str(connection.execute(holder).scalar_one())

    def known(self, scope: str, key: str, owner: str, now: datetime) -> bool:
        query = select(marks.c.owner).where(
            marks.c.scope == scope, marks.c.key == key, marks.c.owner != owner, marks.c.until > now
        )
        with self._transactions.reading() as connection:
            return connection.execute(query).first() is not None

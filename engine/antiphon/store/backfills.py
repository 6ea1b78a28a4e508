"""What is made up for, and how far that is."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Row, func, select, update

from antiphon.components.ports import Backfills
from antiphon.errors import InputError, StoreError
from antiphon.model.backfill import Backfill, BackfillState
from antiphon.model.run import RunState
from antiphon.store.tables import runs
from antiphon.store.transactions import Transactions
from antiphon.store.upkeep import backfills as table

_OVER = (BackfillState.DONE, BackfillState.CANCELLED)
_LAST_DIGIT = "g"
"""Sorts after every hexadecimal digit."""


class SqlBackfills(Backfills):
    """One row a backfill. Whoever moves it on says how it was seen, so two who do it at once open nothing twice."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def begin(self, backfill: Backfill) -> None:
        with self._transactions.writing() as connection:
            connection.execute(table.insert().values(dict(backfill)))

    def turn(self, backfill_id: str, state: BackfillState, *, because: str = "") -> Backfill:
        mine = table.c.id == backfill_id
        with self._transactions.writing() as connection:
            change = update(table).where(mine, table.c.state.not_in(_OVER))
            connection.execute(change.values(state=state, because=because))
            row = connection.execute(select(table).where(mine)).one_or_none()
        if row is None:
            raise StoreError(f"There is no backfill {backfill_id}.")
        return _backfill(row)

    def advance(self, seen: Backfill, now: Backfill) -> bool:
        same = table.c.id == seen.id, table.c.state == seen.state, table.c.at.is_not_distinct_from(seen.at)
        moves = update(table).where(*same, table.c.event == seen.event).values(dict(now))
        with self._transactions.writing() as connection:
            return connection.execute(moves).rowcount == 1

    def get(self, backfill_id: str) -> Backfill | None:
        beginning = table.c.id >= backfill_id, table.c.id < backfill_id + _LAST_DIGIT
        query = select(table).where(*beginning).order_by(table.c.id).limit(2)
        with self._transactions.reading() as connection:
            found = connection.execute(query).all() if backfill_id else []
        if len(found) > 1:
            names = " and ".join(row.id for row in found)
            raise InputError(f"{backfill_id!r} is the beginning of several backfills, among them {names}.")
        return _backfill(found[0]) if found else None

    def list(self, *, state: BackfillState | None = None, limit: int = 100) -> Sequence[Backfill]:
        query = select(table).order_by(table.c.begun_at.desc(), table.c.id).limit(limit)
        if state:
            query = query.where(table.c.state == state)
        with self._transactions.reading() as connection:
            return [_backfill(row) for row in connection.execute(query)]

    def runs(self, backfill_id: str) -> Mapping[RunState, int]:
        query = select(runs.c.state, func.count()).where(runs.c.backfill == backfill_id).group_by(runs.c.state)
        with self._transactions.reading() as connection:
            return {RunState(state): count for state, count in connection.execute(query)}


def _backfill(row: Row[tuple[object, ...]]) -> Backfill:
    return Backfill.model_validate(dict(row._mapping))

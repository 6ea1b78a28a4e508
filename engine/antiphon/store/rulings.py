"""What the rules said, and when."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from antiphon.components.clock import Clock
from antiphon.components.ports import Ruled, Rulings
from antiphon.model.ruling import Ruling, Way
from antiphon.store.tables import rulings as table
from antiphon.store.transactions import Transactions


class SqlRulings(Rulings):
    """Rulings in a table that only grows."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def record(self, key: str, rulings: Iterable[Ruling]) -> None:
        now = self._clock.now()
        if rows := [{"effect": key, "at": now, **dict(ruling)} for ruling in rulings]:
            with self._transactions.writing() as connection:
                connection.execute(table.insert(), rows)

    def history(self, key: str) -> Sequence[Ruled]:
        query = select(table).where(table.c.effect == key).order_by(table.c.number)
        with self._transactions.reading() as connection:
            rows = connection.execute(query).all()
        return [Ruled(row.at, Ruling(**_fields(row._mapping))) for row in rows]

    def latest(self, key: str) -> Sequence[Ruling]:
        rows = self.history(key)
        return [one.ruling for one in rows if one.at == rows[-1].at]


def _fields(row: object) -> dict[str, object]:
    columns = dict(row)  # type: ignore[call-overload]
    return {**{name: columns[name] for name in Ruling.model_fields}, "verdict": Way(columns["verdict"])}

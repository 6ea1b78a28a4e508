"""Brakes that were put on, and lifted."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, or_, select, update

from antiphon.components.clock import Clock
from antiphon.components.ports import Brakes
from antiphon.model.ruling import Brake
from antiphon.store.transactions import Transactions
from antiphon.store.upkeep import brakes as table

_BRAKE = [table.c[name] for name in Brake.model_fields]


class SqlBrakes(Brakes):
    """One row a brake; it stands until it is lifted, or its time has come."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def put(self, scope: str, reason: str, *, by: str, until: datetime | None = None) -> Brake:
        now = self._clock.now()
        brake = Brake(scope=scope, reason=reason, at=now, by=by, until=until)
        with self._transactions.writing() as connection:
            connection.execute(
                update(table).where(table.c.scope == scope, *_stands(now)).values(lifted_at=now, lifted_by=by)
            )
            connection.execute(table.insert().values(dict(brake)))
        return brake

    def lift(self, scope: str, *, by: str) -> Brake | None:
        now = self._clock.now()
        mine = table.c.scope == scope, *_stands(now)
        statement = update(table).where(*mine).values(lifted_at=now, lifted_by=by).returning(*_BRAKE)
        with self._transactions.writing() as connection:
            rows = connection.execute(statement).all()
        return _brake(rows[-1]) if rows else None

    def standing(self, scopes: Collection[str] = ()) -> Sequence[Brake]:
        query = select(*_BRAKE).where(*_stands(self._clock.now())).order_by(table.c.number)
        if scopes:
            query = query.where(table.c.scope.in_(scopes))
        with self._transactions.reading() as connection:
            return [_brake(row) for row in connection.execute(query)]

    def stood(self, scopes: Collection[str], since: datetime, until: datetime) -> Sequence[Brake]:
        ends = [or_(end.is_(None), end > since) for end in (table.c.lifted_at, table.c.until)]
        query = select(*_BRAKE).where(table.c.scope.in_(scopes), table.c.at < until, *ends)
        with self._transactions.reading() as connection:
            return [_brake(row) for row in connection.execute(query.order_by(table.c.number))]

    def put_by(self, by: str) -> Brake | None:
        query = select(*_BRAKE).where(table.c.by == by).order_by(table.c.number.desc()).limit(1)
        with self._transactions.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _brake(row) if row else None

    def lifted(self, scope: str) -> datetime | None:
        now = self._clock.now()
        end = func.coalesce(table.c.lifted_at, table.c.until)
        query = select(func.max(end)).where(table.c.scope == scope, end <= now)
        with self._transactions.reading() as connection:
            found: datetime | None = connection.execute(query).scalar_one()
        return found


def _stands(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return table.c.lifted_at.is_(None), or_(table.c.until.is_(None), table.c.until > now)


def _brake(row: Row[tuple[object, ...]]) -> Brake:
    return Brake.model_validate(dict(row._mapping))

"""Evaluations, rolled up by the hour."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, or_, select

from antiphon.components.ports import Evaluations
from antiphon.model.evaluation import Evaluation, EvaluationKind, Near
from antiphon.store.columns import keepable
from antiphon.store.tables_of_documents import evaluations as table
from antiphon.store.transactions import Columns, Transactions

_KEY = ("workflow", "trigger", "hour", "kind", "reason")


class SqlEvaluations(Evaluations):
    """One row for each reason of each trigger in each hour."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def add(self, evaluations: Iterable[Evaluation]) -> None:
        if found := list(evaluations):
            with self._transactions.writing() as connection:
                write(self._transactions, connection, found)

    def list(
        self, workflow: str, *, trigger: str = "", since: datetime | None = None, until: datetime | None = None
    ) -> Sequence[Evaluation]:
        query = select(table).where(table.c.workflow == workflow)
        query = query.order_by(table.c.hour.desc(), table.c.count.desc(), *(table.c[name] for name in _KEY))
        if trigger:
            query = query.where(table.c.trigger == trigger)
        if since:
            query = query.where(table.c.hour >= since)
        if until:
            query = query.where(table.c.hour < until)
        with self._transactions.reading() as connection:
            return [_evaluation(row) for row in connection.execute(query)]


def write(transactions: Transactions, connection: Connection, evaluations: Iterable[Evaluation]) -> None:
    """Add evaluations within a transaction, in the order of their keys: two that write wait for one another."""
    transactions.put(connection, table, [_row(one) for one in evaluations], by=_KEY, changes=_added)


def _added(kept: Columns, new: Columns) -> dict[str, Any]:
    nearer = or_(kept.near_distance.is_(None), new.near_distance < kept.near_distance)
    return {
        "count": kept.count + new.count,
        "last_at": new.last_at,
        **{
            name: case((nearer, new[name]), else_=kept[name])
            for name in ("near_event", "near_because", "near_distance")
        },
    }


def _row(one: Evaluation) -> dict[str, Any]:
    near = one.near
    return {
        **{name: getattr(one, name) for name in (*_KEY, "count", "first_at", "last_at", "examples")},
        "reason": keepable(one.reason),
        "near_event": near.event if near else "",
        "near_because": near.because if near else "",
        "near_distance": near.distance if near else None,
    }


def _evaluation(row: Row[Any]) -> Evaluation:
    near = None
    if row.near_distance is not None:
        near = Near(event=row.near_event, because=row.near_because, distance=row.near_distance)
    names = (*_KEY, "count", "first_at", "last_at", "examples")
    values = {name: row._mapping[name] for name in names}
    return Evaluation(**{**values, "kind": EvaluationKind(row.kind), "near": near})

"""Retention: what may go, and its going."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, tuple_

from antiphon.components.clock import Clock
from antiphon.components.ports import Retention
from antiphon.model.effect import EffectState
from antiphon.model.retention import Cut
from antiphon.model.run import RunState
from antiphon.store.events import of_type
from antiphon.store.metric_tables import fetches, metrics
from antiphon.store.tables import effects, events, marks, runs
from antiphon.store.tables_of_documents import evaluations
from antiphon.store.transactions import Transactions

_ENDED = [state for state in RunState if state.ended]
_SETTLED = [EffectState.DONE, EffectState.REJECTED, EffectState.VETOED]


class SqlRetention(Retention):
    """Deletes by the primary key, what it deletes chosen in the same statement."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def count(self, cut: Cut) -> int:
        table, _, may_go = self._may_go(cut)
        with self._transactions.reading() as connection:
            return connection.execute(select(func.count()).select_from(table).where(*may_go)).scalar_one()

    def prune(self, cut: Cut, limit: int) -> int:
        table, age, may_go = self._may_go(cut)
        key = tuple_(*table.primary_key.columns)
        oldest = select(*table.primary_key.columns).where(*may_go).order_by(age).limit(limit)
        with self._transactions.writing() as connection:
            return connection.execute(delete(table).where(key.in_(oldest))).rowcount

    def _may_go(self, cut: Cut) -> tuple[Table, ColumnElement[object], list[ColumnElement[bool]]]:
        """The table, what its rows are old by, and which of them may go."""
        if cut.before is None:
            raise AssertionError(f"{cut.kind} are kept for ever")
        match cut.kind:
            case "events":
                answered = select(runs.c.cause).where(runs.c.state.not_in(_ENDED))
                of = [of_type(cut.type)] if cut.type else []
                others = [~or_(*map(of_type, cut.but))] if cut.but else []
                mine = [events.c.routed, events.c.at < cut.before, *of, *others, events.c.id.not_in(answered)]
                return events, events.c.at, mine
            case "runs":
                open_ = select(effects.c.run).where(effects.c.state.not_in(_SETTLED))
                owners = select(marks.c.owner).where(marks.c.until > self._clock.now())
                old = runs.c.state.in_(_ENDED), runs.c.finished_at < cut.before
                return runs, runs.c.finished_at, [*old, runs.c.id.not_in(open_), runs.c.id.not_in(owners)]
            case "evaluations":
                return evaluations, evaluations.c.hour, [evaluations.c.hour < cut.before]
            case "metrics":
                return metrics, metrics.c.at, [metrics.c.at < cut.before]
            case "answers":
                return fetches, fetches.c.at, [fetches.c.at < cut.before]
            case "marks":
                return marks, marks.c.until, [marks.c.until <= cut.before]

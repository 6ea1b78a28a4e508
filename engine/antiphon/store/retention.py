"""Retention: what may go, and its going."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, tuple_

from antiphon.components.clock import Clock
from antiphon.components.ports import Retention
from antiphon.model.alert import MessageState
from antiphon.model.effect import EffectState
from antiphon.model.retention import Cut
from antiphon.model.run import RunState
from antiphon.store.events import of_type
from antiphon.store.metric_tables import fetches, metrics
from antiphon.store.tables import effects, events, marks, runs, watches
from antiphon.store.tables_of_documents import evaluations, plans
from antiphon.store.transactions import Transactions
from antiphon.store.upkeep import alerts, messages

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
            case "alerts":
                return alerts, alerts.c.at, [alerts.c.told, alerts.c.at < cut.before]
            case "messages":
                over = messages.c.state.in_([MessageState.SENT, MessageState.FAILED])
                return messages, messages.c.at, [over, messages.c.at < cut.before]
            case "plans":
                at_work = select(runs.c.workflow).where(runs.c.state.not_in(_ENDED))
                idle = or_(plans.c.applied_at.is_(None), plans.c.workflow.not_in(at_work))
                return plans, plans.c.planned_at, [idle, plans.c.planned_at < cut.before]
            case "watches":
                # Whoever waits for it would have let the time pass: nobody does any more.
                return watches, watches.c.due, [watches.c.due < cut.before]
            case "marks":
                return marks, marks.c.until, [marks.c.until <= cut.before]

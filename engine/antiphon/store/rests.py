"""Triggers that were laid to rest."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import takewhile

from sqlalchemy import bindparam, func, select, update

from antiphon.components.clock import Clock
from antiphon.components.ports import Rests
from antiphon.model.event import Event
from antiphon.model.rest import Rest
from antiphon.model.run import RunState
from antiphon.store.tables import events, runs
from antiphon.store.transactions import Transactions
from antiphon.store.upkeep import rests as table

_REST = [table.c[name] for name in Rest.model_fields]
# Written once: each poll asks it.
_STANDING = select(*_REST).where(table.c.over_at.is_(None)).order_by(table.c.workflow, table.c.trigger)
_STANDING_OF = _STANDING.where(table.c.workflow == bindparam("workflow"))
_TELLING = (RunState.DONE, RunState.STOPPED, RunState.FAILED)


class SqlRests(Rests):
    """One row a rest; it stands until it is over, and one trigger has one at a time."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def lay(self, rest: Rest, news: Event) -> bool:
        insert = self._transactions.insert(table).values(dict(rest)).on_conflict_do_nothing()
        with self._transactions.writing() as connection:
            laid = connection.execute(insert.returning(table.c.number)).first() is not None
            if laid:
                self._transactions.insert_new(connection, events, [asdict(news) | {"routed": False}], by="id")
        return laid

    def start(self, workflow: str, trigger: str, *, by: str) -> Rest | None:
        mine = table.c.workflow == workflow, table.c.trigger == trigger, table.c.over_at.is_(None)
        over = update(table).where(*mine).values(over_at=self._clock.now(), over_by=by).returning(*_REST)
        with self._transactions.writing() as connection:
            row = connection.execute(over).first()
        return Rest(**row._mapping) if row else None

    def standing(self, workflow: str = "") -> Sequence[Rest]:
        query, asked = (_STANDING_OF, {"workflow": workflow}) if workflow else (_STANDING, {})
        with self._transactions.reading() as connection:
            return [Rest(**row._mapping) for row in connection.execute(query, asked)]

    def started(self, workflow: str, trigger: str) -> datetime | None:
        query = select(func.max(table.c.over_at)).where(table.c.workflow == workflow, table.c.trigger == trigger)
        with self._transactions.reading() as connection:
            found: datetime | None = connection.execute(query).scalar_one()
        return found

    def failures(self, workflow: str, trigger: str, most: int) -> int:
        told = runs.c.live, runs.c.state.in_(_TELLING), runs.c.workflow == workflow, runs.c.trigger == trigger
        query = select(runs.c.state).where(*told).order_by(runs.c.created_at.desc(), runs.c.id.desc()).limit(most)
        if since := self.started(workflow, trigger):
            query = query.where(runs.c.created_at > since)
        with self._transactions.reading() as connection:
            return len(list(takewhile(lambda state: state == RunState.FAILED, connection.execute(query).scalars())))

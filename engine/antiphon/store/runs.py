"""Runs with their steps and verdicts, and who is at work on them."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, or_, select, union, union_all, update

from antiphon.components.clock import Clock
from antiphon.components.ports import Runs
from antiphon.errors import InputError, StoreError
from antiphon.model.run import Run, RunState, StepRecord, Verdict
from antiphon.store.slots import let_in, slot_of
from antiphon.store.tables import runs as table
from antiphon.store.tables import steps, subscriptions
from antiphon.store.transactions import Transactions

_RUN = [table.c[name] for name in Run.model_fields if name != "steps"]
_STEP = [steps.c[name] for name in StepRecord.model_fields]
_ENDED = [state for state in RunState if state.ended]
_ASIDE = [*_ENDED, RunState.QUEUED]
_LAST_CHARACTER = "\U0010ffff"


class SqlRuns(Runs):
    """Runs and steps in two tables. A lease is a worker's name and the instant at which it lapses."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def open(self, runs: Iterable[Run]) -> Sequence[Run]:
        first: dict[str, Run] = {}
        for run in runs:
            first.setdefault(run.key, run)
        if not first:
            return []
        with self._transactions.writing() as connection:
            new = self._transactions.insert_new(connection, table, [_run_row(run) for run in first.values()], by="key")
            opened = [run for run in first.values() if run.key in new]
            if records := [_step_row(run.id, record) for run in opened for record in run.steps]:
                connection.execute(steps.insert(), records)
        return opened

    def claim(self, run_id: str, worker: str, lease: timedelta) -> bool:
        now = self._clock.now()
        statement = (
            update(table)
            .where(table.c.id == run_id, table.c.state.not_in(_ASIDE), or_(_free(now), table.c.worker == worker))
            .values(state=RunState.RUNNING, worker=worker, leased_until=now + lease, not_before=_kept_by(worker))
        )
        with self._transactions.writing() as connection:
            return connection.execute(statement).rowcount == 1

    def unfinished(self, workflow: str = "", limit: int = 1000) -> Sequence[Run]:
        now = self._clock.now()
        # Two indexes, one each: a single question about both would look at every run that waits.
        open_now = union_all(*(select(table.c.id).where(one) for one in _open(now)))
        query = select(*_RUN).where(table.c.id.in_(open_now), _free(now))
        if workflow:
            query = query.where(table.c.workflow == workflow)
        query = query.order_by(table.c.created_at, table.c.id).limit(limit)
        with self._transactions.reading() as connection:
            return _with_steps(connection, connection.execute(query).all())

    def due(self) -> Collection[str]:
        now = self._clock.now()
        query = union(*(select(table.c.workflow).where(one, _free(now)) for one in _open(now)))
        with self._transactions.reading() as connection:
            return connection.execute(query).scalars().all()

    def next_due(self, workflow: str = "") -> datetime | None:
        waits = table.c.state.in_([RunState.PENDING, RunState.HELD]), table.c.not_before.is_not(None)
        query = select(table.c.not_before).where(*waits).order_by(table.c.not_before).limit(1)
        if workflow:
            query = query.where(table.c.workflow == workflow)
        with self._transactions.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def record_step(self, run_id: str, record: StepRecord) -> None:
        row = _step_row(run_id, record)
        upsert = self._transactions.insert(steps).values(row)
        upsert = upsert.on_conflict_do_update(index_elements=[steps.c.run, steps.c.path], set_=row)
        with self._transactions.writing() as connection:
            _must_exist(connection, run_id)
            connection.execute(upsert)

    def record_verdicts(self, run_id: str, verdicts: Sequence[Verdict]) -> None:
        with self._transactions.writing() as connection:
            _must_exist(connection, run_id)
            connection.execute(update(table).where(table.c.id == run_id).values(verdicts=tuple(verdicts)))

    def finish(
        self,
        run_id: str,
        state: RunState,
        *,
        because: str = "",
        result: Any = None,
        not_before: datetime | None = None,
    ) -> None:
        if not state.ended and state is not RunState.HELD:
            raise StoreError(f"Run {run_id} cannot be finished as {state}: that is not an end.")
        values: dict[str, Any] = {
            "state": state,
            "not_before": None,
            "because": because,
            "result": result,
            "finished_at": self._clock.now() if state.ended else None,
            "worker": "",
            "leased_until": None,
        }
        with self._transactions.writing() as connection:
            slot = slot_of(connection, run_id) if state.ended else ""  # before any row: see there
            stands, released = _must_exist(connection, run_id)
            if state is RunState.HELD:
                values["not_before"] = min(filter(None, (not_before, released)), default=None)
            if stands.ended and stands is not state:
                raise StoreError(f"Run {run_id} has ended as {stands}; it cannot become {state}.")
            if not stands.ended:
                connection.execute(update(table).where(table.c.id == run_id).values(values))
                if slot:
                    let_in(connection, slot)
            if state.ended:
                connection.execute(delete(subscriptions).where(subscriptions.c.run == run_id))

    def reopen(self, run_id: str, aside: Sequence[str], *, program: str) -> None:
        with self._transactions.writing() as connection:
            stands, _ = _must_exist(connection, run_id)
            if stands is not RunState.FAILED:
                raise StoreError(f"Run {run_id} is {stands}; only one that has failed is reopened.")
            taken = set(connection.execute(select(steps.c.path).where(steps.c.run == run_id)).scalars())
            for path in aside:
                free = next(name for number in count(1) if (name := f"{path}~{number}") not in taken)
                record = steps.c.run == run_id, steps.c.path == path
                connection.execute(update(steps).where(*record).values(path=free))
            again = {"state": RunState.HELD, "not_before": self._clock.now(), "finished_at": None, "program": program}
            connection.execute(update(table).where(table.c.id == run_id).values(again))

    def asked_to_end(self, run_id: str) -> str:
        with self._transactions.reading() as connection:
            found = connection.execute(select(table.c.ends_as).where(table.c.id == run_id)).scalar_one_or_none()
        return found or ""

    def release(self, run_id: str) -> None:
        unfinished = table.c.id == run_id, table.c.state.not_in(_ENDED)
        with self._transactions.writing() as connection:
            _must_exist(connection, run_id)
            connection.execute(update(table).where(*unfinished).values(not_before=self._clock.now()))

    def get(self, run_id: str) -> Run | None:
        beginning = table.c.id >= run_id, table.c.id < run_id + _LAST_CHARACTER
        query = select(*_RUN).where(*beginning).order_by(table.c.id).limit(2)
        with self._transactions.reading() as connection:
            found = _with_steps(connection, connection.execute(query).all()) if run_id else []
        # The whole id sorts before every longer one.
        if len(found) > 1 and found[0].id != run_id:
            raise InputError(
                f"{run_id!r} is the beginning of several runs, among them {found[0].id} and {found[1].id}.",
                hint="Write more of it.",
            )
        return found[0] if found else None

    def list(
        self,
        *,
        workflow: str = "",
        state: RunState | None = None,
        backfill: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[Run]:
        query = select(*_RUN).order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit).offset(offset)
        if workflow:
            query = query.where(table.c.workflow == workflow)
        if state:
            query = query.where(table.c.state == state)
        if backfill:
            query = query.where(table.c.backfill == backfill)
        if since:
            query = query.where(table.c.created_at >= since)
        if until:
            query = query.where(table.c.created_at < until)
        with self._transactions.reading() as connection:
            return [Run(**row._mapping) for row in connection.execute(query)]

    def upcoming(self, after: datetime, limit: int) -> Sequence[Run]:
        waits = table.c.state == RunState.HELD, table.c.not_before > after
        query = select(*_RUN).where(*waits).order_by(table.c.not_before).limit(limit)
        with self._transactions.reading() as connection:
            return [Run(**row._mapping) for row in connection.execute(query)]

    def newest(self, workflow: str, count: int) -> Sequence[datetime]:
        answered = table.c.workflow == workflow, table.c.state != RunState.DECLINED
        query = select(table.c.created_at).where(*answered).order_by(table.c.created_at.desc()).limit(count)
        with self._transactions.reading() as connection:
            return connection.execute(query).scalars().all()

    def count(self, *, since: datetime, until: datetime) -> Mapping[tuple[str, RunState], int]:
        query = (
            select(table.c.workflow, table.c.state, func.count())
            .where(table.c.created_at >= since, table.c.created_at < until)
            .group_by(table.c.workflow, table.c.state)
            .order_by(table.c.workflow, table.c.state)
        )
        with self._transactions.reading() as connection:
            return {(workflow, RunState(state)): count for workflow, state, count in connection.execute(query)}


def _open(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The two kinds of runs that are to be worked on: those that nothing holds, and those whose time has come."""
    left = table.c.state.in_([RunState.PENDING, RunState.RUNNING])
    waits = table.c.state.in_([RunState.PENDING, RunState.RUNNING, RunState.HELD])
    return and_(left, table.c.not_before.is_(None)), and_(waits, table.c.not_before <= now)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(table.c.leased_until.is_(None), table.c.leased_until <= now)


def _kept_by(worker: str) -> ColumnElement[datetime | None]:
    """Who takes a run has waited long enough; who only renews a lease must not miss that the run was released."""
    return case((table.c.worker == worker, table.c.not_before), else_=None)


def _must_exist(connection: Connection, run_id: str) -> tuple[RunState, datetime | None]:
    """Lock the run until the end of the transaction, and tell where it stands and when it is to go on."""
    query = select(table.c.state, table.c.not_before).where(table.c.id == run_id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StoreError(f"There is no run {run_id} to write to.", hint="Was it opened in another database?")
    return RunState(row.state), row.not_before


def _run_row(run: Run) -> dict[str, Any]:
    return {name: value for name, value in run if name != "steps"}


def _step_row(run_id: str, record: StepRecord) -> dict[str, Any]:
    return {"run": run_id, **dict(record)}


def _with_steps(connection: Connection, rows: Sequence[Row[Any]]) -> Sequence[Run]:
    query = select(steps.c.run, *_STEP).where(steps.c.run.in_([row.id for row in rows])).order_by(steps.c.number)
    taken: dict[str, list[StepRecord]] = defaultdict(list)
    for run_id, *values in connection.execute(query):
        taken[run_id].append(StepRecord(**dict(zip(StepRecord.model_fields, values, strict=True))))
    return [Run(**row._mapping, steps=tuple(taken[row.id])) for row in rows]

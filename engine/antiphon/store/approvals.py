"""Approvals: what people were asked, and what they said."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from antiphon.components.clock import Clock
from antiphon.components.ports import Approvals
from antiphon.errors import InputError, StoreError
from antiphon.model.approval import Approval, ApprovalState, Decision
from antiphon.model.run import RunState
from antiphon.store.tables import approvals as table
from antiphon.store.tables import runs, steps
from antiphon.store.transactions import Transactions

_ENDED = [state for state in RunState if state.ended]
_LAST_CHARACTER = "\U0010ffff"


class SqlApprovals(Approvals):
    """One row a question. A row is locked while it changes, so of two that decide one comes after the other."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def ask(self, approval: Approval) -> Approval:
        with self._transactions.writing() as connection:
            self._transactions.insert_new(connection, table, [dict(approval)], by="id")
            return _locked(connection, approval.id)

    def decide(self, approval_id: str, decision: Decision, *, seen: str, edited: Any = None) -> Approval:
        with self._transactions.writing() as connection:
            after = _locked(connection, approval_id).decided(decision, seen=seen, edited=edited)
            _write(connection, after)
            if after.state is not ApprovalState.PENDING:
                # In the same transaction, so that no crash can leave a run asleep over an answer.
                waiting = runs.c.id == after.run, runs.c.state.not_in(_ENDED)
                connection.execute(update(runs).where(*waiting).values(not_before=self._clock.now()))
        return after

    def close(self, approval_id: str, state: ApprovalState, *, because: str) -> Approval:
        with self._transactions.writing() as connection:
            before = _locked(connection, approval_id)
            voidable = state is ApprovalState.VOID and before.state is ApprovalState.APPROVED
            if before.state is not ApprovalState.PENDING and not voidable:
                return before
            after = before.model_copy(update={"state": state, "because": because, "decided_at": self._clock.now()})
            _write(connection, after)
        return after

    def send_back(self, approval_id: str, below: Sequence[str]) -> None:
        with self._transactions.writing() as connection:
            before = _locked(connection, approval_id)
            if before.state is not ApprovalState.REJECTED:
                return
            _write(connection, before.model_copy(update={"state": ApprovalState.SENT_BACK}))
            taken = connection.execute(select(steps.c.path).where(steps.c.run == before.run)).scalars()
            for path in [path for path in taken if _is_below(path, below)]:
                record = steps.c.run == before.run, steps.c.path == path
                connection.execute(update(steps).where(*record).values(path=f"{path}~{before.id}"))

    def latest(self, run_id: str, path: str) -> Approval | None:
        query = select(table).where(table.c.run == run_id, table.c.path == path)
        with self._transactions.reading() as connection:
            row = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
        return _approval(row) if row else None

    def get(self, approval_id: str) -> Approval | None:
        query = select(table).where(table.c.id >= approval_id, table.c.id < approval_id + _LAST_CHARACTER)
        with self._transactions.reading() as connection:
            rows = connection.execute(query.order_by(table.c.id).limit(2)).all() if approval_id else []
        if len(rows) > 1 and rows[0].id != approval_id:
            raise InputError(
                f"{approval_id!r} is the beginning of several approvals, among them {rows[0].id} and {rows[1].id}.",
                hint="Write more of it.",
            )
        return _approval(rows[0]) if rows else None

    def list(
        self, *, state: ApprovalState | None = None, run: str = "", since: datetime | None = None, limit: int = 100
    ) -> Sequence[Approval]:
        query = select(table).order_by(table.c.asked_at.desc(), table.c.number.desc(), table.c.id).limit(limit)
        if state:
            query = query.where(table.c.state == state)
        if run:
            query = query.where(table.c.run == run)
        if since:
            query = query.where(table.c.asked_at >= since)
        with self._transactions.reading() as connection:
            return [_approval(row) for row in connection.execute(query)]


def _locked(connection: Connection, approval_id: str) -> Approval:
    """The approval, which nobody else changes before the end of the transaction."""
    row = connection.execute(select(table).where(table.c.id == approval_id).with_for_update()).one_or_none()
    if row is None:
        raise StoreError(f"There is no approval {approval_id}.", hint="Was it asked for in another database?")
    return _approval(row)


def _write(connection: Connection, approval: Approval) -> None:
    connection.execute(update(table).where(table.c.id == approval.id).values(dict(approval)))


def _is_below(path: str, names: Sequence[str]) -> bool:
    """Whether a record is of one of the named steps, or of a step inside it."""
    return "~" not in path and any(path == name or path.startswith((f"{name}/", f"{name}[")) for name in names)


def _approval(row: Row[Any]) -> Approval:
    return Approval(**row._mapping)

"""Plans that can be applied."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from antiphon.components.ports import Plans
from antiphon.errors import InputError, StoreError
from antiphon.model.plan import SHOWN_DIGITS, Plan
from antiphon.store.tables_of_documents import plans as table
from antiphon.store.transactions import Transactions

_LAST_DIGIT = "g"
"""Sorts after every hexadecimal digit."""


class SqlPlans(Plans):
    """One row a plan, keyed by its fingerprint. What happens to it later stands in columns of its own."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def keep(self, plan: Plan) -> None:
        row = {
            "fingerprint": plan.fingerprint,
            "workflow": plan.workflow,
            "plan": plan.model_dump(mode="json", by_alias=True),
            "planned_at": plan.planned_at,
            "applied_at": None,
            "follow": False,
        }
        upsert = self._transactions.insert(table).values(row)
        again = {name: row[name] for name in ("plan", "planned_at")}
        upsert = upsert.on_conflict_do_update(index_elements=[table.c.fingerprint], set_=again)
        with self._transactions.writing() as connection:
            connection.execute(upsert)

    def begin(self, fingerprint: str, at: datetime, *, follow: bool) -> Plan:
        query = select(table).where(table.c.fingerprint == fingerprint)
        with self._transactions.writing() as connection:
            row = connection.execute(query.with_for_update()).one_or_none()
            if row is None:
                raise StoreError(f"There is no plan {fingerprint[:SHOWN_DIGITS]} in the database.")
            values = {"applied_at": row.applied_at or at, "follow": row.follow or follow}
            connection.execute(update(table).where(table.c.fingerprint == fingerprint).values(values))
            return _plan(connection.execute(query).one())

    def get(self, fingerprint: str) -> Plan | None:
        beginning = table.c.fingerprint >= fingerprint, table.c.fingerprint < fingerprint + _LAST_DIGIT
        query = select(table).where(*beginning).order_by(table.c.fingerprint).limit(2)
        with self._transactions.reading() as connection:
            found = connection.execute(query).all() if fingerprint else []
        if len(found) > 1:
            names = " and ".join(row.fingerprint[:SHOWN_DIGITS] for row in found)
            raise InputError(f"{fingerprint!r} is the beginning of several plans, among them {names}.")
        return _plan(found[0]) if found else None

    def list(self, *, workflow: str = "", limit: int = 50) -> list[Plan]:
        query = select(table).order_by(table.c.planned_at.desc(), table.c.fingerprint).limit(limit)
        if workflow:
            query = query.where(table.c.workflow == workflow)
        with self._transactions.reading() as connection:
            return [_plan(row) for row in connection.execute(query)]


def _plan(row: Row[Any]) -> Plan:
    return Plan.model_validate({**row.plan, "applied_at": row.applied_at, "follow": row.follow})

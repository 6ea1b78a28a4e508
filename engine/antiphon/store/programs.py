"""Every version of a workflow, and which one was in force when."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from antiphon.components.ports import InForce, Programs
from antiphon.model.listing import Listing
from antiphon.model.program import Program
from antiphon.store.tables_of_documents import in_force, programs
from antiphon.store.transactions import Transactions


class SqlPrograms(Programs):
    """Programs in a table, keyed by their fingerprint; the first text of a version is the one that is kept."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def keep(self, program: Program, listing: Listing) -> None:
        row = {
            "fingerprint": program.fingerprint,
            "program": program.model_dump(mode="json", by_alias=True),
            "source": next(iter(listing.texts.values()), ""),
            "listing": listing,
        }
        with self._transactions.writing() as connection:
            if not self._transactions.insert_new(connection, programs, [row], by="fingerprint"):
                # Versions of before listings were kept.
                bare = programs.c.fingerprint == program.fingerprint, programs.c.listing.is_(None)
                connection.execute(update(programs).where(*bare).values(listing=listing))

    def get(self, fingerprint: str) -> Program | None:
        kept = self._one(select(programs.c.program).where(programs.c.fingerprint == fingerprint))
        return None if kept is None else Program.model_validate(kept)

    def source(self, fingerprint: str) -> str | None:
        found: str | None = self._one(select(programs.c.source).where(programs.c.fingerprint == fingerprint))
        return found

    def listing(self, fingerprint: str) -> Listing | None:
        kept = self._one(select(programs.c.listing).where(programs.c.fingerprint == fingerprint))
        return None if kept is None else Listing.model_validate(kept)

    def put_in_force(self, current: Mapping[str, str], at: datetime) -> None:
        newest = select(in_force.c.workflow, func.max(in_force.c.since).label("since")).group_by(in_force.c.workflow)
        last = newest.subquery()
        its = (in_force.c.workflow == last.c.workflow) & (in_force.c.since == last.c.since)
        with self._transactions.writing() as connection:
            stands = {row.workflow: row for row in connection.execute(select(in_force).join(last, its))}
            wanted = {**dict.fromkeys(stands, ""), **current}
            for workflow in sorted(wanted):
                stood = stands.get(workflow)
                if stood is None or stood.fingerprint != wanted[workflow]:
                    since = at if stood is None else max(at, stood.since)
                    row = {"workflow": workflow, "since": since, "fingerprint": wanted[workflow]}
                    insert = self._transactions.insert(in_force).values(row)
                    # Two changes at one moment: the later one counts.
                    key = [in_force.c.workflow, in_force.c.since]
                    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=row))

    def in_force(self, workflow: str, at: datetime) -> InForce | None:
        found = self._history(_of(workflow).where(in_force.c.since <= at).limit(1))
        return found[0] if found else None

    def all_in_force(self, at: datetime) -> Sequence[InForce]:
        known = select(in_force.c.workflow, func.max(in_force.c.since).label("since")).where(in_force.c.since <= at)
        last = known.group_by(in_force.c.workflow).subquery()
        its = (in_force.c.workflow == last.c.workflow) & (in_force.c.since == last.c.since)
        query = select(in_force).join(last, its).where(in_force.c.fingerprint != "")
        return self._history(query.order_by(in_force.c.workflow))

    def history(self, workflow: str) -> Sequence[InForce]:
        return self._history(_of(workflow))

    def _history(self, query: Select[Any]) -> list[InForce]:
        with self._transactions.reading() as connection:
            return [InForce(row.workflow, row.since, row.fingerprint) for row in connection.execute(query)]

    def _one(self, query: Select[Any]) -> Any:
        with self._transactions.reading() as connection:
            return connection.execute(query).scalar_one_or_none()


def _of(workflow: str) -> Select[Any]:
    return select(in_force).where(in_force.c.workflow == workflow).order_by(in_force.c.since.desc())

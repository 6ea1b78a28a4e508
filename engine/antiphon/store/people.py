"""Whom the brand has met."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

from antiphon.components.ports import People
from antiphon.model.person import Person
from antiphon.store.tables import people as table
from antiphon.store.transactions import Transactions


class SqlPeople(People):
    """People in a table, keyed by their id."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def seen(self, people: Iterable[Person], at: datetime) -> None:
        fresh: dict[str, Person] = {}
        for person in people:
            sight = person.model_copy(
                update={"first_seen": person.first_seen or at, "last_seen": max(person.last_seen or at, at)}
            )
            fresh[person.id] = _merged(fresh[person.id], sight) if person.id in fresh else sight
        with self._transactions.writing() as connection:
            new = self._transactions.insert_new(connection, table, [dict(p) for p in fresh.values()], by="id")
            # Locked in the order of their ids, as they were inserted: two pollers wait for one another.
            for person_id in sorted(fresh.keys() - new):
                mine = table.c.id == person_id
                row = connection.execute(select(table).where(mine).with_for_update()).one()
                merged = _merged(Person(**row._mapping), fresh[person_id])
                connection.execute(update(table).where(mine).values(dict(merged)))

    def get(self, person_id: str) -> Person | None:
        with self._transactions.reading() as connection:
            row = connection.execute(select(table).where(table.c.id == person_id)).one_or_none()
        return Person(**row._mapping) if row else None

    def list(self, limit: int = 100) -> Sequence[Person]:
        query = select(table).order_by(table.c.last_seen.desc(), table.c.id).limit(limit)
        with self._transactions.reading() as connection:
            return [Person(**row._mapping) for row in connection.execute(query)]


def _merged(old: Person, new: Person) -> Person:
    """The newer word wins where there is one; a fact that is not given stays."""
    given = {name: value for name, value in new if value and name not in ("facts", "first_seen", "last_seen")}
    times = [time for time in (old.first_seen, new.first_seen, old.last_seen, new.last_seen) if time]
    return old.model_copy(
        update={**given, "facts": {**old.facts, **new.facts}, "first_seen": min(times), "last_seen": max(times)}
    )

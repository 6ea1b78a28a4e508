"""Whom the brand has met."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from antiphon.components.ports import People
from antiphon.model.person import Person
from antiphon.model.ruling import person_key
from antiphon.store.tables import people as table
from antiphon.store.transactions import Transactions, batches

AGREED = "consent"
"""The fact that says what a person agreed to: no network knows better than what was recorded here."""

_AT_ONCE = 500


class SqlPeople(People):
    """People in a table, keyed by their id."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def seen(self, people: Iterable[Person], at: datetime) -> None:
        if met := list(people):
            with self._transactions.writing() as connection:
                write(self._transactions, connection, met, at)

    def get(self, person_id: str) -> Person | None:
        with self._transactions.reading() as connection:
            row = connection.execute(select(table).where(table.c.id == person_id)).one_or_none()
        return Person(**row._mapping) if row else None

    def amend(self, person: Person, facts: Callable[[Mapping[str, Any]], Mapping[str, Any]], at: datetime) -> Person:
        mine = table.c.id == person.id
        fresh = person.model_copy(update={"first_seen": person.first_seen or at, "last_seen": person.last_seen or at})
        with self._transactions.writing() as connection:
            self._transactions.insert_new(connection, table, [dict(fresh)], by="id")
            known = Person(**connection.execute(select(table).where(mine).with_for_update()).one()._mapping)
            connection.execute(update(table).where(mine).values(facts=dict(facts(known.facts))))
            return Person(**connection.execute(select(table).where(mine)).one()._mapping)

    def named(self, name: str) -> Sequence[Person]:
        # Databases know the small letters of ASCII alike; of others only the spelling that is written is found.
        key = person_key(name)
        spelt = [key, f"@{key}", name, name.strip()]
        query = select(table).where(
            or_(table.c.id == name, func.lower(table.c.id).in_(spelt), func.lower(table.c.handle).in_(spelt))
        )
        with self._transactions.reading() as connection:
            return [Person(**row._mapping) for row in connection.execute(query.order_by(table.c.id))]

    def forget(self, person_id: str) -> bool:
        with self._transactions.writing() as connection:
            return connection.execute(delete(table).where(table.c.id == person_id)).rowcount == 1

    def list(self, limit: int = 100) -> Sequence[Person]:
        query = select(table).order_by(table.c.last_seen.desc(), table.c.id).limit(limit)
        with self._transactions.reading() as connection:
            return [Person(**row._mapping) for row in connection.execute(query)]


def write(transactions: Transactions, connection: Connection, people: Iterable[Person], at: datetime) -> None:
    """Keep or refresh people within a transaction."""
    fresh: dict[str, Person] = {}
    for person in people:
        sight = person.model_copy(
            update={"first_seen": person.first_seen or at, "last_seen": max(person.last_seen or at, at)}
        )
        fresh[person.id] = _merged(fresh[person.id], sight) if person.id in fresh else sight
    new = transactions.insert_new(connection, table, [dict(one) for one in fresh.values()], by="id")
    change = update(table).where(table.c.id == bindparam("person"))
    # Locked in the order of their ids, as they were inserted: two pollers wait for one another.
    for some in batches(sorted(fresh.keys() - new), _AT_ONCE):
        query = select(table).where(table.c.id.in_(some)).order_by(table.c.id).with_for_update()
        known = [Person(**row._mapping) for row in connection.execute(query)]
        merged = [_merged(person, fresh[person.id]) for person in known]
        connection.execute(change, [{"person": one.id, **one.model_dump(exclude={"id"})} for one in merged])


def _merged(old: Person, new: Person) -> Person:
    """The newer word wins where there is one; a fact that is not given stays, and so does what a person agreed to."""
    facts = {**old.facts, **new.facts}
    if AGREED in old.facts:
        facts[AGREED] = old.facts[AGREED]
    given = {name: value for name, value in new if value and name not in ("facts", "first_seen", "last_seen")}
    times = [time for time in (old.first_seen, new.first_seen, old.last_seen, new.last_seen) if time]
    return old.model_copy(update={**given, "facts": facts, "first_seen": min(times), "last_seen": max(times)})

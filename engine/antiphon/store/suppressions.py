"""Whom nobody may reach any more."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import delete, select

from antiphon.components.clock import Clock
from antiphon.components.ports import Suppressions
from antiphon.model.ruling import Suppression, person_digest, person_key
from antiphon.store.transactions import Transactions
from antiphon.store.upkeep import suppressions as table


class SqlSuppressions(Suppressions):
    """One row for a person or address and a channel. `key` gives that of the digests, and makes it when it must."""

    def __init__(self, transactions: Transactions, clock: Clock, key: Callable[[bool], bytes]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._key = key

    def add(self, person: str, *, channel: str = "", reason: str = "", by: str = "") -> Suppression:
        wanted = Suppression(person=person_key(person), channel=channel, reason=reason, at=self._clock.now(), by=by)
        insert = self._transactions.insert(table).values(dict(wanted)).on_conflict_do_nothing()
        mine = table.c.person == wanted.person, table.c.channel == channel
        with self._transactions.writing() as connection:
            connection.execute(insert)
            return Suppression(**connection.execute(select(table).where(*mine)).one()._mapping)

    def remove(self, person: str, *, channel: str = "") -> bool:
        mine = table.c.person.in_(self._spelt([person])), table.c.channel == channel
        with self._transactions.writing() as connection:
            return connection.execute(delete(table).where(*mine)).rowcount > 0

    def forget(self, persons: Collection[str], *, reason: str, by: str) -> None:
        key = self._key(True)
        digests = sorted({person_digest(name, key) for name in persons})
        rows = [{"person": one, "channel": "", "reason": reason, "at": self._clock.now(), "by": by} for one in digests]
        named = table.c.person.in_([person_key(name) for name in persons])
        with self._transactions.writing() as connection:
            if rows:
                connection.execute(self._transactions.insert(table).on_conflict_do_nothing(), rows)
            connection.execute(delete(table).where(named))

    def of(self, persons: Collection[str]) -> Sequence[Suppression]:
        query = select(table).where(table.c.person.in_(self._spelt(persons)))
        with self._transactions.reading() as connection:
            return [Suppression(**row._mapping) for row in connection.execute(query.order_by(table.c.person))]

    def list(self, limit: int = 1000) -> Sequence[Suppression]:
        query = select(table).order_by(table.c.at.desc(), table.c.person, table.c.channel).limit(limit)
        with self._transactions.reading() as connection:
            return [Suppression(**row._mapping) for row in connection.execute(query)]

    def _spelt(self, persons: Collection[str]) -> Sequence[str]:
        """Each name as it may be kept: as it is, as a digest, and as a digest of an older version."""
        names = list(persons)
        keys = {b"", self._key(False)} if names else ()
        return [person_key(name) for name in names] + [person_digest(name, key) for key in keys for name in names]

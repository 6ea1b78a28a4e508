"""How much was done, for the limits of the workspace: counted in the ledger itself, which is the only truth."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select, text

from antiphon.components.clock import Clock
from antiphon.components.ports import NoRoom, Paced, Sent, Tally
from antiphon.model.policy import Terms
from antiphon.model.ruling import Limit, Usage
from antiphon.store.arrows import CLAIMED, DONE, HELD, PARKED, UNKNOWN
from antiphon.store.tables import effects, reached
from antiphon.store.transactions import Transactions

COUNTED = (CLAIMED, DONE, UNKNOWN, PARKED)
"""What was done, and what may have been."""

PRECEDENCE = timedelta(minutes=15)
"""How long a place is kept for an effect of higher priority that was to ask again and has not come."""

_counted = effects.c.state.in_(COUNTED), effects.c.outward, effects.c.undoes == ""


class SqlTally(Tally):
    """Questions to the ledger's own table."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def used(self, limit: Limit, *, key: str, priority: int) -> Usage:
        with self._transactions.reading() as connection:
            return used(connection, limit, key, priority, self._clock.now())

    def sent(self, connection: str, since: datetime, limit: int) -> Sequence[Sent]:
        query = (
            select(effects.c.key, effects.c.payload, effects.c.claimed_at)
            .where(*_counted, effects.c.connection == connection, effects.c.claimed_at > since)
            .order_by(effects.c.claimed_at.desc(), effects.c.key)
            .limit(limit)
        )
        with self._transactions.reading() as reading:
            return [Sent(row.key, row.payload, row.claimed_at) for row in reading.execute(query)]

    def pace(self, workflow: str, since: datetime) -> Sequence[Paced]:
        query = (
            select(effects.c.run, effects.c.claimed_at)
            .where(*_counted, effects.c.workflow == workflow, effects.c.claimed_at > since)
            .order_by(effects.c.claimed_at.desc())
        )
        with self._transactions.reading() as connection:
            return [Paced(row.run, row.claimed_at) for row in connection.execute(query)]


def lock(connection: Connection, limits: Iterable[Limit]) -> None:
    """Let nobody else count what these limits count until this transaction has ended.

    SQLite has one writer at a time anyway. Everybody locks in one order, so nobody locks anybody out.
    """
    if connection.dialect.name == "postgresql":
        for name in sorted({limit.name for limit in limits}):
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def check(connection: Connection, limits: Iterable[Limit], key: str, priority: int, now: datetime) -> None:
    """Raise NoRoom for the first limit that has no room for this effect."""
    for limit in limits:
        usage = used(connection, limit, key, priority, now)
        if not usage.leaves_room(limit):
            raise NoRoom(limit, usage)


def used(connection: Connection, limit: Limit, key: str, priority: int, now: datetime) -> Usage:
    """How much of a limit others than this effect use."""
    amount = func.coalesce(func.sum(effects.c.spent), 0.0) if limit.counts == "cost" else func.count()
    query = select(amount, func.min(effects.c.claimed_at)).where(
        *_counted, effects.c.claimed_at > limit.since, effects.c.key != key, *_of(limit)
    )
    found, oldest = connection.execute(query).one()
    return Usage(float(found), oldest, _waiting(connection, limit, key, priority, now))


def _of(limit: Limit) -> list[ColumnElement[bool]]:
    fields = {name: getattr(limit, name) for name in ("connection", "group", "workflow", "run")}
    found: list[ColumnElement[bool]] = [effects.c[name] == value for name, value in fields.items() if value]
    if limit.channel:
        family = effects.c.action.startswith(f"{limit.channel}.", autoescape=True)
        found.append(or_(effects.c.action == limit.channel, family))
    if limit.person:
        found.append(effects.c.key.in_(select(reached.c.effect).where(reached.c.person == limit.person)))
    return found


def _waiting(connection: Connection, limit: Limit, key: str, priority: int, now: datetime) -> int:
    """How many effects of higher priority were held for want of this very room, and may ask again by now."""
    query = select(effects.c.terms).where(
        effects.c.waits_for == limit.name,
        effects.c.state == HELD,
        effects.c.key != key,
        effects.c.not_before <= now,
        effects.c.not_before > now - PRECEDENCE,
    )
    terms = connection.execute(query).scalars()
    return sum(Terms.model_validate(one).priority > priority for one in terms)

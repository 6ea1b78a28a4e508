"""What waiting runs look out for, filed so that an event finds those that it concerns."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, tuple_, update

from antiphon.components.clock import Clock
from antiphon.components.ports import Address, Subscription, Subscriptions
from antiphon.model.event import Event
from antiphon.model.run import RunState
from antiphon.store.tables import runs, subscription_places
from antiphon.store.tables import subscriptions as table
from antiphon.store.transactions import Transactions, batches

_ENDED = [state for state in RunState if state.ended]
_ADDRESSES_A_QUERY = 300


class SqlSubscriptions(Subscriptions):
    """One row a subscription. A small table beside it has the places, which are few however many runs wait."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def put(self, subscriptions: Collection[Subscription]) -> None:
        rows = [_row(one) for one in subscriptions]
        places = sorted({(row["type"], row["field"]) for row in rows})
        with self._transactions.writing() as connection:
            named = [{"type": type, "field": field} for type, field in places]
            connection.execute(self._transactions.insert(subscription_places).on_conflict_do_nothing(), named)
            connection.execute(self._transactions.insert(table).on_conflict_do_nothing(), rows)

    def places(self) -> Collection[tuple[str, str]]:
        with self._transactions.reading() as connection:
            return [(row.type, row.field) for row in connection.execute(select(subscription_places))]

    def at(self, addresses: Collection[Address]) -> Sequence[Subscription]:
        found: list[Subscription] = []
        address = tuple_(table.c.type, table.c.field, table.c.value)
        with self._transactions.reading() as connection:
            for some in batches(
                sorted(addresses, key=lambda one: (one.type, one.field, one.value)), _ADDRESSES_A_QUERY
            ):
                named = [(one.type, one.field, one.value) for one in some]
                query = select(table).where(address.in_(named), ~table.c.satisfied)
                found += map(_subscription, connection.execute(query))
        return found

    def hear(self, run: str, path: str, event: Event) -> bool:
        mine = table.c.run == run, table.c.path == path, ~table.c.satisfied
        unfinished = runs.c.id == run, runs.c.state.not_in(_ENDED)
        with self._transactions.writing() as connection:
            values = {"satisfied": True, "heard": asdict(event)}
            first = connection.execute(update(table).where(*mine).values(values)).rowcount == 1
            if first:
                connection.execute(update(runs).where(*unfinished).values(not_before=self._clock.now()))
        return first

    def of(self, run: str) -> Sequence[Subscription]:
        with self._transactions.reading() as connection:
            query = select(table).where(table.c.run == run).order_by(table.c.path)
            return [_subscription(row) for row in connection.execute(query)]


def _row(one: Subscription) -> dict[str, Any]:
    return {
        "run": one.run,
        "path": one.path,
        "workflow": one.workflow,
        "type": one.address.type,
        "field": one.address.field,
        "value": one.address.value,
        "match": dict(one.match),
        "since": one.since,
        "satisfied": one.heard is not None,
        "heard": asdict(one.heard) if one.heard else None,
    }


def _subscription(row: Row[Any]) -> Subscription:
    heard = Event(**{**row.heard, "at": datetime.fromisoformat(row.heard["at"])}) if row.heard else None
    address = Address(row.type, row.field, row.value)
    return Subscription(row.run, row.path, row.workflow, address, row.match, row.since, heard)

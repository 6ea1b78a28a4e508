"""Alerts, and the messages that tell of them."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Row, and_, or_, select, update

from antiphon.components.ports import AlertBook
from antiphon.model.alert import Alert, AlertKind, Message, MessageState
from antiphon.store.transactions import Transactions
from antiphon.store.upkeep import alerts, messages

_ALERT = [alerts.c[name] for name in Alert.model_fields]


class SqlAlerts(AlertBook):
    """One row an alert, and one a message and destination. A message moves on by conditional updates."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def keep(self, alert: Alert) -> bool:
        insert = self._transactions.insert(alerts).values(dict(alert)).on_conflict_do_nothing()
        with self._transactions.writing() as connection:
            return connection.execute(insert.returning(alerts.c.number)).first() is not None

    def gather(
        self, kind: AlertKind, before: datetime, compose: Callable[[Sequence[Alert]], Sequence[Message]]
    ) -> Sequence[Message]:
        untold = and_(alerts.c.kind == kind, ~alerts.c.told)
        with self._transactions.reading() as connection:  # there mostly is nothing, and then nobody is kept waiting
            if (
                connection.execute(select(alerts.c.number).where(untold, alerts.c.at <= before).limit(1)).first()
                is None
            ):
                return []
        with self._transactions.writing() as connection:
            taken = connection.execute(update(alerts).where(untold).values(told=True).returning(*_ALERT)).all()
            found = sorted((Alert(**row._mapping) for row in taken), key=lambda alert: (alert.at, alert.key))
            made = compose(found) if found else []
            if made:
                connection.execute(messages.insert(), [message.model_dump(exclude={"number"}) for message in made])
        return made

    def due(self, now: datetime) -> Sequence[Message]:
        waits = messages.c.state == MessageState.WAITING
        due = or_(messages.c.not_before.is_(None), messages.c.not_before <= now)
        with self._transactions.reading() as connection:
            return [_message(row) for row in connection.execute(select(messages).where(waits, due).order_by("number"))]

    def claim(self, number: int) -> bool:
        waits = messages.c.number == number, messages.c.state == MessageState.WAITING
        statement = update(messages).where(*waits).values(state=MessageState.SENDING, tries=messages.c.tries + 1)
        with self._transactions.writing() as connection:
            return connection.execute(statement).rowcount == 1

    def settle(
        self, number: int, state: MessageState, *, because: str = "", not_before: datetime | None = None
    ) -> None:
        claimed = messages.c.number == number, messages.c.state == MessageState.SENDING
        values = {"state": state, "because": because, "not_before": not_before}
        with self._transactions.writing() as connection:
            connection.execute(update(messages).where(*claimed).values(values))

    def list(self, limit: int = 50) -> Sequence[Message]:
        query = select(messages).order_by(messages.c.number.desc()).limit(limit)
        with self._transactions.reading() as connection:
            return [_message(row) for row in connection.execute(query)]


def _message(row: Row[tuple[object, ...]]) -> Message:
    return Message.model_validate(dict(row._mapping))

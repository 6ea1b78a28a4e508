"""What people are told when something needs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from antiphon.model.alert import Alert, AlertKind, Message, MessageState


class AlertBook(Protocol):
    """Alerts, and the messages that tell of them."""

    def keep(self, alert: Alert) -> bool:
        """Write an alert down; False when one of its kind and key was written down before."""

    def gather(
        self, kind: AlertKind, before: datetime, compose: Callable[[Sequence[Alert]], Sequence[Message]]
    ) -> Sequence[Message]:
        """Make messages of all alerts of a kind that are in none yet, the oldest first, in one transaction; of nothing
        unless one of them is as old as `before`. Each alert is in one set of messages only."""

    def due(self, now: datetime) -> Sequence[Message]:
        """The messages that wait to be sent, and whose time has come, the oldest first."""

    def claim(self, number: int) -> bool:
        """Take a message to send it; True for exactly one caller, until it is put back."""

    def settle(
        self, number: int, state: MessageState, *, because: str = "", not_before: datetime | None = None
    ) -> None:
        """Write down what became of a claimed message; `waiting` puts it back, to be tried again at `not_before`."""

    def list(self, limit: int = 50) -> Sequence[Message]:
        """The newest messages first."""

"""Apprising: an alert reaches people by whatever service an Apprise address names, guarded like every other call."""

from __future__ import annotations

from antiphon.components.clock import Clock
from antiphon.components.http import Http
from antiphon.components.notifier import Notifier
from antiphon.model.alert import Message
from antiphon.model.effect import Done


def notify(address: str, message: Message, *, http: Http, clock: Clock) -> str:
    """Send a message to an address such as `mailto://…` or `slack://…`; why it was not taken, or nothing.

    Raises:
        GiveUp: Apprise does not know such an address, which is not shown: it may hold a password.
    """
    outcome = Notifier(address, http, clock).send(message.body, message.title)
    if isinstance(outcome, Done):
        return ""
    return getattr(outcome, "reason", "") or "the service asks for patience"

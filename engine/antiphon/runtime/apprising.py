"""Apprising: a message reaches people by whatever service an Apprise address names."""

from __future__ import annotations

import logging

from antiphon.errors import SettingsError
from antiphon.model.alert import Message


def notify(address: str, message: Message) -> str:
    """Send a message to an address such as `mailto://…` or `slack://…`; why it was not taken, or nothing.

    Raises:
        SettingsError: Apprise does not know such an address, which is not shown: it may hold a password.
    """
    from apprise import Apprise, NotifyFormat, NotifyType  # brings all its services, and takes its time

    service = Apprise()
    if not service.add(address):
        hint = "See https://appriseit.com/services/ for how each service is written."
        raise SettingsError("An address under `to` of [alerts] is none that Apprise knows.", hint=hint)
    heard = _Heard()
    logger = logging.getLogger("apprise")
    logger.addHandler(heard)
    try:
        taken = service.notify(
            body=message.body, title=message.title, notify_type=NotifyType.WARNING, body_format=NotifyFormat.TEXT
        )
    finally:
        logger.removeHandler(heard)
    return "" if taken else heard.last or "the service did not take it"


class _Heard(logging.Handler):
    """Apprise says only to its log why a service did not take a message."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()

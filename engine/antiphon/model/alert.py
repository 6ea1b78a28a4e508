"""An alert: something that the people in charge want to hear of, and the message in which they do."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from antiphon.model.base import Noun

AlertKind = Literal["failed", "stopped_trigger", "silent", "parked"]
"""A run failed; a trigger was laid to rest; a workflow is silent; an effect waits for a person."""


class Alert(Noun):
    """One occurrence. `kind` and `key` are its identity: whoever raises it again raises nothing new.

    `text` is one sentence without secrets, and `link` the address of a page that tells more, or empty.
    """

    kind: AlertKind
    key: str
    text: str
    link: str = ""
    at: datetime


class MessageState(StrEnum):
    """Where a message stands. One that is `sending` for long was interrupted: nobody knows whether it arrived."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Message(Noun):
    """Alerts of one kind, in words, for one destination.

    `destination` is the beginning of the SHA-256 of the address as it is written in antiphon.toml: the address itself
    may hold a password. `because` says why the last attempt failed.
    """

    number: int = 0
    destination: str
    kind: AlertKind
    title: str
    body: str
    at: datetime
    state: MessageState = MessageState.WAITING
    tries: int = 0
    not_before: datetime | None = None
    because: str = ""

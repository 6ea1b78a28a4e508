"""Alerts: what needs a person is written down where it happens, and told by somebody who has the time.

Whoever raises an alert only adds a row, so that no service that is slow or gone can keep a run waiting. Alerts of one
kind that come close together become one message; each is in one message for each destination, which is tried until it
is taken. A message whose sending was interrupted is not sent again: it may have arrived.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from antiphon.components.clock import Clock
from antiphon.components.ports import AlertBook
from antiphon.errors import AntiphonError
from antiphon.model.alert import Alert, AlertKind, Message, MessageState
from antiphon.runtime.kit import storable
from antiphon.runtime.patience import next_try
from antiphon.settings import AlertSettings

LISTED = 10
"""How many alerts a message lists; the others it counts."""

LONGEST = 300
"""How many characters of an alert a message shows."""

PATIENCE = timedelta(days=1)
"""How long a message is tried."""


@dataclass(frozen=True)
class Alerts:
    """Tells people what needs them. `notify` sends a message to an address, and says why if that cannot be done."""

    book: AlertBook
    clock: Clock
    settings: AlertSettings
    workspace: str
    language: str
    conceal: Callable[[str], str]
    notify: Callable[[str, Message], str]

    def raise_(self, kind: AlertKind, key: str, text: str, link: str = "") -> None:
        """Tell that something has happened, in one sentence with the address of a page that says more.

        `key` tells one occurrence from the next among those of its kind: raised again, it is not told again. What
        nobody asked to be told is not kept.
        """
        if self._destinations and kind in self.settings.on:
            text = " ".join(self.conceal(text).split())
            self.book.keep(Alert(kind=kind, key=storable(key), text=text, link=link, at=self.clock.now()))

    def deliver(self) -> int:
        """Gather what is old enough into messages, and send those whose time has come. Returns how many were taken."""
        now = self.clock.now()
        for kind in get_args(AlertKind):
            self.book.gather(kind, now - self.settings.group, self._messages)
        return sum(self._send(message) for message in self.book.due(now) if self.book.claim(message.number))

    def try_out(self) -> list[str]:
        """Send a message to every address now; for each why it was not taken, or an empty text."""
        words = _words()[self.language]
        title = f"{self.workspace}: {words['test']}"
        message = Message(destination="", kind="failed", title=title, body=words["tried"], at=self.clock.now())
        return [self._attempt(to, message) for to in self._destinations.values()]

    def _send(self, message: Message) -> bool:
        to = self._destinations.get(message.destination)
        if to is None:
            self.book.settle(message.number, MessageState.FAILED, because="nobody is told there any more")
            return False
        because = self._attempt(to, message)
        now, tries = self.clock.now(), message.tries + 1
        if not because:
            self.book.settle(message.number, MessageState.SENT)
        elif now - message.at > PATIENCE:
            self.book.settle(message.number, MessageState.FAILED, because=because)
        else:
            self.book.settle(message.number, MessageState.WAITING, because=because, not_before=next_try(now, tries))
        return not because

    def _attempt(self, to: str, message: Message) -> str:
        """Why the message was not taken; empty when it was. A stranger's code speaks to the service."""
        try:
            return self.conceal(self.notify(to, message))
        except AntiphonError as error:
            return self.conceal(str(error))
        except Exception as error:
            return self.conceal(f"{type(error).__name__}: {error}")

    def _messages(self, alerts: Sequence[Alert]) -> list[Message]:
        """The same words for every destination."""
        words = _words()[self.language]
        kind, count = alerts[0].kind, len(alerts)
        title = words[kind]["one"] if count == 1 else words[kind]["many"].format(count=count)
        lines = list(_lines(alerts[:LISTED]))
        if count > LISTED:
            lines.append(words["more"].format(count=count - LISTED))
        return [
            Message(
                destination=destination,
                kind=kind,
                title=f"{self.workspace}: {title}",
                body="\n".join(lines),
                at=self.clock.now(),
            )
            for destination in self._destinations
        ]

    @property
    def _destinations(self) -> dict[str, str]:
        written = [one.get_secret_value() for one in self.settings.to]
        return {hashlib.sha256(address.encode()).hexdigest()[:12]: address for address in written}


def _lines(alerts: Sequence[Alert]) -> Iterator[str]:
    for alert in alerts:
        text = alert.text if len(alert.text) <= LONGEST else alert.text[: LONGEST - 1] + "…"
        yield f"• {text}"
        if alert.link:
            yield f"  {alert.link}"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("antiphon.runtime").joinpath("alerts.toml").read_text("utf-8"))

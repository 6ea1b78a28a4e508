"""Notifications: one address of Apprise's, one message, and what can honestly be said of it afterwards.

Apprise says yes or no, and tells its log why. Read in its source (1.13.1, BSD-2-Clause): a service answers False both
when it was refused and when nobody knows, and logs `error=` with the status of an answer that was not 2xx.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from antiphon.components.clock import Clock
from antiphon.components.http import Http
from antiphon.errors import GiveUp
from antiphon.model.effect import AuthDead, Done, Outcome, RateLimited, Receipt, Rejected, Unknown

PATIENCE = timedelta(minutes=1)
"""How long to stay away from a service that limits us: Apprise does not hand on for how long it asked."""

_STATUS = re.compile(r"error=(\d{3})\b")
_LONGEST = 300

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


def _overheard(record: logging.LogRecord) -> bool:
    """Keep what is said during a notification for its outcome, and out of every log: addresses hold tokens."""
    heard = _heard.get()
    if heard is not None and record.name == "apprise" and record.levelno >= logging.WARNING:
        heard.append(record.getMessage())
    return heard is None


for _name in ("apprise", "requests", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(_overheard)


class Notifier:
    """One place that Apprise can write to: a chat, a phone, a mailbox.

    `url` is an Apprise URL (https://github.com/caronc/apprise/wiki), which holds its own credentials. Redirects are not
    followed and nothing is tried again, whatever the URL says.

    Raises:
        GiveUp: Apprise does not know such a URL.
    """

    def __init__(self, url: str, http: Http, clock: Clock) -> None:
        # It brings a hundred services, which nobody needs who notifies nobody.
        import apprise

        asset = apprise.AppriseAsset(async_mode=False, secure_logging=True)
        self._http = http
        self._clock = clock
        with _overhearing():
            service = apprise.Apprise.instantiate(url, asset=asset)
        if service is None:
            raise GiveUp(
                "Apprise does not know this notification URL.",
                hint="Write one like tgram://token/chat or mailto://name:password@example.org; "
                "https://github.com/caronc/apprise/wiki has them all.",
            )
        service.redirects = False
        service.retry = 0
        self._service = service
        self._apprise = apprise.Apprise(asset=asset)
        self._apprise.add(service)

    @property
    def name(self) -> str:
        """What Apprise calls the service, such as `Slack`. It holds nothing secret."""
        return str(self._service.service_name)

    @property
    def longest(self) -> int:
        """How many characters the service takes, by what Apprise knows of it."""
        return int(self._service.body_maxlen)

    def send(self, text: str, title: str = "") -> Outcome:
        """Send one message in plain text.

        Done when Apprise says so. Rejected, AuthDead or RateLimited when a service with one recipient answered with a
        4xx. Unknown for every other failure: Apprise does not tell whether the message had left.
        """
        if where := self._barred():
            return Rejected(f"{where}.", fix="If that is meant, add it to allow_private in antiphon.toml.")
        with _overhearing() as heard:
            sent = self._apprise.notify(body=text, title=title, body_format="text")
        if sent:
            return Done(Receipt(at=self._clock.now(), data={"service": self.name}))
        return self._failed(" ".join(" ".join(heard).split())[:_LONGEST])

    def _barred(self) -> str:
        """Why a host of the operator's choice is not called. Most services have a host of their own, and the place
        where a host stands in their URLs holds a token: that is never looked up."""
        service = self._service
        hosts = [service.host] if "host" in service.template_tokens else []
        hosts.append(getattr(service, "smtp_host", ""))
        port = service.port or (443 if service.secure else 80)
        return next(filter(None, (self._http.barred(str(host), port) for host in hosts if host)), "")

    def _failed(self, said: str) -> Outcome:
        reason = f"{self.name}: {said or 'Apprise says that it failed, and not why.'}"
        statuses = {int(status) for status in _STATUS.findall(said)}
        if len(self._service) != 1 or len(statuses) != 1:
            return Unknown(reason)
        match statuses.pop():
            case 401:
                return AuthDead(reason)
            case 429:
                return RateLimited(until=self._clock.now() + PATIENCE)
            case status if 400 <= status < 500 and status != 408:
                return Rejected(reason)
        return Unknown(reason)


@contextmanager
def _overhearing() -> Iterator[list[str]]:
    heard: list[str] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)

"""Handing a message to the server that sends it: one transaction, and what became of it.

RFC 5321: until the dot that ends the message has left, the server must not deliver it (4.1.1.4), so nothing was sent
for certain; from then on until its answer, nobody knows. 4xx means later, 5xx never (4.2.1).
"""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from antiphon import (
    AccessLost,
    AuthDead,
    Clock,
    Disconnected,
    GiveUp,
    Http,
    Outcome,
    RateLimited,
    Rejected,
    RetryLater,
    Unknown,
)
from antiphon_networks.mail.servers import Server, insecure, trouble, words

LATER = timedelta(minutes=5)
"""How long to leave a server alone that says “later”: greylisting lets one in again after one to five minutes by
custom (RFC 6647, 5, read on 2026-11-24)."""

_AFTER_THE_DOT = 120.0
"""Seconds to wait for the answer to a whole message; filters take their time (RFC 5321, 4.5.3.2.6 asks for 600)."""
_BUSY = (450, 451, 452)
_NO_ACCESS = (530, 534, 535, 538)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the message; `told` is what it said, often the number in its queue."""

    told: str


class Submission:
    """An account on a submission server."""

    def __init__(self, server: Server, username: str, password: str, http: Http, clock: Clock) -> None:
        self.server = server
        self._username = username
        self._password = password
        self._http = http
        self._clock = clock

    def check(self) -> str:
        """What the server says of itself, after a login. Raises RetryLater, AccessLost or GiveUp."""
        try:
            with self._session() as smtp:
                return _offers(smtp)
        except smtplib.SMTPAuthenticationError as error:
            raise self._locked_out(error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._trouble(error) from None

    def send(self, sender: str, recipients: Sequence[str], message: bytes, *, utf8: bool) -> Accepted | Outcome:
        """Hand in one message for all recipients or for none. Never raises."""
        stage = _Stage()
        try:
            with self._session() as smtp:
                return self._transaction(smtp, sender, recipients, message, utf8, stage)
        except smtplib.SMTPAuthenticationError as error:
            trouble = self._locked_out(error)
            return AuthDead(str(trouble)) if isinstance(trouble, AccessLost) else Disconnected(str(trouble))
        except (smtplib.SMTPException, OSError, GiveUp) as error:
            told = str(self._trouble(error))
            return Unknown(f"{told} The message had left by then.") if stage.left else Disconnected(told)

    def _transaction(
        self,
        smtp: smtplib.SMTP,
        sender: str,
        recipients: Sequence[str],
        message: bytes,
        utf8: bool,
        stage: _Stage,
    ) -> Accepted | Outcome:
        largest = _largest(smtp)
        if no := self._cannot(smtp, message, utf8, largest):
            return no
        options = [*([f"size={len(message)}"] if largest else []), *(["SMTPUTF8"] if utf8 else [])]
        code, told = smtp.mail(sender, options)
        for recipient in recipients:
            if code == 250:
                code, told = smtp.rcpt(recipient)
        if code in (250, 251):
            code, told = smtp.docmd("DATA")
        if code != 354:
            return self._refused(code, told)
        smtp.send(_dotted(message))
        stage.left = True
        if smtp.sock is not None:
            smtp.sock.settimeout(_AFTER_THE_DOT)
        smtp.send(b".\r\n")
        code, told = smtp.getreply()
        if code == 250:
            return Accepted(self._words(told))
        if code not in range(400, 600):
            return Unknown(f"{self.server.host} took the message, and answered what is no answer: {self._words(told)}")
        return self._refused(code, told)

    def _cannot(self, smtp: smtplib.SMTP, message: bytes, utf8: bool, largest: int) -> Rejected | None:
        """Why the server would refuse a message, by what it says of itself."""
        host = self.server.host
        if utf8 and not smtp.has_extn("smtputf8"):
            told = f"{host} takes no addresses with characters outside ASCII (SMTPUTF8)."
            return Rejected(told, fix="Use an address in ASCII, or another server.")
        if largest and len(message) > largest:
            return Rejected(f"The message has {len(message):,} bytes; {host} takes {largest:,}.", fix="Shorten it.")
        return None

    def _words(self, told: bytes | str) -> str:
        return words(told, self._password)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        smtp = _Smtp(self.server, self._http)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self.server.wrapped:
                if smtp.has_extn("starttls"):
                    smtp.starttls(context=self._http.tls("smtp"))
                    smtp.ehlo()
                elif not self.server.is_here:
                    raise insecure(self.server.host)
            if self._username:
                smtp.login(self._username, self._password)
            yield smtp
        finally:
            _part(smtp)

    def _refused(self, code: int, told: bytes | str) -> Outcome:
        """What a no means (RFC 5321, 4.2; RFC 3463 for the numbers with dots that many servers put before)."""
        host, words = self.server.host, self._words(told)
        if code in _NO_ACCESS:
            return AuthDead(f"{host} does not let us in ({code}): {words}")
        if code in _BUSY:
            return RateLimited(self._clock.now() + LATER, scope=f"{host} says later ({code}): {words}")
        if 500 <= code < 600:
            return Rejected(f"{host} said no ({code}): {words}", fix="Look at the addresses and at what is sent.")
        return Disconnected(f"{host} cannot take it now ({code}): {words}")

    def _locked_out(self, error: smtplib.SMTPAuthenticationError) -> GiveUp | RetryLater:
        code, words = error.smtp_code, self._words(error.smtp_error)
        if code >= 500:
            hint = "Renew the password; many providers want one made for programs."
            return AccessLost(f"{self.server.host} does not accept the credentials ({code}): {words}", hint=hint)
        return RetryLater(f"{self.server.host} cannot check the password now ({code}): {words}", after=LATER)

    def _trouble(self, error: Exception) -> GiveUp | RetryLater:
        host = self.server.host
        if isinstance(error, smtplib.SMTPNotSupportedError):
            hint = "Leave `username` and `password` out, or use the server's port for submission (587 or 465)."
            return GiveUp(f"{host} takes no password: {self._words(str(error))}", hint=hint)
        if isinstance(error, smtplib.SMTPResponseException):
            told = f"{host} does not let us begin ({error.smtp_code}): {self._words(error.smtp_error)}"
            return RetryLater(told, after=LATER)
        return trouble(host, error)


@dataclass(slots=True)
class _Stage:
    """Whether the whole message may have left."""

    left: bool = False


class _Smtp(smtplib.SMTP):
    """The library's client on a guarded connection."""

    def __init__(self, server: Server, http: Http) -> None:
        self._server = server
        self._http = http
        super().__init__(server.host, server.port, local_hostname="[127.0.0.1]", timeout=http.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._server.open(self._http, "smtp")


def _part(smtp: smtplib.SMTP) -> None:
    """Say goodbye as far as that is still possible."""
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()


def _dotted(message: bytes) -> bytes:
    """A message as DATA takes it, without the dot that ends it (RFC 5321, 4.5.2). Every line ends alike, since servers
    that differ about line ends can be told of messages that nobody wrote (SMTP smuggling)."""
    whole = re.sub(rb"\r\n|\r|\n", b"\r\n", message.rstrip(b"\r\n")) + b"\r\n"
    dotted = whole.replace(b"\r\n.", b"\r\n..")
    return b"." + dotted if dotted.startswith(b".") else dotted


def _offers(smtp: smtplib.SMTP) -> str:
    largest = _largest(smtp)
    return f"takes messages of up to {largest / 1_000_000:,.0f} MB" if largest else "takes messages"


def _largest(smtp: smtplib.SMTP) -> int:
    """The most bytes that the server takes, 0 when it does not say (RFC 1870)."""
    told = smtp.esmtp_features.get("size", "")
    return int(told) if told.isdecimal() else 0

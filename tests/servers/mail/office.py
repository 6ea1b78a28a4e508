"""A submission server in this process (aiosmtpd), which does what the test wants of it."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.servers.process import free_port

PASSWORD = "correct-horse"

# It logs every word that it hears, our password too, into the log of the very process that is tested.
logging.getLogger("mail.log").addFilter(lambda record: False)


@dataclass
class Office:
    """What it has taken, and what it answers instead of taking more.

    `says` maps a command (`EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA`: the answer to the whole message) to an answer, or to
    an empty text for a connection that breaks off there. With `keeps`, a message whose answer breaks off is taken.
    `once` does so for one command. `dawdles` is how many seconds it takes to answer a whole message, and `files` is
    called with each message that is taken, as a provider files what it sends.
    """

    port: int
    taken: list[Envelope] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    password: str = PASSWORD
    files: Callable[[bytes], None] = field(default=lambda raw: None)
    keeps: bool = True
    dawdles: float = 0.0
    logins: int = 0

    def messages(self) -> list[EmailMessage]:
        """The messages that it took, read by the standard library."""
        return [BytesParser(policy=policy.default).parsebytes(raw) for raw in self.raw()]

    def raw(self) -> list[bytes]:
        """The same as they came."""
        return [one.original_content or b"" for one in self.taken]

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """The check of a password."""
        self.logins += 1
        if answer := self._said("AUTH"):
            return AuthResult(success=False, handled=False, message=answer)
        given = data.password.decode() if isinstance(data, LoginPassword) else ""
        return AuthResult(success=given == self.password, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        own = f"RCPT {address}"
        return self._answer(own if own in self.says else "RCPT", server)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = self._said("DATA")
        if self.keeps if said is not None and not said.startswith(("4", "5")) else said is None:
            self.taken.append(envelope)
            await asyncio.to_thread(self.files, envelope.original_content or b"")
        await asyncio.sleep(self.dawdles)
        return self._given(said, server)

    def _answer(self, command: str, server: SMTP) -> str:
        return self._given(self._said(command), server)

    def _said(self, command: str) -> str | None:
        return self.once.pop(command, None) if command in self.once else self.says.get(command)

    def _given(self, said: str | None, server: SMTP) -> str:
        if said == "":
            transport: Any = server.transport
            transport.abort()
        return said or "250 OK, number 7"


@contextmanager
def open_office(tls: ssl.SSLContext | None = None, *, wrapped: bool = False, largest: int = 0) -> Iterator[Office]:
    """An office on a free port: without TLS, with STARTTLS, or `wrapped` in it; it wants a password."""
    office = Office(free_port())
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        ssl_context=tls if wrapped else None,
        tls_context=None if wrapped else tls,
        authenticator=office.authenticate,
        auth_require_tls=False,
        data_size_limit=largest or 33_554_432,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()

"""A submission server in this process (aiosmtpd), which does what the test wants of it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
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


@dataclass
class Office:
    """What it has taken, and what it answers instead of taking more.

    `says` maps a command (`EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA`: the answer to the whole message) to an answer, or to
    an empty text for a connection that breaks off there. With `keeps`, a message whose answer breaks off is taken.
    `dawdles` is how many seconds it takes to answer a whole message.
    """

    port: int
    taken: list[Envelope] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
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
        if "AUTH" in self.says:
            return AuthResult(success=False, handled=False, message=self.says["AUTH"])
        given = data.password.decode() if isinstance(data, LoginPassword) else ""
        return AuthResult(success=given == PASSWORD, handled=False)

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
        return self._answer(f"RCPT {address}" if f"RCPT {address}" in self.says else "RCPT", server)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._answer("DATA", server)
        is_taken = self.keeps if self.says.get("DATA") == "" else answer.startswith("250")
        if is_taken:
            self.taken.append(envelope)
        await asyncio.sleep(self.dawdles)
        return answer

    def _answer(self, command: str, server: SMTP) -> str:
        answer = self.says.get(command, "250 OK, number 7")
        if not answer:
            transport: Any = server.transport
            transport.abort()
        return answer or "250 OK"


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

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from email.message import EmailMessage
from typing import Any, ClassVar

import pytest
from tests.servers.mail.certificates import Authority, Pair
from tests.servers.mail.office import PASSWORD, open_office
from tests.servers.mail.server import started

from antiphon.testing.clock import VirtualClock
from antiphon.testing.contracts import CHECKS, Bench, Check, LeftOut
from antiphon.testing.sandbox import FaultKind

SENDER = "hello@torrea.example"


class Provider(Bench):
    """A submission server and Dovecot, as one provider that files by itself what it sends."""

    connector = "email"
    to = "ana@example.org"
    sources: ClassVar = (("email.messages", {}),)
    page = 25
    identity: ClassVar[Pair]

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self.stack = ExitStack()

    def start(self) -> None:
        self.office = self.stack.enter_context(open_office())
        self.office.files = lambda raw: self.dovecot.deliver(SENDER, raw, self.clock.now(), "Sent")
        self._open(PASSWORD)

    def stop(self) -> None:
        self.stack.close()

    def options(self) -> Mapping[str, Any]:
        return {
            "from": SENDER,
            "password": PASSWORD,
            "smtp": f"smtp://127.0.0.1:{self.office.port}",
            "imap": f"imap://127.0.0.1:{self.dovecot.port}",
        }

    def published(self) -> Sequence[str]:
        bodies = [message.get_body(("plain",)) for message in self.office.messages()]
        return [body.get_content() for body in bodies if body]

    def fail(self, kind: FaultKind, **how: Any) -> None:
        answers = {
            FaultKind.ACCEPT_THEN_RESET: ("DATA", ""),
            FaultKind.TRUNCATED_JSON: ("DATA", "25"),
            FaultKind.CREATED_BUT_400: ("DATA", "299 nobody knows"),
            FaultKind.RESET: ("MAIL", ""),
            FaultKind.HTML_INSTEAD_OF_JSON: ("MAIL", "<html>"),
            FaultKind.RATE_LIMITED: ("RCPT", "450 4.7.1 Greylisted"),
            FaultKind.SERVER_ERROR: ("RCPT", "550 5.7.1 No" if how.get("status") == 422 else "421 4.3.2 Going down"),
            FaultKind.ECHO: ("AUTH", f"535 5.7.8 {PASSWORD} is not your password"),
        }
        if kind not in answers:
            raise LeftOut(f"e-mail does not fail by {kind.value}")
        command, answer = answers[kind]
        self.office.once[command] = answer

    def revoke(self) -> None:
        self.office.password = "another-password"
        port = self.dovecot.port
        self.imap.close()
        self._open("another-password", port)

    def hear(self, text: str) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "ana@example.org", SENDER, "Heard"
        message.set_content(text)
        self.dovecot.deliver(SENDER, message.as_bytes(), self.clock.now())

    def writes(self) -> int:
        return self.office.logins

    def _open(self, password: str, port: int = 0) -> None:
        self.imap = self.stack.enter_context(ExitStack())
        self.dovecot = self.imap.enter_context(
            started(self.identity.certificate, self.identity.key, password=password, port=port)
        )


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_contract(check: Check, ca: Authority) -> None:
    """E-mail keeps the contract of every connector, as far as SMTP and IMAP can fail like the web."""
    Provider.identity = ca.issue("provider", "127.0.0.1")
    check(Provider)

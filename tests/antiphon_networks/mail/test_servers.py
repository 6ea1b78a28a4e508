from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from tests.servers.mail.office import open_office

from antiphon import Disconnected, Done, GiveUp, RetryLater
from antiphon_networks.mail.connector import Mail
from antiphon_networks.mail.sending import Send
from antiphon_networks.mail.servers import Server
from antiphon_networks.mail.sources import Messages

if TYPE_CHECKING:
    from tests.antiphon_networks.mail.conftest import Desk

Identified = Callable[..., ssl.SSLContext]

WORDS: dict[str, Any] = {"to": "ana@example.org", "subject": "Votre question", "text": "Bonjour Ana"}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """mail.test is a name of this machine that does not look like one."""
    real = socket.getaddrinfo

    def found(host: Any, *args: Any, **options: Any) -> Any:
        return real("127.0.0.1" if host == "mail.test" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", found)


def at(desk: Desk, port: int, scheme: str = "smtp", host: str = "mail.test") -> Any:
    """What becomes of a message that is handed in there."""
    desk.options["smtp"] = f"{scheme}://{host}:{port}"
    return desk.perform(Send, desk.plan(Send, **WORDS))


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("wrapped", [True, False])
def test_secured(desk: Desk, identified: Identified, wrapped: bool) -> None:
    """TLS is used from the first word or by STARTTLS, and the certificate must be for this name."""
    with open_office(identified("mail.test"), wrapped=wrapped) as office:
        assert isinstance(at(desk, office.port, "smtps" if wrapped else "smtp"), Done)
        wrong = at(desk, office.port, "smtps" if wrapped else "smtp", "localhost")

        assert len(office.taken) == 1
        assert isinstance(wrong, Disconnected)


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("wrapped", [True, False])
def test_expired(desk: Desk, identified: Identified, wrapped: bool) -> None:
    """With an expired certificate nothing is sent, not even the password, and the sentence says so."""
    with open_office(identified("mail.test", expired=True), wrapped=wrapped) as office:
        outcome = at(desk, office.port, "smtps" if wrapped else "smtp")

        assert isinstance(outcome, Disconnected)
        assert "The certificate of mail.test is not to be trusted: certificate has expired" in outcome.reason
        assert (office.logins, office.taken) == (0, [])


def test_unknown_authority(desk: Desk, identified: Identified) -> None:
    """A certificate that nobody vouches for is refused; the sentence tells how to name an authority of one's own."""
    with open_office(identified("mail.test")) as office:
        outcome = at(desk, office.port)

        assert isinstance(outcome, Disconnected)
        assert "SSL_CERT_FILE" in outcome.reason
        assert office.logins == 0


def test_no_tls(desk: Desk) -> None:
    """A server elsewhere that offers no TLS gets neither password nor message."""
    outcome = at(desk, desk.office.port)

    assert isinstance(outcome, Disconnected)
    assert "mail.test offers no TLS" in outcome.reason
    assert (desk.office.logins, desk.office.taken) == (0, [])


def test_wrong_port(desk: Desk) -> None:
    """TLS where none is spoken is told apart from a certificate that is wrong."""
    outcome = at(desk, desk.office.port, "smtps")

    assert isinstance(outcome, Disconnected)
    assert "does not speak TLS as expected" in outcome.reason
    assert "465" in outcome.reason


def test_mailbox_secured(full_desk: Desk) -> None:
    """Mailboxes are read with TLS from the first word and by STARTTLS, under the name of the certificate only."""
    assert full_desk.dovecot
    for address in (f"imaps://mail.test:{full_desk.dovecot.tls_port}", f"imap://mail.test:{full_desk.dovecot.port}"):
        full_desk.options["imap"] = address
        assert list(full_desk.fetch(Messages).events) == []
        full_desk.options["imap"] = address.replace("mail.test", "localhost")
        with pytest.raises(GiveUp, match="certificate of localhost"):
            full_desk.fetch(Messages)


def test_private_mailbox(full_desk: Desk) -> None:
    """A mailbox at a private address is not read unless the workspace allows it."""
    full_desk.http = replace(full_desk.http, allow_private=frozenset())

    with pytest.raises(GiveUp, match=r"127\.0\.0\.1 is this machine.*allow_private"):
        full_desk.fetch(Messages)


@contextmanager
def saying(*lines: bytes) -> Iterator[int]:
    """A server that greets with the first line, answers each line it hears with the next, and hangs up; its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve() -> None:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as heard:
                caller.sendall(lines[0])
                for line in lines[1:]:
                    tag = heard.readline().split(b" ")[0]
                    caller.sendall(line.replace(b"TAG", tag))

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


CUT_IMAP = [
    [b""],
    [b"* OK hello\r\n"],
    [b"* OK hello\r\n", b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"],
    [
        b"* OK hello\r\n",
        b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
        b"TAG OK in\r\n",
        b"* 3 EXISTS\r\n* OK [UIDVALID",
    ],
    [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
    [b"* BYE not now\r\n"],
]


@pytest.mark.parametrize("lines", CUT_IMAP)
def test_mailbox_breaks_off(desk: Desk, lines: list[bytes]) -> None:
    """A server that breaks off in the middle of an answer, or is no IMAP server, is told as such; nothing is lost."""
    with saying(*lines) as port:
        desk.options["imap"] = f"imap://127.0.0.1:{port}"
        with pytest.raises((RetryLater, GiveUp), match=r"127\.0\.0\.1"):
            desk.fetch(Messages)


@pytest.mark.parametrize(
    "lines", [[b""], [b"220 hello\r\n"], [b"554 not here\r\n"], [b"* OK IMAP\r\n"], [b"220 hello\r\n", b"250-half"]]
)
def test_submission_breaks_off(desk: Desk, lines: list[bytes]) -> None:
    """A server that breaks off before the message, or is no SMTP server, got nothing for certain."""
    with saying(*lines) as port:
        assert isinstance(at(desk, port, host="127.0.0.1"), Disconnected)


@pytest.mark.parametrize(
    ("text", "protocol", "server"),
    [
        ("smtp.example.org", "smtp", Server("smtp.example.org", 587, False)),
        ("smtp.example.org:465", "smtp", Server("smtp.example.org", 465, True)),
        ("SMTPS.example.org:2465", "smtp", Server("smtps.example.org", 2465, False)),
        ("smtps://smtp.example.org:2465/", "smtp", Server("smtp.example.org", 2465, True)),
        ("imap.example.org", "imap", Server("imap.example.org", 993, True)),
        ("imap.example.org:143", "imap", Server("imap.example.org", 143, False)),
        ("[::1]:1143", "imap", Server("::1", 1143, False)),
    ],
)
def test_address(text: str, protocol: str, server: Server) -> None:
    """What a person writes for a server is read as they mean it."""
    assert Server.read(text, protocol) == server


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("smtp", ""),
        ("smtp", "https://smtp.example.org"),
        ("smtp", "imap://example.org"),
        ("smtp", "example.org:99999"),
        ("from", "Torréa"),
        ("password", "pässword"),
        ("password", ""),
    ],
)
def test_options(option: str, value: str) -> None:
    """Options that cannot be are refused with a sentence, which does not show them where they are secret."""
    options = {"smtp": "smtp.example.org", "from": "hello@torrea.example", "password": "correct-horse", option: value}

    with pytest.raises(ValidationError) as caught:
        Mail.Options.model_validate(options)

    assert "correct-horse" not in str(caught.value)
    assert "pässword" not in str(caught.value)


def test_reading_needs_a_password() -> None:
    """Mailboxes are nobody's without a password."""
    with pytest.raises(ValidationError, match="`imap` needs a `password`"):
        Mail.Options.model_validate({"smtp": "a.example", "from": "a@b.example", "imap": "a.example"})

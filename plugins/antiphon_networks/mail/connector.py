"""A connection to an account of e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from antiphon import Clock, Connector, Http, Idempotency, Options
from antiphon_networks.mail.addresses import Mailbox
from antiphon_networks.mail.boxes import Boxes
from antiphon_networks.mail.client import MailReader, MailWriter
from antiphon_networks.mail.drafting import LIMITS
from antiphon_networks.mail.servers import Server
from antiphon_networks.mail.sources import Bounces, Messages, OptOuts
from antiphon_networks.mail.submission import Submission


def _server(protocol: str) -> Any:
    def read(text: Any) -> Any:
        if isinstance(text, Server) or text is None:
            return text
        return Server.read(str(text), protocol)

    return BeforeValidator(read)


def _mailbox(text: Any) -> Any:
    return text if isinstance(text, Mailbox) else Mailbox.read(str(text))


def _password(secret: SecretStr) -> SecretStr:
    password = secret.get_secret_value()
    if not password or not password.isascii() or not password.isprintable():
        raise ValueError("this is no password that a mail server takes: it is empty, or has characters outside ASCII")
    return secret


class MailOptions(Options):
    """An account of e-mail."""

    model_config = ConfigDict(hide_input_in_errors=True)

    smtp: Annotated[Server, _server("smtp")] = Field(
        description="The server that sends, such as smtp.example.org; port 587 with STARTTLS unless it says :465."
    )
    sender: Annotated[Mailbox, BeforeValidator(_mailbox)] = Field(
        description="From whom, such as `Torréa <hello@example.org>`.", alias="from"
    )
    username: str = Field("", description="The name to log in with; the address of `from` when left out.")
    password: Annotated[SecretStr, AfterValidator(_password)] | None = Field(
        None, description="The password, better one made for programs; left out where the server wants none."
    )
    imap: Annotated[Server, _server("imap")] | None = Field(
        None,
        description="The server that is read from, such as imap.example.org. It also keeps a copy of all that is sent, "
        "by which a doubt is settled.",
    )
    inbox: str = Field("INBOX", description="The mailbox that is read.")
    sent: str = Field("", description="The mailbox for what was sent; the one that the server marks when left out.")

    @model_validator(mode="after")
    def _can_read(self) -> MailOptions:
        if self.imap and self.password is None:
            raise ValueError("`imap` needs a `password`")
        return self


class Mail(Connector):
    """An account of e-mail: sends by a submission server, and is read over IMAP where there is one.

    [connections.post]
    connector = "email"
    smtp = "smtp.example.org"
    imap = "imap.example.org"
    from = "Torréa <hello@example.org>"
    password = "${{ secrets.mail_password }}"

    TLS is a must but on this machine. To be believed, the sender's domain needs SPF and DKIM, which its servers see to.
    """

    name = "email"
    Options = MailOptions
    sources = (Messages, Bounces, OptOuts)
    reader_class = MailReader
    writer_class = MailWriter
    idempotency = {"message": "lookup", "reply": "lookup"}
    limits = LIMITS

    @classmethod
    def promises(cls, options: Mapping[str, Any]) -> Mapping[str, Idempotency]:
        """Without mailboxes nobody can look: a doubt is for a person."""
        return cls.idempotency if options.get("imap") else dict.fromkeys(cls.idempotency, "none")

    def __init__(self, connection: str, options: MailOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        self._sender = options.sender
        password = options.password.get_secret_value() if options.password else ""
        username = (options.username or options.sender.address) if password else ""
        self._submission = Submission(options.smtp, username, password, http, clock)
        self._boxes = (
            Boxes(options.imap, username, password, http, inbox=options.inbox, sent=options.sent)
            if options.imap
            else None
        )

    def reader(self) -> MailReader:  # noqa: D102
        return MailReader(self.connection, self._sender, self._boxes, self.clock)

    def writer(self) -> MailWriter:  # noqa: D102
        return MailWriter(self.connection, self._sender, self._boxes, self._submission, self.clock)

    def check(self) -> str:  # noqa: D102
        sends = self._submission.check()
        reads = self._boxes.check() if self._boxes else "nothing is read, since there is no `imap`"
        return f"{self._sender.address}; {self._submission.server.host} {sends}; {reads}"

"""An account of e-mail: what it has been sent, and what it sends, by the capabilities that actions are written
against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import Message
from typing import Any

from antiphon import (
    AccessLost,
    AuthDead,
    Clock,
    Composed,
    Disconnected,
    Done,
    Draft,
    GiveUp,
    Outcome,
    Receipt,
    RetryLater,
    Unknown,
    Upload,
    payload_hash,
)
from antiphon_networks.mail.addresses import Mailbox
from antiphon_networks.mail.boxes import Batch, Boxes, Copy
from antiphon_networks.mail.composing import compose, message_id, needs_utf8, wire
from antiphon_networks.mail.cursor import Cursor
from antiphon_networks.mail.drafting import drafted
from antiphon_networks.mail.submission import Accepted, Submission


class MailReader:
    """One account; it cannot send. Its methods raise RetryLater, AccessLost and GiveUp as those of `Boxes` do."""

    def __init__(self, connection: str, sender: Mailbox, boxes: Boxes | None, clock: Clock) -> None:
        self.connection = connection
        self.sender = sender
        self._clock = clock
        self._boxes = boxes

    def compose_message(self, draft: Draft, to: str) -> Composed:
        """A message to one address; its title is the subject."""
        return self.compose_letter(draft, [to])

    def compose_letter(self, draft: Draft, to: Sequence[str]) -> Composed:
        """A message to several addresses, with what only e-mail has in the options of the draft."""
        return drafted(draft, to, self.sender)

    def arrived(self, cursor: Cursor | None, wanted: Callable[[Message], bool]) -> Batch:
        """What came after a cursor; see `Boxes.arrived`."""
        if self._boxes is None:
            raise GiveUp(
                f"The connection {self.connection} can only send.", hint="Add `imap`, the server that is read from."
            )
        return self._boxes.arrived(cursor, wanted, self._clock.now().date())

    def message_id(self, token: str) -> str:
        """What the message with this token is called, if it went out from the address of the connection."""
        return message_id(token, self.sender.domain)

    def copies(self, tokens: Sequence[str]) -> Mapping[str, Copy]:
        """Our copies of messages by their tokens; see `Boxes.copies`. None, when there is no mailbox for them: what has
        arrived is read all the same."""
        names = {self.message_id(token): token for token in tokens}
        try:
            found = self._boxes.copies(list(names)) if self._boxes else {}
        except AccessLost:
            raise
        except GiveUp:
            return {}
        return {names[name]: copy for name, copy in found.items()}


class MailWriter(MailReader):
    """One account, with the right to send."""

    def __init__(
        self, connection: str, sender: Mailbox, boxes: Boxes | None, submission: Submission, clock: Clock
    ) -> None:
        super().__init__(connection, sender, boxes, clock)
        self._submission = submission

    def message(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Send a message once, and tell what became of it.

        Where there are mailboxes, a copy is laid down as a draft before and becomes a sent one after. So a look tells
        “surely not sent”, “sent” and “nobody knows” apart, whenever the line goes dead.
        """
        message = compose(payload, key, media, self._clock.now())
        raw, identity = wire(message), str(message["Message-ID"])
        if self._boxes is not None:
            try:
                self._boxes.keep(raw, self._clock.now())
            except AccessLost as error:
                return AuthDead(str(error))
            except (GiveUp, RetryLater) as error:
                return Disconnected(f"No copy could be kept, so nothing was sent: {error}")
        mailboxes = [Mailbox.read(one) for one in (payload["from"], *payload["to"])]
        sender, *recipients = [one.ascii or one.address for one in mailboxes]
        outcome = self._submission.send(sender, recipients, raw, utf8=needs_utf8(payload))
        if isinstance(outcome, Unknown):
            return outcome
        is_kept = self._settled(identity, went_out=isinstance(outcome, Accepted))
        if not isinstance(outcome, Accepted):
            return outcome
        return Done(self._receipt(payload, identity, outcome.told, "" if is_kept else "as a draft"))

    def find_message(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        if self._boxes is None:
            return Unknown("Nobody can look whether it was sent: the connection has no `imap`.")
        identity = message_id(key, Mailbox.read(payload["from"]).domain)
        copy = self._boxes.copies([identity]).get(identity)
        if copy is None:
            return None
        if copy.went_out:
            return Done(self._receipt(payload, identity, "found among what was sent"))
        return Unknown("The message was being handed in when the connection broke off; the server may have sent it.")

    def _receipt(self, payload: Mapping[str, Any], identity: str, told: str, copy: str = "") -> Receipt:
        data = {"message_id": identity, "told": told, **({"copy": copy} if copy else {})}
        return Receipt(remote_id=identity, at=self._clock.now(), payload_hash=payload_hash(payload), data=data)

    def _settled(self, identity: str, *, went_out: bool) -> bool:
        """Whether the copy says what became of the message; what became of it does not hang on that."""
        if self._boxes is None:
            return True
        try:
            self._boxes.settle(identity, went_out=went_out)
        except (GiveUp, RetryLater):
            return False
        return True

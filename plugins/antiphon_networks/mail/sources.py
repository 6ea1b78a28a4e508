"""What arrives in a mailbox, by its kind: messages of people, what could not be delivered, and who has had enough."""

from __future__ import annotations

from email.message import Message
from typing import Any, Literal

from antiphon import Event, NoOptions, Page, Person, Source
from antiphon_networks.mail.addresses import Mailbox
from antiphon_networks.mail.bounces import bounces
from antiphon_networks.mail.boxes import Arrived
from antiphon_networks.mail.client import MailReader
from antiphon_networks.mail.composing import token_asked
from antiphon_networks.mail.cursor import Cursor
from antiphon_networks.mail.reading import Letter, read
from antiphon_networks.mail.words import header

Kind = Literal["message", "bounce", "opt-out"]


def kind_of(headers: Message) -> Kind:
    """What a message is, by its headers."""
    if headers.get_content_type() == "multipart/report":
        report = str(headers.get_param("report-type") or "").lower()
        return "bounce" if report in ("delivery-status", "") else "message"
    return "opt-out" if token_asked(header(headers, "Subject")) else "message"


class Messages(Source):
    """Messages that people wrote to the account, and machines too; `automatic` tells them apart.

    poll:
      source: email.messages
      with: {connection: post}
      every: 2m

    `text` is without what is quoted, `whole` with it. `effect` is the key of the effect whose message it answers.
    """

    name = "email.messages"
    event = "message.received"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: MailReader, cursor: str | None) -> Page:  # noqa: D102
        batch = client.arrived(Cursor.read(cursor), lambda headers: kind_of(headers) == "message")
        letters = [(one, read(one.raw)) for one in batch.messages]
        return Page(
            events=[_received(one, letter, client) for one, letter in letters],
            cursor=batch.cursor.write(),
            more=batch.more,
            people=_people(letter.sender for _, letter in letters),
        )


class Bounces(Source):
    """Messages that did not reach somebody, as their servers tell it.

    poll:
      source: email.bounces
      with: {connection: post}
      every: 5m

    One event for each address. After a `permanent` one, send nothing there any more; `effect` is the key of the effect
    whose message it was.
    """

    name = "email.bounces"
    event = "message.bounced"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: MailReader, cursor: str | None) -> Page:  # noqa: D102
        batch = client.arrived(Cursor.read(cursor), lambda headers: kind_of(headers) == "bounce")
        letters = [read(one.raw) for one in batch.messages]
        found = [(one, letter, bounces(letter)) for one, letter in zip(batch.messages, letters, strict=True)]
        events = [
            Event(
                id=f"{_id(letter, client)}:{number}",
                type=self.event,
                at=one.at,
                data={
                    "network": "email",
                    "account": client.connection,
                    "author": {"id": f"email:{bounce.address}", "handle": bounce.address, "network": "email"},
                    "address": bounce.address,
                    "permanent": bounce.permanent,
                    "action": bounce.action,
                    "status": bounce.status,
                    "text": bounce.told,
                    "in_reply_to": bounce.message_id,
                    "effect": "",
                },
                source=self.name,
            )
            for one, letter, some in found
            for number, bounce in enumerate(some)
        ]
        return Page(events, batch.cursor.write(), batch.more)


class OptOuts(Source):
    """People who used the way out by e-mail that a message offered them.

    poll:
      source: email.opt_outs
      with: {connection: post}
      every: 5m

    Who it is, is told by the copy of that message where it went to one address, and else by the sender.
    """

    name = "email.opt_outs"
    event = "contact.opted_out"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: MailReader, cursor: str | None) -> Page:  # noqa: D102
        batch = client.arrived(Cursor.read(cursor), lambda headers: kind_of(headers) == "opt-out")
        letters = [(one, read(one.raw)) for one in batch.messages]
        tokens = [token_asked(letter.subject) for _, letter in letters]
        copies = client.copies(tokens)
        events, people = [], []
        for (one, letter), token in zip(letters, tokens, strict=True):
            copy = copies.get(token)
            who = copy.to[0] if copy and len(copy.to) == 1 else letter.sender
            people.append(who)
            data = {
                "network": "email",
                "account": client.connection,
                "author": who.person().model_dump(include={"id", "network", "handle", "name"}),
                "address": who.address,
                "channel": "email",
                "in_reply_to": client.message_id(token),
                "effect": "",
            }
            events.append(Event(_id(letter, client), self.event, one.at, data, self.name))
        return Page(events, batch.cursor.write(), batch.more, _people(people))


def _received(one: Arrived, letter: Letter, client: MailReader) -> Event:
    data: dict[str, Any] = {
        "network": "email",
        "account": client.connection,
        "id": letter.message_id or letter.digest,
        "message_id": letter.message_id,
        "author": letter.sender.person().model_dump(include={"id", "network", "handle", "name"}),
        "to": [box.address for box in letter.to],
        "reply_to": str(letter.answer_to) if letter.answer_to.address else "",
        "subject": letter.subject,
        "text": letter.text,
        "whole": letter.whole,
        "in_reply_to": letter.in_reply_to,
        "references": list(letter.references),
        "thread": letter.thread,
        "effect": "",
        "automatic": letter.automatic,
        "bulk": letter.bulk,
        "sent_at": letter.at.isoformat() if letter.at else "",
        "attachments": [{"name": file.name, "type": file.kind, "size": file.size} for file in letter.attachments],
        "size": one.size,
        "cut": one.size > len(one.raw),
    }
    return Event(_id(letter, client), "message.received", one.at, data, "email.messages")


def _id(letter: Letter, client: MailReader) -> str:
    return f"email:{client.sender.address.lower()}:{letter.digest}"


def _people(found: Any) -> tuple[Person, ...]:
    people = {box.person().id: box.person() for box in found if isinstance(box, Mailbox) and box.address}
    return tuple(people.values())

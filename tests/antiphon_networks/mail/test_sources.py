from __future__ import annotations

import random
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import AccessLost, GiveUp, RetryLater
from antiphon.components.posting import network_key
from antiphon_networks.mail import boxes
from antiphon_networks.mail.composing import token
from antiphon_networks.mail.sending import Reply, Send
from antiphon_networks.mail.sources import Bounces, Messages, OptOuts

if TYPE_CHECKING:
    from tests.antiphon_networks.mail.conftest import Desk

WORDS: dict[str, Any] = {"to": "ana@example.org", "subject": "Votre question", "text": "Bonjour Ana"}


def letter(text: str = "Bonjour", **headers: str) -> EmailMessage:
    message = EmailMessage()
    written = {"From": "Ana <Ana@Example.org>", "To": "hello@torrea.example", "Subject": "Café", **headers}
    for name, value in written.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def bounce(original: str, *, action: str = "failed", status: str = "5.1.1", to: str = "ana@example.org") -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: hello@torrea.example
Subject: Undelivered Mail
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=xx

--xx

It did not work.
--xx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such person

--xx
Content-Type: text/rfc822-headers

From: hello@torrea.example
Message-ID: {original}
Subject: Votre question

--xx--
""".replace("\n", "\r\n").encode()


def test_message(full_desk: Desk) -> None:
    """A message is an event with all that a workflow asks for, and its author somebody whom we have met."""
    full_desk.arrive(
        letter(
            "Une question :\n\nOuvert dimanche ?", Message_ID="<m1@example.org>", Date="Mon, 2 Mar 2026 09:59:00 +0100"
        )
    )

    page = full_desk.fetch(Messages)

    (event,) = page.events
    assert (event.type, event.source, event.at) == ("message.received", "email.messages", full_desk.clock.now())
    assert event.data == {
        "network": "email",
        "account": "post",
        "id": "<m1@example.org>",
        "message_id": "<m1@example.org>",
        "author": {"id": "email:ana@example.org", "network": "email", "handle": "Ana@example.org", "name": "Ana"},
        "to": ["hello@torrea.example"],
        "reply_to": "Ana <Ana@example.org>",
        "subject": "Café",
        "text": "Une question :\n\nOuvert dimanche ?",
        "whole": "Une question :\n\nOuvert dimanche ?",
        "in_reply_to": "",
        "references": [],
        "thread": "<m1@example.org>",
        "effect": "",
        "automatic": False,
        "bulk": False,
        "sent_at": "2026-03-02T08:59:00+00:00",
        "attachments": [],
        "size": event.data["size"],
        "cut": False,
    }
    assert [person.id for person in page.people] == ["email:ana@example.org"]


def test_answer_to_ours(full_desk: Desk) -> None:
    """An answer to a message of ours is without what it quotes, names our message, and can be answered in turn."""
    full_desk.perform(Send, full_desk.plan(Send, **WORDS))
    ours = full_desk.office.messages()[0]["Message-ID"]
    quoted = "Oui !\n\nLe lun. 2 mars 2026 à 10:00, Torréa <hello@torrea.example> a écrit :\n> Bonjour Ana\n"
    full_desk.arrive(letter(quoted, Message_ID="<m2@example.org>", In_Reply_To=ours, References=ours))

    (event,) = full_desk.fetch(Messages).events
    full_desk.perform(Reply, full_desk.plan(Reply, to=dict(event.data), text="Merci !"))

    assert (event.data["text"], event.data["in_reply_to"], event.data["thread"]) == ("Oui !", ours, ours)
    answer = full_desk.office.messages()[1]
    assert answer["References"] == f"{ours} <m2@example.org>"
    assert answer["Subject"] == "Re: Café"


def test_bounce(full_desk: Desk) -> None:
    """A message that came back tells whom it did not reach, for good or for now, and which message it was."""
    full_desk.perform(Send, full_desk.plan(Send, **WORDS))
    ours = full_desk.office.messages()[0]["Message-ID"]
    full_desk.arrive(bounce(ours))
    full_desk.arrive(bounce(ours, status="4.2.2"))
    full_desk.arrive(bounce(ours, action="delayed", status="4.4.1"))
    full_desk.arrive(bounce(ours, action="delivered", status="2.0.0"))

    events = full_desk.fetch(Bounces).events

    assert [(event.data["permanent"], event.data["status"], event.data["in_reply_to"]) for event in events] == [
        (True, "5.1.1", ours),
        (False, "4.2.2", ours),
        (False, "4.4.1", ours),
    ]
    assert {event.type for event in events} == {"message.bounced"}
    assert events[0].data["address"] == "ana@example.org"
    assert events[0].data["text"] == "550 5.1.1 No such person"
    assert full_desk.fetch(Messages).events == []


def test_opt_out(full_desk: Desk) -> None:
    """Whoever uses the way out by e-mail is named, even when writing from another address."""
    effect = full_desk.plan(Send, **WORDS, unsubscribe="https://torrea.example/out")
    full_desk.perform(Send, effect)
    ours = full_desk.office.messages()[0]["Message-ID"]
    full_desk.arrive(letter("", From="ana@home.example", Subject=f"unsubscribe {token(network_key(effect))}"))
    full_desk.arrive(letter("", From="ben@example.org", Subject=f"Unsubscribe {'0' * 32}"))

    page = full_desk.fetch(OptOuts)

    assert [(event.data["address"], event.data["in_reply_to"]) for event in page.events] == [
        ("ana@example.org", ours),
        ("ben@example.org", f"<{'0' * 32}.antiphon@torrea.example>"),
    ]
    assert [event.type for event in page.events] == ["contact.opted_out"] * 2
    assert full_desk.fetch(Messages).events == []


def test_each_once(full_desk: Desk) -> None:
    """Page by page, every message is heard once, however many come; at first, the newest only."""
    for number in range(boxes.PAGE + 5):
        full_desk.arrive(letter(Message_ID=f"<a{number}@example.org>"))
    first = full_desk.fetch(Messages)
    for number in range(2 * boxes.PAGE + 3):
        full_desk.arrive(letter(Message_ID=f"<b{number}@example.org>"))
    then, cursor = full_desk.hear(Messages, first.cursor)
    nothing, _ = full_desk.hear(Messages, cursor)

    assert [event.data["id"] for event in first.events] == [f"<a{number}@example.org>" for number in range(5, 30)]
    assert [event.data["id"] for event in then] == [f"<b{number}@example.org>" for number in range(53)]
    assert nothing == []


def test_empty_mailbox(full_desk: Desk) -> None:
    """A mailbox that was empty at first gives everything that comes later."""
    first = full_desk.fetch(Messages)
    full_desk.arrive(letter())
    then, _ = full_desk.hear(Messages, first.cursor)

    assert (list(first.events), len(then)) == ([], 1)


def test_sparse_numbers(full_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox whose numbers have large gaps is read to its end."""
    monkeypatch.setattr(boxes, "_WINDOW", 3)
    cursor = full_desk.fetch(Messages).cursor
    for number in range(12):
        full_desk.arrive(letter(Message_ID=f"<a{number}@example.org>"))
    assert full_desk.dovecot
    with full_desk.dovecot.opened(full_desk.account) as imap:
        imap.store("1:8", "+FLAGS", "\\Deleted")
        imap.expunge()

    heard, _ = full_desk.hear(Messages, cursor)

    assert [event.data["id"] for event in heard] == [f"<a{number}@example.org>" for number in range(8, 12)]


def test_renumbered(full_desk: Desk) -> None:
    """When a mailbox has numbered everything anew, nothing is lost, and what was heard has the same id as before."""
    full_desk.arrive(letter(Message_ID="<old@example.org>"), full_desk.clock.now() - timedelta(days=30))
    full_desk.arrive(letter(Message_ID="<m1@example.org>"))
    before = full_desk.fetch(Messages)
    full_desk.arrive(letter(Message_ID="<m2@example.org>"))
    assert full_desk.dovecot
    full_desk.dovecot.renumber(full_desk.account)

    after, cursor = full_desk.hear(Messages, before.cursor)
    full_desk.arrive(letter(Message_ID="<m3@example.org>"))
    last, _ = full_desk.hear(Messages, cursor)

    assert sorted(event.data["id"] for event in after) == ["<m1@example.org>", "<m2@example.org>"]
    assert before.events[-1].id in {event.id for event in after}
    assert [event.data["id"] for event in last] == ["<m3@example.org>"]


def test_same_message_id(full_desk: Desk) -> None:
    """A message that borrows the Message-ID of another one is heard too; the same message delivered twice has one
    id."""
    for text in ("Bonjour", "Bonjour", "Something else"):
        full_desk.arrive(letter(text, Message_ID="<m1@example.org>"))

    ids = [event.id for event in full_desk.fetch(Messages).events]

    assert ids[0] == ids[1] != ids[2]


def test_large_attachment(full_desk: Desk) -> None:
    """Of a message with 10 MB in it the text is heard, and that the rest was not read."""
    message = letter("Voici la photo")
    message.add_attachment(
        random.Random(7).randbytes(10_000_000), maintype="image", subtype="png", filename="a\u202egnp"
    )
    full_desk.arrive(message)

    (event,) = full_desk.fetch(Messages).events

    assert (event.data["text"], event.data["cut"]) == ("Voici la photo", True)
    assert event.data["size"] > 13_000_000
    assert [(file["name"], file["type"]) for file in event.data["attachments"]] == [("agnp", "image/png")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example.org>"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
    ],
)
def test_machine(full_desk: Desk, headers: dict[str, str]) -> None:
    """A message that a machine sent says so."""
    full_desk.arrive(letter(**headers))

    assert full_desk.fetch(Messages).events[0].data["automatic"] is True


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"no headers at all",
        b"From: \xff\xfe\r\nSubject: =?utf-8?b?!!!?=\r\n\r\n\xff\xfe",
        b"From: ana\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nBonjour",
        b"From: <a@b.fr>\r\nContent-Type: text/plain; charset=klingon\r\n\r\nBonjour \xc3\xa9",
        b"From: <a@b.fr>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour \xe9t\xe9",
        b"From: <a@b.fr>\r\nContent-Transfer-Encoding: base64\r\n\r\nQm9u!!!am91cg",
        b"From: <a@b.fr>\r\nDate: Foo, 99 Bar 20261 99:99\r\nMessage-ID: <\r\n\r\nBonjour",
    ],
)
def test_broken(full_desk: Desk, raw: bytes) -> None:
    """A message that is broken in any way is heard, and what comes after it too."""
    cursor = full_desk.fetch(Messages).cursor
    full_desk.arrive(raw or b"\r\n")
    full_desk.arrive(letter())

    heard, _ = full_desk.hear(Messages, cursor)

    assert len(heard) == 2


def test_wrong_password(full_desk: Desk) -> None:
    """A wrong password waits for a person, and is not in the sentence."""
    full_desk.options["password"] = "wrong-battery"

    with pytest.raises(AccessLost, match=r"127\.0\.0\.1 does not accept the credentials") as caught:
        full_desk.fetch(Messages)

    assert "wrong-battery" not in str(caught.value)


def test_no_such_mailbox(full_desk: Desk) -> None:
    """A mailbox that is not there is named, with the option to look at."""
    full_desk.options["inbox"] = "Nowhere & co"

    with pytest.raises(GiveUp, match=r"opens no mailbox Nowhere & co.*`inbox`"):
        full_desk.fetch(Messages)


def test_nobody_listens(full_desk: Desk) -> None:
    """A server that is not there is asked again later."""
    full_desk.options["imap"] = "imap://127.0.0.1:9"

    with pytest.raises(RetryLater, match=r"No connection to 127\.0\.0\.1"):
        full_desk.fetch(Messages)


def test_only_sends(desk: Desk) -> None:
    """A connection without `imap` says what it lacks."""
    with pytest.raises(GiveUp, match=r"can only send.*`imap`"):
        desk.fetch(Messages)


def test_check(full_desk: Desk) -> None:
    """A check logs in on both servers, and tells what they say."""
    full_desk.arrive(letter())

    assert full_desk.connector.check() == (
        f"{full_desk.account}; 127.0.0.1 takes messages of up to 34 MB; 1 messages in INBOX, copies in Sent"
    )


def test_message_within_a_message(full_desk: Desk) -> None:
    """What a message brings along is not taken for what its author wrote."""
    outer = letter("Regarde ce message")
    inner = EmailMessage()
    inner["Content-Type"] = "message/rfc822"
    inner.set_payload([letter("Words of somebody else")])
    outer.make_mixed()
    outer.attach(inner)
    full_desk.arrive(outer)

    assert full_desk.fetch(Messages).events[0].data["whole"] == "Regarde ce message"

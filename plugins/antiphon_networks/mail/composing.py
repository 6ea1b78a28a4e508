"""A message from its content: RFC 5322 and MIME, with what tells machines what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from antiphon import Upload
from antiphon_networks.mail.addresses import Mailbox, one_line

_LONGEST_SUBJECT = 500
_LONGEST_LINE = 900
"""Characters of a header on one line; some room is left below the limit of 998 bytes."""
_TOKEN = re.compile(r"<([0-9a-f]{32})\.antiphon@[^<>@\s]+>")
_ASKED = re.compile(r"(?:\w{2,3}\s?:\s?)*unsubscribe ([0-9a-f]{32})", re.IGNORECASE)


def token(key: str) -> str:
    """What a message is called by that has this network key: 32 hexadecimal digits that say nothing about it."""
    return key[:32]


def message_id(key: str, domain: str) -> str:
    """The Message-ID of an act: the same however often it is made."""
    return f"<{token(key)}.antiphon@{domain}>"


def token_of(reference: str) -> str:
    """The token of a Message-ID that has the form of ours; else empty."""
    found = _TOKEN.fullmatch(reference.strip())
    return found[1] if found else ""


def token_asked(subject: str) -> str:
    """The token in the subject of a message that asks to be left alone, as `List-Unsubscribe` words it; else empty."""
    found = _ASKED.fullmatch(" ".join(subject.split()))
    return found[1].lower() if found else ""


def compose(payload: Mapping[str, Any], key: str, media: Sequence[Upload], at: datetime) -> EmailMessage:
    """The message that a payload says, with its files. Line breaks and marks that cannot be seen reach no header."""
    sender = Mailbox.read(payload["from"])
    utf8 = needs_utf8(payload)
    message = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit", utf8=utf8))
    message["From"] = sender.header()
    message["To"] = [Mailbox.read(one).header() for one in payload["to"]]
    if payload.get("reply_to"):
        message["Reply-To"] = Mailbox.read(payload["reply_to"]).header()
    message["Subject"] = one_line(payload["subject"], _LONGEST_SUBJECT)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(key, sender.domain)
    if payload.get("in_reply_to"):
        message["In-Reply-To"] = payload["in_reply_to"]
        message["References"] = " ".join(payload["references"])
    if payload.get("automatic"):
        message["Auto-Submitted"] = "auto-replied" if payload.get("in_reply_to") else "auto-generated"
    for name, value in _ways_out(payload, key).items():
        message[name] = value
    message.set_content(_lines(payload["text"]))
    if payload.get("html"):
        message.add_alternative(_lines(payload["html"]), subtype="html")
    for upload in media:
        kind, _, subtype = (upload.medium.type or "application/octet-stream").partition("/")
        name = one_line(upload.medium.name)
        said = {"charset": "utf-8"} if kind == "text" and _is_utf8(upload.content) else None
        subtype = subtype or "octet-stream"
        message.add_attachment(upload.content, maintype=kind, subtype=subtype, filename=name, params=said)
    return message


def _is_utf8(content: bytes) -> bool:
    """Whether a text is in UTF-8, which must be said: else a program may take it for ASCII (RFC 2046, 4.1.2)."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def wire(message: EmailMessage) -> bytes:
    """A message as it leaves. Headers keep to one line where they can: the library breaks up long addresses."""
    return message.as_bytes(policy=message.policy.clone(max_line_length=_LONGEST_LINE))


def needs_utf8(payload: Mapping[str, Any]) -> bool:
    """Whether an address has no spelling in ASCII, so that the server must know SMTPUTF8 (RFC 6531)."""
    written = [payload["from"], *payload["to"], *filter(None, [payload.get("reply_to")])]
    return not all(Mailbox.read(one).ascii for one in written)


def _lines(text: str) -> str:
    """A text whose lines end alike, and without the characters that no message may have (RFC 5322, 2.3)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").encode("utf-8", "replace").decode()


def _ways_out(payload: Mapping[str, Any], key: str) -> dict[str, str]:
    """How to be left alone (RFC 2369, 3.2): by a message, and by one click where the workspace has a page for it.

    RFC 8058 (3.1) wants an https address for one click, and the submission server to sign these headers (DKIM).
    """
    ways = payload.get("unsubscribe") or {}
    written = []
    headers = {}
    if ways.get("url"):
        message = message_id(key, Mailbox.read(payload["from"]).domain).strip("<>")
        written.append(f"<{ways['url'].replace('{token}', token(key)).replace('{message}', message)}>")
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if ways.get("address"):
        written.append(f"<mailto:{quote(ways['address'], safe='@')}?subject=unsubscribe%20{token(key)}>")
    return {"List-Unsubscribe": ", ".join(written), **headers} if written else {}

"""A message as it came, however broken: who wrote what to whom, and what kind of message it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime

from antiphon_networks.mail.addresses import Mailbox, heard, one_line
from antiphon_networks.mail.quoting import unquoted
from antiphon_networks.mail.words import header, readable, written
from antiphon_networks.plain import LONGEST, plain

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_MOST_PARTS = 1000
_BULK = {"bulk", "junk", "list"}
_NOBODY = Mailbox("")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; `size` is in bytes, and may be of its beginning only."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `text` is what its author wrote, `whole` all of it with what is quoted, both plain.

    `automatic` says that no person wrote it (RFC 3834), `bulk` that it went to a list.
    """

    message: Message
    digest: str
    message_id: str
    sender: Mailbox
    to: tuple[Mailbox, ...]
    answer_to: Mailbox
    subject: str
    at: datetime | None
    text: str
    whole: str
    in_reply_to: str
    references: tuple[str, ...]
    automatic: bool
    bulk: bool
    attachments: tuple[Attachment, ...]

    @property
    def thread(self) -> str:
        """The Message-ID of the first message of its thread, as far as it is known."""
        return next(iter(self.references), "") or self.in_reply_to or self.message_id


def read(raw: bytes) -> Letter:
    """Read a message; never raises, whatever it is."""
    message = _parsed(raw)
    texts, attachments = _contents(message)
    whole = texts[:LONGEST].strip()
    answered = _ids(message, "In-Reply-To")
    sender = next(iter(heard(written(message, "From"))), _NOBODY)
    return Letter(
        message=message,
        digest=_digest(message, whole),
        message_id=next(iter(_ids(message, "Message-ID")), ""),
        sender=sender,
        to=heard(written(message, "To")),
        answer_to=next(iter(heard(written(message, "Reply-To"))), sender),
        subject=one_line(header(message, "Subject"), 500),
        at=_moment(header(message, "Date")),
        text=unquoted(whole),
        whole=whole,
        in_reply_to=next(iter(answered), ""),
        references=tuple(dict.fromkeys([*_ids(message, "References"), *answered])),
        automatic=_is_automatic(message),
        bulk="List-Id" in message or header(message, "Precedence").lower() in _BULK,
        attachments=attachments,
    )


def _parsed(raw: bytes) -> Message:
    try:
        return BytesParser(policy=policy.compat32).parsebytes(raw)
    except (RecursionError, ValueError, LookupError, AssertionError):
        return BytesHeaderParser(policy=policy.compat32).parsebytes(raw)


def parts(message: Message) -> Iterator[Message]:
    """The parts of a message in their order, without going into messages that it brings along."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting = [one for one in inner if isinstance(one, Message)] + waiting
        else:
            yield part


def decoded(part: Message) -> str:
    """The text of a part, by the character set that it names, or else by one that fits."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for charset in (str(part.get_content_charset() or "ascii"), "utf-8"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            continue
    return payload.decode("cp1252", "replace")


def _contents(message: Message) -> tuple[str, tuple[Attachment, ...]]:
    """The text of a message, of its HTML where it has no other, and what came with it."""
    plains, htmls, attachments = [], [], []
    for part in parts(message):
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or part.get_filename() is not None
        if kind == "text/plain" and not attached:
            plains.append(decoded(part))
        elif kind == "text/html" and not attached:
            htmls.append(decoded(part))
        elif attached or part.get_content_maintype() not in ("text", "message"):
            payload = part.get_payload(decode=True)
            size = len(payload) if isinstance(payload, bytes) else 0
            attachments.append(Attachment(one_line(readable(part.get_filename() or "")), kind, size))
    written = [text for text in plains if text.strip()]
    texts = written or [plain(html, show_links=False).text for html in htmls]
    whole = "\n\n".join(texts).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return whole, tuple(attachments)


def _ids(message: Message, name: str) -> list[str]:
    return _MESSAGE_ID.findall(written(message, name)[:20_000])


def _digest(message: Message, whole: str) -> str:
    """What makes two deliveries the same message: what it says of itself and its text. A Message-ID alone would let
    anybody hide a message behind another one's."""
    named = [written(message, name) for name in ("Message-ID", "From", "To", "Date", "Subject")]
    return hashlib.sha256("\0".join([*named, whole]).encode("utf-8", "replace")).hexdigest()[:32]


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _is_automatic(message: Message) -> bool:
    """By RFC 3834 (5), and by the headers that were in use before and beside it."""
    told = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        told not in ("", "no")
        or header(message, "Precedence").strip().lower() in {*_BULK, "auto_reply"}
        or header(message, "Return-Path").strip() == "<>"
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or message.get_content_type() == "multipart/report"
    )

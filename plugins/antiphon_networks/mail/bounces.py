"""What a server says that could not deliver a message: delivery status notifications (RFC 3464, 3463)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import HeaderParser

from antiphon_networks.mail.addresses import one_line
from antiphon_networks.mail.reading import Letter, decoded, parts

_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_STATUSES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient that a message did not reach. `permanent` is False while the server still tries, or when a later
    attempt may do; `message_id` is that of the message, empty when the notification does not bring it along."""

    address: str
    permanent: bool
    action: str
    status: str
    told: str
    message_id: str


def bounces(letter: Letter) -> list[Bounce]:
    """The recipients that a letter says were not reached; none when it is no such notification."""
    found = list(parts(letter.message))
    returned = next((_returned(part) for part in found if part.get_content_type() in _RETURNED), "")
    reports = [block for part in found if part.get_content_type() in _STATUSES for block in _blocks(part)]
    heard = (_bounce(block, returned) for block in reports)
    return [bounce for bounce in heard if bounce is not None]


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report: of the message first, then of each recipient."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return [block for block in inner if isinstance(block, Message)]
    texts = re.split(r"\n\s*\n", decoded(part).replace("\r\n", "\n"))
    return [HeaderParser(policy=policy.compat32).parsestr(text) for text in texts]


def _bounce(block: Message, message_id: str) -> Bounce | None:
    action = str(block.get("Action", "")).strip().lower()
    if action not in ("failed", "delayed"):
        return None
    status = _STATUS.search(str(block.get("Status", "")))
    recipient = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
    return Bounce(
        address=one_line(recipient.rpartition(";")[2]).strip("<> ").lower(),
        permanent=action == "failed" and (status is None or status[1] == "5"),
        action=action,
        status=status[0] if status else "",
        told=one_line(str(block.get("Diagnostic-Code", "")).partition(";")[2], 300),
        message_id=message_id,
    )


def _returned(part: Message) -> str:
    """The Message-ID in what came back of the message."""
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        headers = inner[0]
    else:
        headers = HeaderParser(policy=policy.compat32).parsestr(decoded(part))
    found = _MESSAGE_ID.search(str(headers.get("Message-ID", "")))
    return found[0] if found else ""

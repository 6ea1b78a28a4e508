"""Text in headers, where everything was once ASCII: encoded words (RFC 2047), and what programs write instead."""

from __future__ import annotations

from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message


def written(message: Message, name: str) -> str:
    """A header as it stands there, empty when there is none. Bytes that are no ASCII are taken for UTF-8, or else for
    Windows-1252."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    octets = raw.encode("utf-8", "surrogateescape")
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def readable(text: str) -> str:
    """A text with its encoded words decoded; where they are not encoded as they say, it stays as it is."""
    try:
        return str(make_header(decode_header(text))).encode("utf-8", "replace").decode()
    except (MessageError, LookupError, ValueError, AssertionError):
        return text


def header(message: Message, name: str) -> str:
    """A header as readable text, empty when there is none."""
    return readable(written(message, name))

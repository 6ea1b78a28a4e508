"""How the AT Protocol names accounts, posts and moments (atproto.com/specs, 2026-08-20)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"
"""Collections: the kinds of record that an account keeps."""

_LONGEST_HANDLE = 253
_LONGEST_DID = 2048
_LONGEST_URI = 8192
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HANDLE = re.compile(rf"(?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z0-9])?")
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")
_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_NSID = re.compile(rf"[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z0-9])?(?:\.{_LABEL})+\.[a-zA-Z][a-zA-Z0-9]{{0,62}}")
_LONGEST_NSID = 317
_RECORD_KEY = re.compile(r"[a-zA-Z0-9._:~-]{1,512}")
_URI = re.compile(r"at://([^/?#\s]+)(?:/([^/?#\s]+)(?:/([^/?#\s]+))?)?")
_PAGE = re.compile(r"https?://(?:[\w-]+\.)*bsky\.app/profile/([^/?#]+)/post/([^/?#]+)/?(?:[?#].*)?")

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_BEFORE_THE_NETWORK = 1262304000_000_000  # 2010, in microseconds since 1970
_YEARS = 10 * 365 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Uri:
    """The address of a record: whose it is (a DID or a handle), its collection, and its key there."""

    authority: str
    collection: str = ""
    key: str = ""

    @classmethod
    def read(cls, text: str) -> Uri:
        """`at://authority/collection/key`; the last two may be missing. Raises ValueError."""
        found = _URI.fullmatch(text) if len(text) <= _LONGEST_URI else None
        if found is None or not (is_did(found[1]) or is_handle(found[1])):
            raise ValueError(f"{text!r} is not the address of a record")
        if found[2] is not None and not is_nsid(found[2]):
            raise ValueError(f"{found[2]!r} is not the name of a collection")
        if found[3] is not None and not is_record_key(found[3]):
            raise ValueError(f"{found[3]!r} is not the key of a record")
        return cls(found[1], found[2] or "", found[3] or "")

    def __str__(self) -> str:
        return "at://" + "/".join(part for part in (self.authority, self.collection, self.key) if part)

    @property
    def page(self) -> str:
        """Where a post can be read in a browser."""
        return f"https://bsky.app/profile/{self.authority}/post/{self.key}"


def post_uri(text: str) -> Uri:
    """The address of a post, given as such or as the page on which it can be read. Raises ValueError."""
    text = text.strip()
    if page := _PAGE.fullmatch(text):
        text = f"at://{page[1]}/{POST}/{page[2]}"
    uri = Uri.read(text)
    if not uri.key:
        raise ValueError(f"{text!r} is not the address of a post")
    return uri


def is_handle(text: str) -> bool:
    """Whether it can be a handle: a domain name."""
    return len(text) <= _LONGEST_HANDLE and bool(_HANDLE.fullmatch(text))


def is_did(text: str) -> bool:
    """Whether it can be a DID, which an account keeps when its handle changes."""
    return len(text) <= _LONGEST_DID and bool(_DID.fullmatch(text))


def is_tid(text: str) -> bool:
    """Whether it can be a TID, as the keys of posts must be."""
    return bool(_TID.fullmatch(text))


def is_nsid(text: str) -> bool:
    """Whether it can be the name of a collection or method."""
    return len(text) <= _LONGEST_NSID and bool(_NSID.fullmatch(text))


def is_record_key(text: str) -> bool:
    """Whether it can be the key of a record."""
    return text not in (".", "..") and bool(_RECORD_KEY.fullmatch(text))


def tid_of(key: str) -> str:
    """The TID of one of our acts, from a key in hexadecimal digits: the same whenever it is the same act.

    A TID holds microseconds since 1970 and ten more bits. These say a moment between 2010 and 2020, before there was
    the network: no key that a clock has given is ever the same.
    """
    number = int(key, 16)
    microseconds, rest = _BEFORE_THE_NETWORK + (number >> 10) % _YEARS, number & 0x3FF
    value = microseconds << 10 | rest
    return "".join(_DIGITS[value >> shift & 31] for shift in range(60, -1, -5))


def moment(text: str) -> datetime:
    """A time of the protocol, in UTC. Raises ValueError, also for what is no time of this calendar."""
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is not a time") from error


def written(at: datetime) -> str:
    """A time as the protocol wants it: UTC, with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""An account's mailboxes over IMAP: what has come, and the copies of what was sent."""

from __future__ import annotations

import imaplib
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from antiphon import AccessLost, GiveUp, Http, RetryLater
from antiphon_networks.mail.addresses import Mailbox, heard
from antiphon_networks.mail.cursor import Cursor
from antiphon_networks.mail.servers import PATIENCE, Server, insecure, trouble, words
from antiphon_networks.mail.words import written

PAGE = 25
"""Messages that are read at once."""

BEGINNING = 512 * 1024
"""Bytes of a message that are read: its text stands first, and attachments are only told of."""

_WINDOW = 10_000
"""How many numbers are searched at once, so that no answer grows with the mailbox."""
_HEADERS = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID TO SUBJECT CONTENT-TYPE)]"
_DRAFT = b"\\Draft"

# At DEBUG, the library tells all that is said, our messages included.
for _name in ("imapclient.imapclient", "imapclient.imaplib"):
    logging.getLogger(_name).addFilter(lambda record: record.levelno >= logging.WARNING)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as it lies there; `raw` may be its beginning only."""

    uid: int
    at: datetime
    size: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of what has arrived, oldest first, and where to go on."""

    messages: Sequence[Arrived]
    cursor: Cursor
    more: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """Our own copy of a message: whom it was for, and whether it surely went out."""

    uid: int
    to: tuple[Mailbox, ...]
    went_out: bool


class Boxes:
    """The mailboxes of one account. Every method raises RetryLater when the server is not there or breaks off,
    AccessLost when it does not accept the password, and GiveUp when it is not as the connection says."""

    def __init__(
        self, server: Server, username: str, password: str, http: Http, *, inbox: str = "INBOX", sent: str = ""
    ) -> None:
        self.server = server
        self.inbox = inbox
        self._sent = sent
        self._username = username
        self._password = password
        self._http = http

    def check(self) -> str:
        """How much is in the inbox, and where copies are kept."""
        with self._session() as imap:
            held = self._select(imap, self.inbox)[b"EXISTS"]
            return f"{held:,} messages in {self.inbox}, copies in {self._sent_folder(imap)}"

    def arrived(self, cursor: Cursor | None, wanted: Callable[[Message], bool], today: date) -> Batch:
        """What came after a cursor, as far as its headers are wanted; without a cursor, the newest messages."""
        with self._session() as imap:
            state = self._select(imap, self.inbox)
            validity, next_uid = int(state.get(b"UIDVALIDITY", 0)), int(state.get(b"UIDNEXT", 0))
            if cursor is None:
                uids, more = self._newest(imap, int(state[b"EXISTS"])), False
                last = Cursor(validity, max(next_uid - 1, 0), today.isoformat())
            else:
                known = cursor.validity == validity
                since = [] if known else ["SINCE", date.fromisoformat(cursor.day) - timedelta(days=1)]
                uids, reached, more = self._after(imap, cursor.uid if known else 0, next_uid, since)
                last = Cursor(validity, reached, cursor.day)
            headers = imap.fetch(uids, [_HEADERS]) if uids else {}
            fitting = [uid for uid in uids if uid in headers and wanted(_headers(headers[uid]))]
            messages = _messages(imap, fitting)
        newest = max((one.at.date().isoformat() for one in messages), default=last.day)
        return Batch(messages, Cursor(last.validity, last.uid, max(newest, last.day)), more)

    def copies(self, message_ids: Sequence[str]) -> Mapping[str, Copy]:
        """Our copies of these messages, as far as there are some; one that went out counts before one that may have."""
        if not message_ids:
            return {}
        found: dict[str, Copy] = {}
        with self._session() as imap:
            self._select(imap, self._sent_folder(imap))
            for message_id in dict.fromkeys(message_ids):
                for copy in _copies(imap, message_id):
                    if message_id not in found or copy.went_out:
                        found[message_id] = copy
        return found

    def keep(self, raw: bytes, at: datetime) -> None:
        """Lay a copy of what is about to be sent among the sent ones, as a draft until `settle` says more."""
        with self._session() as imap:
            imap.append(self._sent_folder(imap), raw, [_DRAFT, b"\\Seen"], at)

    def settle(self, message_id: str, *, went_out: bool) -> None:
        """Say of the copies of a message that it went out, or take away those that did not."""
        with self._session() as imap:
            imap.select_folder(self._sent_folder(imap))
            drafts = [copy.uid for copy in _copies(imap, message_id) if not copy.went_out]
            if drafts and went_out:
                imap.remove_flags(drafts, [_DRAFT], silent=True)
            elif drafts:
                imap.delete_messages(drafts, silent=True)
                if imap.has_capability("UIDPLUS"):
                    imap.uid_expunge(drafts)

    def _newest(self, imap: IMAPClient, held: int) -> list[int]:
        if not held:
            return []
        imap.use_uid = False
        try:
            found = imap.fetch(list(range(max(held - PAGE + 1, 1), held + 1)), ["UID"])
        finally:
            imap.use_uid = True
        return sorted(int(one[b"UID"]) for one in found.values() if b"UID" in one)

    def _after(self, imap: IMAPClient, uid: int, next_uid: int, since: Sequence[Any]) -> tuple[list[int], int, bool]:
        """The next page of numbers after one, up to where it was looked, and whether there is more behind it."""
        begin = uid + 1
        while not next_uid or begin < next_uid:
            end = begin + _WINDOW - 1
            # A range that reaches beyond the last message stands for that one, whatever its number.
            found = sorted(one for one in imap.search(["UID", f"{begin}:{end}", *since]) if begin <= one <= end)
            if found:
                page = found[:PAGE]
                return page, page[-1], True
            if not next_uid:
                return [], uid, False
            begin = end + 1
        return [], max(uid, next_uid - 1), False

    def _select(self, imap: IMAPClient, folder: str) -> Mapping[bytes, Any]:
        try:
            return dict(imap.select_folder(folder, readonly=True))
        except IMAPClientError as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            told = words(str(error), self._password).rstrip(".")
            raise GiveUp(
                f"{self.server.host} opens no mailbox {folder}: {told}.",
                hint="Check `inbox` and `sent` of the connection.",
            ) from None

    def _sent_folder(self, imap: IMAPClient) -> str:
        """The mailbox for what was sent: the one that the connection names, or that the server marks (RFC 6154)."""
        found = self._sent or imap.find_special_folder(b"\\Sent") or ""
        if not found:
            raise GiveUp(
                f"{self.server.host} does not say which mailbox holds what was sent.",
                hint="Name it: `sent` of the connection.",
            )
        return str(found)

    @contextmanager
    def _session(self) -> Iterator[IMAPClient]:
        host = self.server.host
        imap: _Imap | None = None
        try:
            imap = _Imap(self.server, self._http)
            if not self.server.wrapped:
                if imap.has_capability("STARTTLS"):
                    imap.starttls(self._http.tls("imap"))
                elif not self.server.is_here:
                    raise insecure(host)
            imap.normalise_times = False
            imap.login(self._username, self._password)
            yield imap
        except LoginError as error:
            told = words(str(error), self._password)
            if "UNAVAILABLE" in told.upper():
                raise RetryLater(f"{host} cannot check the password now: {told}", after=PATIENCE) from None
            hint = "Renew the password; many providers want one made for programs, and IMAP switched on."
            raise AccessLost(f"{host} does not accept the credentials: {told}", hint=hint) from None
        except (imaplib.IMAP4.abort, EOFError) as error:
            raise trouble(host, EOFError(str(error))) from None
        except imaplib.IMAP4.error as error:
            raise GiveUp(f"{host} does not do what was asked of it: {words(str(error), self._password)}") from None
        except OSError as error:
            raise trouble(host, error) from None
        finally:
            if imap is not None:
                with suppress(imaplib.IMAP4.error, OSError):
                    imap.logout()


class _Imap(IMAPClient):  # type: ignore[misc]  # the library is not typed
    """The library's client on a guarded connection."""

    def __init__(self, server: Server, http: Http) -> None:
        self._opening = lambda: server.open(http, "imap")
        super().__init__(server.host, server.port, use_uid=True, ssl=server.wrapped)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        return _Wire(self.host, self.port, self._opening)


class _Wire(imaplib.IMAP4):
    def __init__(self, host: str, port: int, opening: Callable[[], socket.socket | ssl.SSLSocket]) -> None:
        self._opening = opening
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return self._opening()


def _messages(imap: IMAPClient, uids: Sequence[int]) -> list[Arrived]:
    """These messages in their order, all in one answer; one that is gone meanwhile is left out."""
    asked = ["RFC822.SIZE", "INTERNALDATE", f"BODY.PEEK[]<0.{BEGINNING}>"]
    found = imap.fetch(uids, asked) if uids else {}
    return [_message(uid, found[uid]) for uid in uids if uid in found]


def _message(uid: int, found: Mapping[bytes, Any]) -> Arrived:
    raw = next((value for name, value in found.items() if name.startswith(b"BODY[]")), None) or b""
    at = found.get(b"INTERNALDATE")
    moment = at.astimezone(UTC) if isinstance(at, datetime) else datetime(1970, 1, 1, tzinfo=UTC)
    return Arrived(uid, moment, int(found.get(b"RFC822.SIZE") or len(raw)), raw)


def _headers(found: Mapping[bytes, Any]) -> Message:
    raw = next((value for name, value in found.items() if name.startswith(b"BODY[HEADER")), None) or b""
    return BytesHeaderParser(policy=policy.compat32).parsebytes(raw)


def _copies(imap: IMAPClient, message_id: str) -> list[Copy]:
    """The copies of a message in the selected mailbox."""
    uids = imap.search(["HEADER", "Message-ID", message_id])
    found = imap.fetch(uids, ["FLAGS", _HEADERS]) if uids else {}
    copies = []
    for uid, one in found.items():
        named = _headers(one)
        if str(named.get("Message-ID", "")).strip() == message_id:
            copies.append(Copy(int(uid), heard(written(named, "To")), _DRAFT not in one.get(b"FLAGS", ())))
    return copies

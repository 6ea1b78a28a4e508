"""The audit: who did what, each entry bound to the one before it by a hash.

The hash of an entry is the SHA-256 of the canonical JSON (no spaces, ASCII) of the list of its number, its time, who,
what, its seal, and the hash of the entry before it; the first one's predecessor is `BEGINNING`. The seal is the SHA-256
of the list of a random salt, subject, before and after as they are kept. So nothing can be changed, taken out, put in
or moved without a hash that no longer fits. What a chain alone cannot show is that its end was cut off, or that all of
it was written anew by somebody who can write to the database: that shows against a hash that was kept elsewhere.

When somebody is forgotten, subject, before, after and the salt go, and the seal stays: the chain holds, and from a seal
without its salt nobody gets back to a name. All four go or none, so that nothing can be put in their place. An entry of
an older version has no seal; its words themselves are hashed, and stay.
"""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from antiphon.components.clock import Clock
from antiphon.components.ports import Audit, AuditEntry, Broken
from antiphon.errors import StoreError
from antiphon.model.personal import FORGOTTEN
from antiphon.store.columns import keepable, plain
from antiphon.store.tables import audit as table
from antiphon.store.transactions import Transactions

BEGINNING = "0" * 64
"""What stands for the hash before the first entry."""

_OLDER = ("number", "at", "who", "what", "subject", "before", "after", "previous")
_CHAINED = ("number", "at", "who", "what", "seal", "previous")
_SEALED = ("salt", "subject", "before", "after")
_ROWS_AT_ONCE = 1000


class SqlAudit(Audit):
    """The audit in a table that is only ever added to. Every column is text, and hashed as it stands."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def record(self, who: str, what: str, subject: str, before: Any = None, after: Any = None) -> AuditEntry:
        row: dict[str, Any] = {"who": keepable(who), "what": keepable(what), "subject": keepable(subject)}
        row |= {"before": _written(before), "after": _written(after)}
        newest = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
        with self._transactions.writing() as connection:
            _alone(connection)
            last = connection.execute(newest).first()
            row |= {"number": last.number + 1, "previous": last.hash} if last else {"number": 1, "previous": BEGINNING}
            row |= {"at": _moment(self._clock.now()), "salt": secrets.token_hex(16)}
            row |= {"seal": _digest(row, _SEALED)}
            row |= {"hash": _hash(row)}
            connection.execute(insert(table).values(row))
        return _entry(row)

    def list(
        self, *, what: str = "", subject: str = "", since: datetime | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        query = select(table).order_by(table.c.number.desc()).limit(limit)
        if what:
            query = query.where(table.c.what.startswith(what, autoescape=True))
        if subject:
            query = query.where(table.c.subject == subject)
        if since:
            query = query.where(table.c.at >= _moment(since))
        with self._transactions.reading() as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]

    def verify(self, kept: str = "") -> Broken | None:
        number, previous, found = 0, BEGINNING, kept in ("", BEGINNING)
        query = select(table).order_by(table.c.number).execution_options(yield_per=_ROWS_AT_ONCE)
        with self._transactions.reading() as connection:
            for row in connection.execute(query).mappings():
                number += 1
                if row["number"] != number:
                    return Broken(number, f"entry {number} is missing")
                if row["hash"] != _hash(row) or not _is_whole(row):
                    return Broken(number, f"entry {number} was changed")
                if row["previous"] != previous:
                    return Broken(number, f"entry {number} does not follow the one before it")
                previous, found = row["hash"], found or row["hash"] == kept
        return None if found else Broken(number + 1, "the entry whose hash was kept is not there any more")


def erased() -> dict[str, Any]:
    """What is left of the words of an entry, once somebody who stands in it is forgotten."""
    return {"salt": None, "subject": FORGOTTEN, "before": None, "after": None}


def _alone(connection: Connection) -> None:
    # Two that append at once must not follow the same entry. One that writes is alone in SQLite anyway.
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _written(value: Any) -> str | None:
    return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"), default=plain)


def _hash(row: Mapping[Any, Any]) -> str:
    return _digest(row, _OLDER if row["seal"] is None else _CHAINED)


def _is_whole(row: Mapping[Any, Any]) -> bool:
    """Whether the words of an entry are those that were sealed, or were all taken out."""
    if row["seal"] is None:
        return row["salt"] is None
    if row["salt"] is None:
        return {name: row[name] for name in _SEALED} == erased()
    return bool(row["seal"] == _digest(row, _SEALED))


def _digest(row: Mapping[Any, Any], names: Sequence[str]) -> str:
    content = json.dumps([row[name] for name in names], separators=(",", ":"))
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _entry(row: Mapping[Any, Any]) -> AuditEntry:
    values = {name: row[name] for name in ("number", "who", "what", "subject", "previous", "hash")}
    try:
        before, after = (None if row[name] is None else json.loads(row[name]) for name in ("before", "after"))
        return AuditEntry(**values, at=datetime.fromisoformat(row["at"]), before=before, after=after)
    except ValueError as error:
        sentence = f"Entry {row['number']} of the audit cannot be read: it was changed."
        raise StoreError(sentence, hint="Run `antiphon audit verify`.") from error

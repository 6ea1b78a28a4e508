"""Where leads keep people, and under which names one person is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from antiphon import PersonalRecords, Record, Records, email_of
from antiphon_leads.book import KEY, LEAD, MERGE, PAIR, Book
from antiphon_leads.qualifying import QUALIFIED


def others(records: Records, name: str) -> Iterator[str]:
    """The accounts that are merged with this one, or that have proved this address, and their proved addresses.

    An address that was proved for several who are not merged, as when a person has parted them, tells nobody's.
    """
    book = Book(records)
    found = records.get(KEY, f"email:{email_of(name)}") if "@" in name else None
    proved = {book.first(lead) for lead in (found.data["leads"] if found else ()) if records.get(LEAD, lead)}
    own = {name} if records.get(LEAD, name) else set()
    for lead in own | (proved if len(proved) == 1 else set()):
        for account in book.accounts(lead):
            yield account
            kept = book.get(account)
            if kept["email_verified"] and kept["email"]:
                yield kept["email"]


def claims() -> list[PersonalRecords]:
    """Every kind of record that leads keep."""
    return [
        PersonalRecords(LEAD, lambda record: [record.key, *(record.data[name] for name in ("handle", "url", "email"))]),
        PersonalRecords(KEY, lambda record: [record.key.partition(":")[2], *record.data["leads"]], _unborne),
        PersonalRecords(MERGE, lambda record: [record.key, record.data["into"]]),
        PersonalRecords(PAIR, lambda record: record.data["leads"]),
        PersonalRecords(QUALIFIED, _told_of),
    ]


def _told_of(record: Record) -> Iterable[str]:
    return [str(record.data.get(name, "")) for name in ("lead", "handle", "url")]


def _unborne(record: Record, names: Collection[str]) -> Mapping[str, Any] | None:
    """A key without those who are forgotten; without anybody it goes."""
    left = [lead for lead in record.data["leads"] if lead.casefold() not in names]
    return {**record.data, "leads": left} if left else None

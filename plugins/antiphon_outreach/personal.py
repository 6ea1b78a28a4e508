"""Where outreach keeps people, and under which names one creator is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from antiphon import PersonalRecords, Record, Records
from antiphon_outreach.book import CREATOR, NAME, Book


def others(records: Records, name: str) -> Iterator[str]:
    """The accounts that are one creator by a person's word, by any name of theirs; and addresses that are theirs alone.

    An address that several creators have, such as an agency's, is nobody's name.
    """
    book = Book(records)
    if len(found := book.called(name)) != 1:
        return
    for account in book.accounts(found[0]):
        yield account
        email = book.get(account)["email"]
        if email and book.called(email) == found:
            yield email


def claims() -> list[PersonalRecords]:
    """Every kind of record that outreach keeps."""
    return [
        PersonalRecords(CREATOR, lambda record: [record.key, *(record.data[name] for name in ("handle", "url"))]),
        PersonalRecords(NAME, lambda record: [record.key, *record.data["creators"]], _unborne),
    ]


def _unborne(record: Record, names: Collection[str]) -> Mapping[str, Any] | None:
    """A name without those who are forgotten; without anybody it goes."""
    left = [creator for creator in record.data["creators"] if creator.casefold() not in names]
    return {**record.data, "creators": left} if left else None

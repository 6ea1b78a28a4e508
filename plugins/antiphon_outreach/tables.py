"""Creators as a table: a CSV file is read whole, or not at all, and what it would change is told before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon import BadRow, InputError, email_of, one_line, read_sheet, write_sheet
from antiphon_outreach.book import TOLD, Book, Data
from antiphon_outreach.keeping import account_id

COLUMNS = ("id", *TOLD, "tags", "codes", "stage")
"""What a table says of a creator; any other column is a fact of theirs, such as followers or engagement_rate."""

_LISTS = ("tags", "codes")


@dataclass(frozen=True, slots=True)
class Import:
    """What a file comes to: how it is written, the creators in it, the rows that are none, and what would change."""

    encoding: str
    delimiter: str
    creators: Mapping[str, Data]
    bad: Sequence[BadRow]

    def changes(self, book: Book) -> Mapping[str, int]:
        """How many are new, changed, and as they are already."""
        counts = {"new": 0, "changed": 0, "same": 0}
        for creator, said in self.creators.items():
            known = book.known(creator)
            counts["new" if known is None else "changed" if _differs(known, said) else "same"] += 1
        return counts


def read(content: bytes) -> Import:
    """Read a table of creators. One is told by `id` (such as mastodon:ana@example.org), else by `network` and `handle`,
    else by the address of their page. Nobody's stage is taken from a table.

    Raises:
        InputError: it is no table, or its heading names none of these.
    """
    sheet = read_sheet(content)
    if not {"id", "handle", "url"} & set(sheet.columns):
        told = ", ".join(name for name in sheet.columns if name) or "nothing"
        raise InputError(f"The heading names {told}.", hint="Name a column `id`, or `network` and `handle`, or `url`.")
    creators, bad = sheet.keyed(_creator)
    return Import(sheet.encoding, sheet.delimiter, creators, bad)


def write(book: Book) -> str:
    """All creators, a row each; lists are written with a space between."""
    kept = [(creator, whole) for creator, _, whole in book.creators()]
    facts = sorted({name for _, whole in kept for name in whole["facts"]} - set(COLUMNS))
    rows = (
        {**whole["facts"], **whole, "id": creator, **{name: " ".join(whole[name]) for name in _LISTS}}
        for creator, whole in kept
    )
    return write_sheet((*COLUMNS, *facts), rows)


def _creator(cells: Mapping[str, str]) -> tuple[str, Data]:
    email, handle, network = email_of(cells.get("email")), cells.get("handle", ""), cells.get("network", "")
    if cells.get("email") and not email:
        raise ValueError(f"{cells['email']} is not an e-mail address")
    named = f"{network}:{handle.lstrip('@')}" if network and handle.lstrip("@") else ""
    creator = cells.get("id") or named or account_id(cells)
    if not creator:
        raise ValueError("it has neither an id, nor a network and a handle, nor an address of a page")
    told: dict[str, Any] = {name: cells.get(name, "") for name in TOLD}
    told |= {"network": network or creator.partition(":")[0], "email": email, "handle": one_line(handle).lstrip("@")}
    lists = {name: cells.get(name, "").split() for name in _LISTS}
    facts = {name: cell for name, cell in cells.items() if name not in COLUMNS and cell}
    return creator, {**told, **lists, "facts": facts}


def _differs(known: Data, said: Data) -> bool:
    words = any(said[name] and said[name] != known[name] for name in TOLD)
    lists = any(set(said[name]) - set(known[name]) for name in _LISTS)
    return words or lists or any(known["facts"].get(name) != value for name, value in said["facts"].items())

"""Leads as a table: a CSV file is read whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon import BadRow, InputError, email_of, read_sheet, write_sheet

COLUMNS = ("id", "network", "handle", "name", "url", "email", "email_verified", "owner")
"""What a table may say of a lead; any other column is a fact of theirs."""

_YES = {"yes", "true", "1", "oui", "vrai", "y"}
_NO = {"", "no", "false", "0", "non", "faux", "n"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file comes to: how it is written, the leads in it by their ids, and the rows that are none."""

    encoding: str
    delimiter: str
    leads: Mapping[str, Mapping[str, Any]]
    bad: Sequence[BadRow]


def read(content: bytes) -> Sheet:
    """Read a table of leads, in whatever encoding and with whatever delimiter a program has written it.

    A lead is told by `id` (such as mastodon:42), or else by `email`; of two rows with one id the second is bad.

    Raises:
        InputError: it is no table, or its heading names neither.
    """
    found = read_sheet(content)
    if not {"id", "email"} & set(found.columns):
        told = ", ".join(name for name in found.columns if name) or "nothing"
        raise InputError(f"The heading names {told}; no column is `id` or `email`.", hint="Name the columns in line 1.")
    leads, bad = found.keyed(_lead)
    return Sheet(found.encoding, found.delimiter, leads, bad)


def write(leads: Iterable[tuple[str, Mapping[str, Any]]], more: Sequence[str] = ()) -> str:
    """A table of leads with commas and quotes (RFC 4180); a cell that a spreadsheet would run begins with `'`.

    `more` are columns beside those of a lead.
    """
    kept = list(leads)
    facts = sorted({name for _, lead in kept for name in lead["facts"]} - {*COLUMNS, *more})
    rows = ({**lead["facts"], **lead, "id": key} for key, lead in kept)
    return write_sheet((*COLUMNS, *more, *facts), rows)


def _lead(cells: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    email = email_of(cells.get("email"))
    if cells.get("email") and not email:
        raise ValueError(f"{cells['email']} is not an e-mail address")
    if not (lead := cells.get("id") or (email and f"email:{email}")):
        raise ValueError("it has neither an id nor an e-mail address")
    if (word := cells.get("email_verified", "").casefold()) not in _YES | _NO:
        raise ValueError(f"email_verified is {word}, which is neither yes nor no")
    given = {name: cells.get(name, "") for name in COLUMNS if name not in ("id", "email_verified", "email")}
    network = given["network"] or lead.partition(":")[0]
    facts = {name: cell for name, cell in cells.items() if name not in COLUMNS and cell}
    return lead, {**given, "network": network, "email": email, "email_verified": word in _YES, "facts": facts}

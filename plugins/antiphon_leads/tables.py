"""Leads as a table: a CSV file is read whole, or not at all, and what is written opens as text in any program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon import InputError
from antiphon_leads.identity import email_of, one_line

COLUMNS = ("id", "network", "handle", "name", "url", "email", "email_verified", "owner")
"""What a table may say of a lead; any other column is a fact of theirs."""

LARGEST = 100 * 1024**2
"""How many bytes of a file are read."""

_YES = {"yes", "true", "1", "oui", "vrai", "y"}
_NO = {"", "no", "false", "0", "non", "faux", "n"}
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (owasp.org, CSV Injection, 2024)."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be used: its line in the file, and why."""

    line: int
    because: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file comes to: how it is written, the leads in it by their ids, and the rows that are none."""

    encoding: str
    delimiter: str
    leads: Mapping[str, Mapping[str, Any]]
    bad: Sequence[Bad]


def read(content: bytes) -> Sheet:
    """Read a table of leads, in whatever encoding and with whatever delimiter a program has written it.

    A lead is told by `id` (such as mastodon:42), or else by `email`; of two rows with one id the second is bad.

    Raises:
        InputError: it is no table, or its heading names neither.
    """
    if len(content) > LARGEST:
        raise InputError(f"The table has {len(content):,} bytes; {LARGEST:,} are the most that is read.")
    text, encoding = _decoded(content)
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter)
    try:
        _, heading = next(rows)
    except StopIteration:
        raise InputError("The table is empty.", hint="Its first line names the columns.") from None
    except _Broken as error:
        raise InputError(f"Line {error.line} is no line of a table: {error.because}.") from None
    names = [one_line(name).casefold().replace(" ", "_") for name in heading]
    _refuse(names)
    leads: dict[str, Mapping[str, Any]] = {}
    bad: list[Bad] = []
    try:
        for line, row in rows:
            try:
                lead, said = _lead(names, row)
            except ValueError as error:
                bad.append(Bad(line, str(error)))
                continue
            if lead in leads:
                bad.append(Bad(line, f"{lead} stands in an earlier line too"))
            else:
                leads[lead] = said
    except _Broken as error:
        bad.append(Bad(error.line, f"{error.because}; what follows cannot be read"))
    return Sheet(encoding, delimiter, leads, bad)


def write(leads: Iterable[tuple[str, Mapping[str, Any]]], more: Sequence[str] = ()) -> str:
    """A table of leads with commas and quotes (RFC 4180); a cell that a spreadsheet would run begins with `'`.

    `more` are columns beside those of a lead.
    """
    kept = list(leads)
    facts = sorted({name for _, lead in kept for name in lead["facts"]} - {*COLUMNS, *more})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in (*COLUMNS, *more, *facts)])
    for key, lead in kept:
        told = {**lead["facts"], **lead, "id": key}
        writer.writerow([harmless(told.get(name, "")) for name in (*COLUMNS, *more, *facts)])
    return out.getvalue()


def harmless(value: object) -> str:
    """A cell that no spreadsheet runs, on one line."""
    text = ("yes" if value else "") if isinstance(value, bool) else one_line(value)
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


class _Broken(Exception):
    def __init__(self, line: int, because: str) -> None:
        self.line = line
        self.because = because


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: what its first bytes say, else UTF-8, else that of old programs on Windows."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    for encoding in (*(name for mark, name in marks if content.startswith(mark)), "utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise InputError("The table is in no encoding that is known here.", hint="Save it as UTF-8.")


def _delimiter(text: str) -> str:
    """What stands between the names of the columns; a comma where there is one column."""
    heading = "".join(text.split("\n", 1)[0].split('"')[::2])
    return max(",;\t|", key=heading.count)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line in which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _Broken(line, str(error)) from error
        if any(cell.strip() for cell in row):
            yield line, row


def _refuse(names: Sequence[str]) -> None:
    if not {"id", "email"} & set(names):
        told = ", ".join(name for name in names if name) or "nothing"
        raise InputError(f"The heading names {told}; no column is `id` or `email`.", hint="Name the columns in line 1.")
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise InputError(f"The column {twice[0]} stands there twice.", hint="Give one of them another name.")


def _lead(names: Sequence[str], row: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
    if len(row) != len(names):
        raise ValueError(f"it has {len(row)} cells, and the heading has {len(names)}")
    cells = {name: _opened(one_line(cell)) for name, cell in zip(names, row, strict=True) if name}
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


def _opened(cell: str) -> str:
    """A cell as it was before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell

"""Sheets: a CSV file is read whole, with its bad rows named, and what is written opens as text in any program."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from antiphon.components.naming import one_line
from antiphon.errors import InputError

T = TypeVar("T")

LARGEST_SHEET = 100 * 1024**2
"""How many bytes of a file are read."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (owasp.org, CSV Injection, 2024)."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row by their column, each on one line, and the line of the file in which it begins."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used: its line in the file, and why."""

    line: int
    because: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file comes to: how it is written, its columns in small letters with `_` for spaces, and its rows."""

    encoding: str
    delimiter: str
    columns: Sequence[str]
    rows: Sequence[Row]
    bad: Sequence[BadRow]

    def keyed(self, read: Callable[[Mapping[str, str]], tuple[str, T]]) -> tuple[Mapping[str, T], Sequence[BadRow]]:
        """What `read` makes of the cells of each row, by the key that it gives, and every bad row by its line: one at
        which it raises ValueError, whose words tell why, and a second one with the same key."""
        found: dict[str, T] = {}
        bad = list(self.bad)
        for row in self.rows:
            try:
                key, said = read(row.cells)
            except ValueError as error:
                bad.append(BadRow(row.line, str(error)))
                continue
            if key in found:
                bad.append(BadRow(row.line, f"{key} stands in an earlier line too"))
            else:
                found[key] = said
        return found, sorted(bad, key=lambda one: one.line)


def read_sheet(content: bytes) -> Sheet:
    """Read a CSV file, in whatever encoding and with whatever delimiter a program has written it.

    Raises:
        InputError: it is no table, it is too large, or a column stands there twice.
    """
    if len(content) > LARGEST_SHEET:
        raise InputError(f"The table has {len(content):,} bytes; {LARGEST_SHEET:,} are the most that is read.")
    text, encoding = _decoded(content)
    delimiter = _delimiter(text)
    found = _rows(text, delimiter)
    try:
        _, heading = next(found)
    except StopIteration:
        raise InputError("The table is empty.", hint="Its first line names the columns.") from None
    except _Broken as error:
        raise InputError(f"Line {error.line} is no line of a table: {error.because}.") from None
    columns = [one_line(name).casefold().replace(" ", "_") for name in heading]
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise InputError(f"The column {twice[0]} stands there twice.", hint="Give one of them another name.")
    rows: list[Row] = []
    bad: list[BadRow] = []
    try:
        for line, cells in found:
            if len(cells) != len(columns):
                bad.append(BadRow(line, f"it has {len(cells)} cells, and the heading has {len(columns)}"))
            else:
                told = zip(columns, cells, strict=True)
                rows.append(Row(line, {name: _opened(one_line(cell)) for name, cell in told if name}))
    except _Broken as error:
        bad.append(BadRow(error.line, f"{error.because}; what follows cannot be read"))
    return Sheet(encoding, delimiter, columns, rows, bad)


def write_sheet(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """A table with commas and quotes (RFC 4180); a cell that a spreadsheet would run begins with `'`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in columns])
    for row in rows:
        writer.writerow([harmless(row.get(name, "")) for name in columns])
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


def _opened(cell: str) -> str:
    """A cell as it was before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell

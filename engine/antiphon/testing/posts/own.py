"""The user's own posts, from a CSV or JSON Lines file as other tools write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from antiphon.errors import InputError

_COLUMNS = ("text", "author", "language", "at", "url")
_LARGEST = 64 * 1024 * 1024
_HINT = f"Its columns, or the keys of its lines, are {', '.join(_COLUMNS)}; only text is needed."

_Row = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post as the file tells it; what it does not tell is empty. `at` is UTC."""

    text: str
    author: str = ""
    language: str = ""
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class OwnPosts:
    """What was read, and a sentence for every row that was left out."""

    posts: Sequence[OwnPost]
    skipped: Sequence[str]


def read_posts(path: Path) -> OwnPosts:
    """Read a file of posts: UTF-8 or UTF-16 with a mark, UTF-8 without, else Western European (Windows-1252).

    The separator of a CSV file is found out. A row without text is left out and reported.

    Raises:
        InputError: the file cannot be read, or a line of it is not what it should be; the line is named.
    """
    text = _text(path)
    rows = _json_lines(text, path.name) if text.lstrip().startswith("{") else _csv(text, path.name)
    posts: list[OwnPost] = []
    skipped: list[str] = []
    for line, row in rows:
        post = _post(row, f"{path.name}, line {line}")
        if post.text:
            posts.append(post)
        else:
            skipped.append(f"{path.name}, line {line}: there is no text; the row was left out.")
    return OwnPosts(posts, skipped)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path.name} is larger than 64 MiB.", hint="Split it.")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", hint="Check the path.") from error
    text = _decoded(raw)
    if "\0" in text:
        raise InputError(f"{path.name} is not a text file.", hint=_HINT)
    if not text.strip():
        raise InputError(f"{path.name} is empty.", hint=_HINT)
    return text


def _decoded(raw: bytes) -> str:
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _json_lines(text: str, name: str) -> Iterator[_Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = f": {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
            raise InputError(f"{name}, line {number}: this is not JSON{reason}.", hint=_HINT) from error
        if not isinstance(row, dict):
            raise InputError(f"{name}, line {number}: this is not a JSON object.", hint=_HINT)
        yield number, row


def _csv(text: str, name: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=True)
    line = 1
    try:
        headings = [heading.strip().lower() for heading in next(reader)]
        if "text" not in headings:
            found = ", ".join(heading or "(empty)" for heading in headings[:8])
            raise InputError(f"{name}, line 1: there is no column `text` among {found}.", hint=_HINT)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                yield line, dict(zip(headings, cells, strict=False))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}, line {line}: this row of CSV cannot be read: {error}.", hint=_HINT) from error


def _dialect(text: str) -> type[csv.Dialect]:
    """The separator is whichever splits the first line most; quotes are doubled, as every spreadsheet does."""
    first = text.split("\n", 1)[0]

    class Found(csv.excel):
        delimiter = max(",;\t|", key=first.count)

    return Found


def _post(row: Mapping[str, Any], where: str) -> OwnPost:
    told = {str(key).strip().lower(): value for key, value in row.items()}
    values = {column: _plain(told.get(column), column, where) for column in _COLUMNS}
    at = values.pop("at")
    return OwnPost(at=_moment(at, where) if at else None, **values)


def _plain(value: Any, column: str, where: str) -> str:
    if isinstance(value, dict | list | bool):
        raise InputError(f"{where}: `{column}` is not a text.", hint=_HINT)
    # A half of a surrogate pair, which JSON can hold, is something that no network takes.
    return "" if value is None else str(value).encode("utf-8", "replace").decode().strip()


def _moment(text: str, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{where}: `at` is {text[:40]!r}, which is not a time.", hint="Write it as 2026-01-31T09:30:00+01:00."
        ) from error

"""Importing: numbers that no network is asked for, from the table that its own pages let one save."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from antiphon import BadRow, Fetch, InputError, Measurement, Subject, SubjectKind, read_sheet
from antiphon_reporting.names import Change, metrics, ours

_ABOUT: Mapping[str, tuple[str, ...]] = {
    "subject": ("subject", "id", "post", "post_id", "media_id"),
    "url": ("url", "permalink", "link", "lien"),
    "title": ("title", "text", "caption", "description", "titre"),
    "published": ("published", "published_at", "publish_time", "posted_at", "created_at", "publié"),
    "at": ("at", "date", "day", "as_of", "jour"),
}
"""The columns that say what a row is about, each by any of these names."""

_UNTOLD = {"", "-", "–", "—", "n/a", "na", "null", "none"}
_WHOLE = re.compile(r"\d{1,3}(,\d{3})+|\d+")
_DECIMAL = re.compile(r"(\d{1,3}(,\d{3})+|\d+)\.\d+|\d+,\d+")


@dataclass(frozen=True, slots=True)
class Table:
    """What a file comes to: its fetch, what it measures, the rows that cannot be used, and what became of its columns.

    `columns` says which metric a column was read as, `changed` which of these names a network has changed, and
    `ignored` the columns that mean no metric that is known.
    """

    fetch: Fetch
    subjects: Sequence[Subject]
    measured: Sequence[Measurement]
    bad: Sequence[BadRow]
    columns: Mapping[str, str]
    changed: Sequence[Change] = ()
    ignored: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class About:
    """Whose numbers a file has: they are kept for this connection, as told at that moment."""

    connection: str
    network: str
    kind: SubjectKind
    timezone: ZoneInfo
    now: datetime
    name: str = field(default="table.csv")


def read(content: bytes, about: About) -> Table:
    """Read a table with a row for each subject and moment, and a column for each metric.

    A day without a time is taken to its end. An empty cell is a number that is not known, and is not kept.

    Raises:
        InputError: it is no table, or it has no moments, no subjects, or no metric.
    """
    sheet = read_sheet(content)
    named = {what: name for what, names in _ABOUT.items() for name in names[::-1] if name in sheet.columns}
    columns: dict[str, str] = {}
    changed: list[Change] = []
    for name in sheet.columns:
        found = ours(name, about.network) if name and name not in named.values() else None
        if found is None:
            continue
        if found[0] in columns.values():
            raise InputError(f"Two columns are {found[0]}: {name} is one of them.", hint="Leave one of them out.")
        columns[name] = found[0]
        changed += [found[1]] if found[1] else []
    _refuse(named, columns, sheet.columns, about)
    subjects: dict[str, Subject] = {}
    measured: dict[tuple[str, str, datetime], Measurement] = {}
    bad = list(sheet.bad)
    for row in sheet.rows:
        try:
            subject = _subject(row.cells, named, about)
            at = _held(row.cells[named["at"]], about)
            values = [*_values(row.cells, columns, subject, at)]
            if any((one.subject, one.metric, one.at) in measured for one in values):
                raise ValueError(f"{subject.id} has numbers of that moment in an earlier line too")
        except ValueError as error:
            bad.append(BadRow(row.line, str(error)))
            continue
        subjects[subject.id] = subject
        measured |= {(one.subject, one.metric, one.at): one for one in values}
    digest = hashlib.sha256(content).hexdigest()
    answer = {"file": about.name, "sha256": digest, "rows": [dict(row.cells) for row in sheet.rows]}
    renamed = {f"{one.network}:{one.theirs}": one.ours for one in changed}
    fetch = Fetch(f"csv: {about.name}", about.connection, about.now, answer, renamed)
    known = {*columns, *named.values()}
    ignored = [name for name in sheet.columns if name and name not in known]
    by_line = sorted(bad, key=lambda one: one.line)
    return Table(fetch, [*subjects.values()], [*measured.values()], by_line, columns, changed, ignored)


def _refuse(named: Mapping[str, str], columns: Mapping[str, str], heading: Sequence[str], about: About) -> None:
    told = ", ".join(name for name in heading if name) or "nothing"
    if "at" not in named:
        raise InputError(f"The heading names {told}; no column says when.", hint="Name one `at`, such as 2026-11-23.")
    if "subject" not in named and "url" not in named and about.kind != "account":
        raise InputError(
            f"The heading names {told}; no column says which {about.kind}.", hint="Name one `subject` or `url`."
        )
    if not columns:
        raise InputError(f"The heading names {told}; none is a metric.", hint=f"They are {', '.join(metrics())}.")


def _subject(cells: Mapping[str, str], named: Mapping[str, str], about: About) -> Subject:
    said = {what: cells[name] for what, name in named.items()}
    id = said.get("subject") or said.get("url") or (about.connection if about.kind == "account" else "")
    if not id:
        raise ValueError(f"it says of no {about.kind}")
    out = said.get("published") or (said["at"] if about.kind == "post" and "published" not in named else "")
    return Subject(
        about.kind,
        id,
        about.connection,
        about.network,
        url=said.get("url", ""),
        title=said.get("title", "")[:200],
        at=_moment(out, about.timezone, end=False) if out else None,
    )


def _values(
    cells: Mapping[str, str], columns: Mapping[str, str], subject: Subject, at: datetime
) -> Iterator[Measurement]:
    for column, metric in columns.items():
        if (value := _number(cells[column], column)) is not None:
            yield Measurement(subject.kind, subject.id, subject.connection, metric, value, at)


def _number(cell: str, column: str) -> float | None:
    """1234, 1,234, 1 234, 12.5 or 12,5; None where nothing is told."""
    written = re.sub(r"\s", "", cell)
    if written.casefold() in _UNTOLD:
        return None
    if _WHOLE.fullmatch(written):
        return float(written.replace(",", ""))
    if _DECIMAL.fullmatch(written):
        return float(written.replace(",", "") if "." in written else written.replace(",", "."))
    raise ValueError(f"{column} is {cell!r}, which is no number")


def _held(cell: str, about: About) -> datetime:
    """When the numbers of a row held: those of a day that is not over, now."""
    at = _moment(cell, about.timezone)
    today = about.now.astimezone(about.timezone).date()
    if at > about.now and at.astimezone(about.timezone).date() != today:
        raise ValueError(f"{cell} has not come yet")
    return min(at, about.now)


def _moment(cell: str, timezone: ZoneInfo, *, end: bool = True) -> datetime:
    """A day or a moment as ISO 8601 writes them; a day is taken to its end, or from its beginning."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
            return datetime.combine(date.fromisoformat(cell), time.max if end else time.min, timezone)
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no day such as 2026-11-23") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone)

"""`antiphon calendar` and `antiphon links`: what goes out and when, and who followed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from antiphon import GiveUp, InputError, Shell, one_line
from antiphon_publishing import ics
from antiphon_publishing.calendar import Entry, beginning, entries, free, monday_of, weeks
from antiphon_publishing.shortening import KIND, PATH
from antiphon_publishing.slots import FILE, Slots

_STYLES = {"published": "green", "failed": "red", "doubt": "red", "approval": "yellow", "free": "dim"}


def calendar(
    shell: Shell,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day; else this week's Monday.")] = "",
    count: Annotated[int, typer.Option("--weeks", min=1, max=53, help="How many weeks.")] = 4,
    file: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write it as iCalendar, too.")] = None,
) -> None:
    """Show by weeks what is published, planned, reserved, waiting for a word, failed or in doubt, and free slots."""
    with shell.workspace() as app:
        now, timezone = app.clock.now(), app.timezone
        begin = _day(since, timezone) if since else monday_of(now, timezone)
        first, last = begin.astimezone(UTC), (begin + timedelta(weeks=count)).astimezone(UTC)
        found = entries(app.store, first, last, now)
        if file is not None:
            _write(file, ics.written(found, app.settings.workspace.name, now))
        if (app.settings.folder / FILE).is_file():
            try:
                slots = Slots.of(app.files)
            except GiveUp as error:
                raise InputError(error.sentence, hint=error.hint) from error
            found = sorted((*found, *free(slots, app.store, first, last, now)), key=lambda one: one.at)
    shown = [part for monday, some in weeks(found, timezone) for part in _week(monday, some)]
    shell.answer(found, *(shown or [Text("nothing stands in these weeks")]))
    if file is not None:
        shell.note(f"wrote {file}")


def links(
    shell: Shell, limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 100
) -> None:
    """List short links, the newest first, with how often people went there, and programs."""
    with shell.workspace() as app:
        kept = app.store.records.list(KIND, limit=limit)
        base = app.settings.public_url
    found = [{"code": one.key, "url": f"{base}/{PATH}/{one.key}", **one.data} for one in kept]
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("url", "clicks", "visitors", "bots", "campaign", "connection", "target"):
        drawn.add_column(name, overflow="fold")
    for one in found:
        drawn.add_row(*(Text(one_line(str(one[str(column.header)]))) for column in drawn.columns))
    shell.answer(found, drawn)


def _day(text: str, timezone: ZoneInfo) -> datetime:
    try:
        return beginning(text, timezone)
    except ValueError as error:
        raise InputError(f"{text[:40]!r} is no day.", hint="Write it as 2026-03-02.") from error


def _week(monday: datetime, some: Sequence[Entry]) -> tuple[Text, Table]:
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for one in some:
        local = one.at.astimezone(monday.tzinfo)
        line = (f"{local:%a %d %b %H:%M}", one.state, one.where, one.what or one.url)
        drawn.add_row(*(Text(one_line(cell), _STYLES.get(one.state, "")) for cell in line))
    return Text(f"week {monday:%V}, {monday:%d %B %Y}", "bold"), drawn


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.", hint="Name another file.") from error

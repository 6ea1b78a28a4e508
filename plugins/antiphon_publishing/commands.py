"""What publishing adds to the command line: `calendar`, `links`, and `images` with `check` and `crop`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from antiphon import Attachment, Exit, GiveUp, InputError, Shell, one_line
from antiphon_publishing.calendar import Entry, beginning, entries, free, monday_of, weeks
from antiphon_publishing.cropping import crop as cropped
from antiphon_publishing.shortening import KIND, PATH
from antiphon_publishing.sizes import findings, size_of, sizes
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
            from antiphon_publishing.ics import written  # brings icalendar, which is needed only here

            _write(file, written(found, app.settings.workspace.name, now))
        if (app.settings.folder / FILE).is_file():
            with as_input():
                slots = Slots.of(app.files)
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


def check(
    shell: Shell,
    files: Annotated[list[Path], typer.Argument(help="Pictures of the workspace.", show_default=False)],
    places: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="PLACE", help="Such as mastodon.cover; else all there are."),
    ] = None,
) -> Exit | None:
    """Tell what is wrong with pictures for some places: the rule, what was found, what is wanted, and who says so."""
    from antiphon_publishing.images import opened  # brings Pillow, which is needed only here

    with shell.workspace() as app, as_input():
        found = []
        for file in map(str, files):
            content = app.files.load(app.files.look(Attachment(file=file))).content
            pixels = opened(content, file).size
            found += [one for place in places or sizes() for one in findings(file, pixels, len(content), place)]
    refused = [one for one in found if not one.advice]
    lines = [Text(one_line(f"{one}{' (advice)' if one.advice else ''}"), "" if one.advice else "red") for one in found]
    shell.answer(found, *(lines or [Text("nothing is wrong", "green")]))
    return Exit.AUTHOR if refused else None


def crop(
    shell: Shell,
    file: Annotated[str, typer.Argument(help="A picture of the workspace.", show_default=False)],
    places: Annotated[list[str], typer.Option("--for", metavar="PLACE", help="Such as mastodon.cover.")],
    focus: Annotated[tuple[float, float], typer.Option(help="What is to be in the middle, from 0 to 1.")] = (0.5, 0.5),
) -> None:
    """Cut the crops that some places want out of a picture, into the folder crops/ of the workspace."""
    from antiphon_publishing.images import opened, region

    if not all(0 <= one <= 1 for one in focus):
        raise InputError(f"The focus is {focus[0]:g} {focus[1]:g}.", hint="Say how far from left and top: 0 to 1.")
    with shell.workspace() as app, as_input():
        pixels = opened(app.files.load(app.files.look(Attachment(file=file))).content, file).size
        boxes = {place: region(pixels, size_of(place), focus, None, place) for place in places}
        made = {place: cropped(app.files, file, place, box) for place, box in boxes.items()}
    told = [{"place": place, "file": name, "width": wide, "height": high} for place, (name, wide, high) in made.items()]
    shell.answer(told, *(Text(f"{one['file']}  {one['width']}×{one['height']}") for one in told))


@contextmanager
def as_input() -> Iterator[None]:
    """What a file of the workspace is refused for is what the caller must mend."""
    try:
        yield
    except GiveUp as error:
        raise InputError(error.sentence, hint=error.hint) from error


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

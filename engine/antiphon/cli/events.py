"""`antiphon events`: what was heard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from antiphon.cli import calls
from antiphon.cli.exits import Exit
from antiphon.cli.periods import since_if
from antiphon.cli.printing import counted, line, moment, table
from antiphon.cli.runs import Limit, Since
from antiphon.cli.shell import Shell, zone
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.model.event import Event


def ingest(
    shell: Shell,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Events, one JSON object a line.")],
    batch: Annotated[int, typer.Option(min=1, max=100_000, help="How many are kept in one transaction.")] = 2000,
) -> Exit | None:
    """Keep the events of a file; `antiphon up` offers them to the workflows. A file of any size is streamed."""
    with shell.workspace() as app:
        store, now = app.store, app.clock.now()
        with shell.progress() as bar:
            task = bar.add_task(file.name, total=_size(file), told="")
            read, broken = 0, list[InputError]()

            def advance(size: int) -> None:
                nonlocal read
                read += 1
                if read % batch == 0:
                    bar.update(task, told=f"{read:,} events")
                bar.advance(task, size)

            def readable() -> Iterator[Event]:
                # Ends at a broken line instead of raising through the store, so that what stands before it is kept.
                try:
                    yield from calls.read_events(file, now, advance)
                except InputError as error:
                    broken.append(error)

            new, repeated = store.events.ingest_many(readable(), batch)
    for error in broken:
        hint = f"{error.hint} The {counted(new + repeated, 'event')} before it are kept: mend the line and do it again."
        raise InputError(error.sentence, hint=hint.strip())
    told = f"{counted(new, 'event')} kept" + (f", {repeated:,} known already" if repeated else "")
    shell.answer({"new": new, "repeated": repeated}, Text(told))
    return None


def list_(
    shell: Shell,
    type_: Annotated[str, typer.Option("--type", help="Only of this type, such as mention.received.")] = "",
    since: Since = "",
    limit: Limit = 30,
) -> Exit | None:
    """List the newest events."""
    with shell.workspace() as app:
        found = app.store.events.list(type=type_, since=since_if(since, app.clock.now()), limit=limit)
        here = zone(app)
    rows = (
        (event.id, moment(event.at, here), event.type, event.source, line(_told(event.data), 100)) for event in found
    )
    shell.answer(found, table(("event", f"when ({here.key})", "type", "source", "what"), rows))
    return None


def _told(data: object) -> str:
    text = data.get("text") or data.get("title") if isinstance(data, dict) else None
    return str(text) if text else json.dumps(data, ensure_ascii=False, default=str)


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size or None
    except OSError:
        return None  # whoever reads it will say so

"""`antiphon runs show --bundle` and `antiphon runs replay`: one run in one file, and that run once more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import counted, line, state
from antiphon.cli.shell import Shell, plain
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.run import Run
    from antiphon.runtime.replaying import Difference, Replay

_SHOWN = 10
_LONGEST = 200
_LOCK = "antiphon.lock"


def write(shell: Shell, app: Antiphon, run: Run, file: Path, *, pseudonyms: bool) -> None:
    """Write the bundle of a run to a file that is not there yet."""
    path = app.settings.folder / _LOCK
    lock = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = app.bundler.bundle(run, lock=lock, pseudonyms=pseudonyms)
    text = json.dumps(found.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except FileExistsError as error:
        raise InputError(f"{file} is there already.", hint="Name another file.") from error
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from error
    hint = "" if pseudonyms else "It names the people of the run; --anonymous gives them other names."
    shell.answer(
        {"file": str(file), "anonymous": pseudonyms},
        Text(f"{file} holds run {run.id}, without secrets. {hint}".rstrip()),
        Text("`antiphon runs replay` takes it once more, offline, and tells where it goes another way.", style="dim"),
    )


def replay(
    shell: Shell, file: Annotated[Path, typer.Argument(metavar="FILE", help="A bundle.", show_default=False)]
) -> Exit | None:
    """Take the run of a bundle once more, offline: does it go the same way, and if not, where does it part?"""
    from antiphon.runtime.bundling import read_bundle

    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    with shell.workspace() as app:
        found = app.replayer.replay(read_bundle(data, str(file)))
    shell.answer({**plain(found), "same": found.same}, *_told(found))
    return Exit.DONE if found.same else Exit.AUTHOR


def _told(found: Replay) -> Iterator[RenderableType]:
    yield Text.assemble("The run ends as ", state(found.state), f": {line(found.because, _LONGEST)}")
    handed = (
        f"; {len(found.handed_in):,} of them were handed in, since the world had said them" if found.handed_in else ""
    )
    yield Text(f"{counted(found.taken, 'step')} taken{handed}.")
    for name, (was, now) in found.versions.items():
        yield Text(f"It ran with {name} {was}, and this is {now or 'not there'}.", style="yellow")
    if found.same:
        yield Text("The same path to the same end.", style="green")
        return
    first, *others = found.differences
    yield Text.assemble("It goes another way, first at ", (line(first.where), "bold"), ":")
    yield from _sides(first)
    if others:
        yield Text("Then also:", style="dim")
        yield from (Text(f"  {line(one.where)}") for one in others[:_SHOWN])


def _sides(one: Difference) -> Iterator[Text]:
    for word, value in (("then", one.recorded), ("now ", one.replayed)):
        told = _words(value) if value is not None else "nothing"
        yield Text.assemble("  ", (word, "dim"), f"  {line(told, 2 * _LONGEST)}")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {json.dumps(item, ensure_ascii=False)}" for key, item in value.items() if item != "")
    return str(value)

"""`antiphon init`: a workspace that runs at once."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import sheet
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

_NAMES = {"gitignore": ".gitignore"}
"""What a file is called in a workspace when it cannot be called so in a package."""


def init(
    shell: Shell,
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder; made if it is not there.")] = Path(),
) -> Exit | None:
    """Make a workspace that runs at once: settings, two workflows, and an event to try them on."""
    from antiphon.settings import FILE

    if (directory / FILE).exists():
        raise InputError(f"{directory / FILE} is there already.", hint="Choose another folder, or go on in that one.")
    made, kept = [], []
    for parts, source in _walk(files("antiphon.cli") / "workspace"):
        path = directory.joinpath(*parts)
        if path.exists():
            kept.append(path)
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.read_bytes())
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}.", hint="Choose another folder.") from error
        made.append(path)
    inside = f"cd {directory} && " if directory != Path() else ""
    shell.answer(
        {"folder": directory.resolve(), "made": made, "kept": kept},
        sheet([*(("made", str(path)) for path in made), *(("kept", str(path)) for path in kept)]),
        Text(f"\nNow: {inside}antiphon check\n     antiphon plan complaints --event events/complaint.json"),
    )
    return None


def _walk(folder: Traversable, above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Traversable]]:
    found = []
    for item in sorted(folder.iterdir(), key=lambda one: one.name):
        parts = (*above, _NAMES.get(item.name, item.name))
        if item.is_dir():
            found += _walk(item, parts)
        elif item.is_file():
            found.append((parts, item))
    return found

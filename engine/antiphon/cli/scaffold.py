"""`antiphon plugins new`: a distribution with a connector that keeps the contract, to be made one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
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

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_UNFINISHED = ".in"
"""How the files of the pattern end, since they are no part of this package."""


def new(
    shell: Shell,
    name: Annotated[str, typer.Argument(help="The network's name, such as my-network.", show_default=False)],
) -> Exit | None:
    """Write a distribution with a connector, its tests and a README, which keeps the contract at once."""
    if not _NAME.fullmatch(name):
        hint = "Write small letters, digits and hyphens, such as my-network."
        raise InputError(f"{name!r} is no name for a network.", hint=hint)
    target = Path(f"antiphon-{name}")
    if target.exists():
        raise InputError(f"{target} is there already.", hint="Choose another name or folder.")
    made = []
    for parts, source in _walk(files("antiphon.cli") / "plugin"):
        path = target.joinpath(*(_named(part, name) for part in parts))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_named(source.read_text(encoding="utf-8"), name), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}.", hint="Choose another folder.") from error
        made.append(path)
    shell.answer(
        {"folder": target.resolve(), "made": made},
        sheet([("made", str(path)) for path in made]),
        Text(f"\nNow: cd {target} && pip install -e '.[dev]' && pytest\nThen: {target / 'README.md'}"),
    )
    return None


def _named(text: str, name: str) -> str:
    """A text of the pattern in the words of a network: as a name, as a module, as a class, and as it is spoken."""
    words = name.split("-")
    forms = {
        "my-network": name,
        "my_network": "_".join(words),
        "MyNetwork": "".join(word.capitalize() for word in words),
        "My Network": " ".join(word.capitalize() for word in words),
    }
    for form, ours in forms.items():
        text = text.replace(form, ours)
    return text.removesuffix(_UNFINISHED)


def _walk(folder: Traversable, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda one: one.name):
        if item.is_dir():
            yield from _walk(item, (*above, item.name))
        elif item.name.endswith(_UNFINISHED):
            yield (*above, item.name), item

"""Checking: what is wrong with the files of a workspace that publishing reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from antiphon import GiveUp, Place, Problem
from antiphon_publishing import rules, slots, templates
from antiphon_publishing.rules import LinkRules
from antiphon_publishing.slots import Slots
from antiphon_publishing.templates import Template

LARGEST = 1024 * 1024
"""How many bytes of a file are read."""

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def problems(folder: Path) -> Iterator[Problem]:
    """One for each file that cannot be used."""
    yield from _read(folder, folder / slots.FILE, lambda content, name: Slots.read(content))
    yield from _read(folder, folder / rules.FILE, lambda content, name: LinkRules.read(content))
    for path in sorted((folder / templates.FOLDER).rglob("*.toml")):
        yield from _read(folder, path, Template.read)


def _read(folder: Path, path: Path, read: Callable[[bytes, str], object]) -> Iterator[Problem]:
    if not path.is_file():
        return
    name = path.relative_to(folder).as_posix()
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        if len(content) > LARGEST:
            yield Problem(Place(name), f"{name} has more than {LARGEST:,} bytes.", "Make it smaller.")
            return
        read(content, name)
    except OSError as error:
        yield Problem(Place(name), f"{name} cannot be read: {error.strerror}.")
    except GiveUp as error:
        at = _LINE.search(error.sentence)
        yield Problem(Place(name, *map(int, at.groups())) if at else Place(name), error.sentence, error.hint)

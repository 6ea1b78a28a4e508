"""Mistakes in documents, each with the line it stands on and a caret below the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from rich.text import Text

from antiphon.cli.printing import safe
from antiphon.errors import Place, Problem

_WIDEST = 100
"""Characters of a source line that are shown; of a longer one, the part around the place."""

_LARGEST = 1024 * 1024
"""Bytes of a document that is read again to show its lines."""


def shown(problems: Iterable[Problem], level: Literal["error", "warning"]) -> Iterator[Text]:
    """Each problem as a few lines: place, sentence, the source line, the hint."""
    style = "bold red" if level == "error" else "bold yellow"
    for problem in problems:
        head = Text.assemble((f"{safe(problem.place)}: ", "bold"), (f"{level}: ", style), safe(problem.sentence))
        parts = [head, *_source(problem.place, style)]
        if problem.hint:
            parts.append(Text.assemble("    ", ("hint: ", "bold"), safe(problem.hint)))
        yield Text("\n").join(parts)


def as_document(problem: Problem) -> dict[str, Any]:
    """A problem for a machine."""
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "sentence": problem.sentence,
        "hint": problem.hint,
    }


def _source(place: Place, style: str) -> Iterator[Text]:
    lines = _lines(place.file)
    if not 1 <= place.line <= len(lines):
        return
    written = safe(lines[place.line - 1].replace("\t", " ").rstrip())
    start = max(0, min(place.column - _WIDEST // 2, len(written) - _WIDEST))
    number = f"{place.line:>5} │ "
    yield Text.assemble((number, "dim"), written[start : start + _WIDEST])
    if place.column - 1 <= len(written):
        yield Text.assemble((" " * 5 + " │ ", "dim"), " " * (place.column - 1 - start), ("^", style))


@lru_cache(maxsize=8)
def _lines(file: str) -> list[str]:
    """The lines of a document, or none when it cannot be shown."""
    try:
        if Path(file).stat().st_size > _LARGEST:
            return []
        return Path(file).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, ValueError):
        return []

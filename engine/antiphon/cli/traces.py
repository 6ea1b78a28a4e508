"""The path of a run through its document, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from antiphon.cli.printing import STYLES, line, safe

if TYPE_CHECKING:
    from antiphon.runtime.tracing import Line, Mark, Sheet

_STYLES = {**STYLES, "fired": "green", "holds": "green", "fails": "red", "not reached": "dim"}
_SIGNS = {
    "done": "✓",
    "fired": "✓",
    "holds": "✓",
    "fails": "✗",
    "failed": "✗",
    "held": "…",
    "planned": "…",
    "skipped": "-",
}
_LONGEST = 160
_MARKS = 4
"""How many items of an `each` are told of beside its step."""


def path(sheets: Sequence[Sheet]) -> Iterator[RenderableType]:
    """Each text with its line numbers; beside the line at which a part begins stands what became of it."""
    for sheet in sheets:
        yield Text.assemble("\n", (safe(sheet.file), "bold"), ", as it was:")
        drawn = Table.grid(padding=(0, 1, 0, 0))
        drawn.add_column(justify="right", style="dim", no_wrap=True)
        drawn.add_column(no_wrap=True)
        drawn.add_column(overflow="fold")
        drawn.add_column(overflow="fold")
        for one in sheet.lines:
            style = _STYLES.get(one.state, "")
            code = Text(safe(one.text), style="dim" if one.state == "not reached" else "")
            sign = _SIGNS.get(one.state, " ") if one.marks else "│" if one.state else " "
            drawn.add_row(str(one.number), Text(sign, style=style), code, _beside(one))
        yield drawn


def _beside(one: Line) -> Text:
    told = [_told(mark) for mark in one.marks[:_MARKS]]
    if len(one.marks) > _MARKS:
        told.append(Text(f"and {len(one.marks) - _MARKS:,} more", style="dim"))
    return Text("\n").join(told)


def _told(mark: Mark) -> Text:
    name = f" {mark.name}" if "[" in mark.name or mark.aside else ""
    values = mark.because or (line(mark.result) if mark.result not in (None, "", {}) else "")
    words = [word for word in (line(name), line(values, _LONGEST)) if word]
    return Text.assemble(("← ", "dim"), (mark.state, _STYLES.get(mark.state, "")), *(f" {word}" for word in words))

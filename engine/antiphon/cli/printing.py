"""How things are put on paper: safe to look at on a terminal, and whole when they are piped into a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

STYLES = {
    "done": "green",
    "approved": "green",
    "planned": "cyan",
    "pending": "cyan",
    "queued": "cyan",
    "running": "cyan",
    "claimed": "cyan",
    "declined": "dim",
    "skipped": "dim",
    "stopped": "dim",
    "vetoed": "yellow",
    "held": "yellow",
    "sent back": "yellow",
    "expired": "yellow",
    "void": "dim",
    "parked": "yellow",
    "unknown": "bold yellow",
    "failed": "red",
    "rejected": "red",
    "paused": "yellow",
    "cancelled": "dim",
    "waiting": "cyan",
    "sending": "bold yellow",
    "sent": "green",
}
"""Colours of the states of runs, steps, effects and approvals."""


def safe(value: object) -> str:
    """A value as text that cannot steer a terminal: what is heard on a network may hold anything."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", "" if value is None else str(value))


def line(value: object, length: int = 0) -> str:
    """A value on one line, cut to `length` characters when that is given."""
    text = " ".join(safe(value).split())
    return text if not length or len(text) <= length else text[: length - 1] + "…"


def state(value: object) -> Text:
    """A state in its colour."""
    return Text(str(value), style=STYLES.get(str(value), ""))


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Rows under headings, without rules, so that it reads the same in a terminal, a file and a pipe."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(cell if isinstance(cell, Text) else Text(safe(cell)) for cell in row))
    return drawn


def sheet(rows: Iterable[tuple[str, Any]], *, indent: int = 2) -> Table:
    """Words on the left, and what belongs to them on the right, which wraps under itself."""
    drawn = Table.grid(padding=(0, 2, 0, 0))
    drawn.add_column(no_wrap=True)
    drawn.add_column(overflow="fold")
    for word, content in rows:
        shown = Text(safe(content)) if isinstance(content, str) else content
        drawn.add_row(Text(" " * indent + word, style="dim"), shown)
    return drawn


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """A moment on the wall clock of a place, to the second; nothing for None."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 run`, `2 runs`, `1,000 runs`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"

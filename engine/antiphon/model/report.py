"""A report: what a period came to, ready to be shown in any form."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from antiphon.model.base import Noun


class Origin(Noun):
    """How a number is known: the id of its formula with the expression, over how many, from whom, and asked when.

    From `low` to `high` is where the number may as well be, by the interval of the formula. A sum of what is told by
    several has the time of the one that was asked first.
    """

    formula: str = ""
    expression: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    source: str = ""
    fetched_at: datetime | None = None


class Measured(Noun):
    """A number of a table with its origin; None is not known, though somebody was asked."""

    value: int | float | None
    origin: Origin


Cell = str | int | float | Measured | None
"""A value of a table; None means that it is not known, and is shown as empty, never as zero."""


class Figure(Noun):
    """One number with its name. `before` is the same number over the period before, where it is known.

    A difference of at most `noise` may be chance.
    """

    label: str
    value: str | int | float | None
    unit: str = ""
    before: str | int | float | None = None
    note: str = ""
    noise: float | None = None
    origin: Origin | None = None


class Series(Noun):
    """Values over labels, for a chart; all series of a chart share the labels."""

    name: str
    values: tuple[float | None, ...]


class Chart(Noun):
    """Series over common labels; `origin` is that of all its numbers."""

    title: str
    kind: Literal["bars", "line", "stacked"] = "bars"
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    origin: Origin | None = None


class Table(Noun):
    """Rows under headings; a cell that begins with http(s):// is shown as a link.

    `links` are addresses for the first cells, one a row and "" for none. One that begins with `/` leads to another page
    of the local web, and to nothing in a report.
    """

    title: str = ""
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[str, ...] = ()


class Block(Noun):
    """What one section says: any of figures, charts, tables and a sentence."""

    heading: str
    summary: str = ""
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


class Report(Noun):
    """Blocks about one period, from `since` to before `until` (UTC)."""

    title: str
    subtitle: str = ""
    language: Literal["en", "fr"] = "en"
    since: datetime
    until: datetime
    made_at: datetime
    timezone: str = "UTC"
    blocks: tuple[Block, ...]

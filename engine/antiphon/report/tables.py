"""Headings and rows as every form of a report lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from antiphon.model.report import Cell, Chart, Table


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows that are all as wide as the headings, each with the address that its first cell leads to, or none.

    `numeric` marks the columns that hold numbers.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    links: Sequence[str]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Which columns hold at least one number, and no text."""
        columns = [[cell for cell in column if cell is not None] for column in zip(*self.rows, strict=True)]
        return tuple(bool(column) and not any(isinstance(cell, str) for cell in column) for column in columns)


def table_grid(table: Table) -> Grid:
    """A table; a row that is too short ends in unknown values, and one that is too long gets headings without words."""
    width = max([len(table.headings), *map(len, table.rows)])
    return Grid(
        (*table.headings, *[""] * (width - len(table.headings))),
        [(*row, *[None] * (width - len(row))) for row in table.rows],
        (*table.links, *[""] * (len(table.rows) - len(table.links))),
    )


def chart_grid(chart: Chart) -> Grid:
    """The numbers of a chart, one label a row."""
    columns = [(*series.values, *[None] * len(chart.labels)) for series in chart.series]
    return Grid(
        ("", *(series.name for series in chart.series)),
        [(label, *(column[row] for column in columns)) for row, label in enumerate(chart.labels)],
        [""] * len(chart.labels),
    )

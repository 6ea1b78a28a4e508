"""A report as tidy rows: one value a row, for spreadsheets and statistics."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

from antiphon.model.report import Block, Cell, Measured, Origin, Report
from antiphon.report.origins import origin_of
from antiphon.report.tables import chart_grid, table_grid

ORIGIN = ("formula", "n", "low", "high", "source", "fetched_at")
HEADINGS = ("block", "kind", "title", "row", "column", "value", "unit", *ORIGIN)


def to_csv(report: Report) -> str:
    """Every figure, chart and table (RFC 4180). Times stay ISO 8601 in UTC; what is not known is empty.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers are left as they are.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for block in report.blocks:
        for row in _rows(block):
            writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def _rows(block: Block) -> Iterator[tuple[Cell, ...]]:
    for figure in block.figures:
        yield block.heading, "figure", figure.label, "", "value", figure.value, figure.unit, *_origin(figure.origin)
        if figure.before is not None:
            yield block.heading, "figure", figure.label, "", "before", figure.before, figure.unit, *_origin(None)
        if figure.noise is not None:
            yield block.heading, "figure", figure.label, "", "noise", figure.noise, figure.unit, *_origin(None)
    for chart in block.charts:
        grid = chart_grid(chart)
        for label, *values in grid.rows:
            for name, value in zip(grid.headings[1:], values, strict=True):
                yield block.heading, "chart", chart.title, label, name, value, chart.unit, *_origin(chart.origin)
    for table in block.tables:
        grid = table_grid(table)
        for number, row in enumerate(grid.rows, start=1):
            for heading, value in zip(grid.headings, row, strict=True):
                yield block.heading, "table", table.title, number, heading, value, "", *_origin(origin_of(value))


def _origin(origin: Origin | None) -> tuple[Cell, ...]:
    if origin is None:
        return ("",) * len(ORIGIN)
    asked = origin.fetched_at.isoformat() if origin.fetched_at else ""
    return origin.formula, origin.n, origin.low, origin.high, origin.source, asked


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, Measured):
        return _harmless(cell.value)
    if isinstance(cell, str) and (cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n")):
        return "'" + cell
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell

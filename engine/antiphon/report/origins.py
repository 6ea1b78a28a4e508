"""Where the numbers of a report are from: each origin once, numbered in the order in which it is first met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from antiphon.model.report import Block, Cell, Measured, Origin, Table
from antiphon.report.words import Words


@dataclass(frozen=True)
class Origins:
    """The origins of some blocks, each with the name of the number that it was first met at."""

    known: dict[Origin, str]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Origins:
        """Those of all figures, charts and cells."""
        known: dict[Origin, str] = {}
        for block in blocks:
            for origin, name in _met(block):
                known.setdefault(origin, name)
        return cls(known)

    def number(self, origin: Origin | None) -> int | None:
        """The number of an origin, from 1; None when there is none."""
        return None if origin is None else list(self.known).index(origin) + 1

    def table(self, words: Words) -> Table:
        """One row for each, in the order of the numbers."""
        names = ("origin_number", "origin_of", "origin_formula", "origin_n", "origin_interval", "origin_source")
        rows = [
            (
                str(number),
                name,
                ": ".join(filter(None, (origin.formula, origin.expression))) or None,
                origin.n,
                interval(origin, words) or None,
                origin.source or None,
                origin.fetched_at.isoformat() if origin.fetched_at else None,
            )
            for number, (origin, name) in enumerate(self.known.items(), start=1)
        ]
        headings = tuple(words[name] for name in (*names, "origin_fetched"))
        return Table(title=words["origins"], headings=headings, rows=tuple(rows))


def origin_of(cell: Cell) -> Origin | None:
    """The origin of a cell, where it has one."""
    return cell.origin if isinstance(cell, Measured) else None


def interval(origin: Origin, words: Words) -> str:
    """From where to where the number may be; empty where nobody knows."""
    if origin.low is None or origin.high is None:
        return ""
    return words["interval"].format(low=words.number(origin.low), high=words.number(origin.high))


def told(origin: Origin, words: Words) -> str:
    """An origin in one line, for whoever asks about a number."""
    parts = (
        origin.formula,
        f"n = {words.number(origin.n)}" if origin.n is not None else "",
        interval(origin, words),
        origin.source,
        words.moment(origin.fetched_at) if origin.fetched_at else "",
    )
    return " · ".join(filter(None, parts))


def _met(block: Block) -> Iterator[tuple[Origin, str]]:
    for figure in block.figures:
        if figure.origin:
            yield figure.origin, figure.label
    for chart in block.charts:
        if chart.origin:
            yield chart.origin, chart.title
    for table in block.tables:
        for row in table.rows:
            name = next((cell for cell in row if isinstance(cell, str)), "")
            for heading, cell in zip(table.headings, row, strict=False):
                if (origin := origin_of(cell)) is not None:
                    yield origin, " · ".join(filter(None, (heading, name)))

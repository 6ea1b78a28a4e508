"""A report as Markdown: for a message, a repository, or a reader without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from antiphon.model.report import Block, Figure, Origin, Report
from antiphon.report.changes import noise
from antiphon.report.links import is_link
from antiphon.report.origins import Origins, origin_of, told
from antiphon.report.tables import Grid, chart_grid, table_grid
from antiphon.report.words import Words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~!&$@])")
_LEADING = re.compile(r"^(\d*)([#+\-=.)])")


def to_markdown(report: Report) -> str:
    """The whole report; charts become tables, and no text of it can become markup."""
    words = Words.of(report)
    origins = Origins.of(report.blocks)
    made = words["made"].format(date=words.moment(report.made_at, short=False))
    parts = [
        f"# {_text(report.title)}",
        _text(report.subtitle),
        f"**{words.period(report.since, report.until)}**",
        *(part for block in report.blocks for part in _block(block, words, origins)),
        *_origins(origins, words),
        "---",
        f"{made} {words['clock'].format(timezone=_text(report.timezone))}",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _block(block: Block, words: Words, origins: Origins) -> Iterator[str]:
    yield f"## {_text(block.heading)}"
    yield _text(block.summary)
    yield "\n".join(_figure(figure, words, origins) for figure in block.figures)
    for chart in block.charts:
        yield f"### {_text(chart.title)}{_mark(chart.origin, origins)}"
        yield _table(chart_grid(chart), words, origins)
    for table in block.tables:
        yield f"### {_text(table.title)}" if table.title else ""
        yield _table(table_grid(table), words, origins)


def _figure(figure: Figure, words: Words, origins: Origins) -> str:
    value = _text(words.measure(figure.value, figure.unit))
    line = f"- {_text(figure.label)}:" + (f" **{value}**" if value else "") + _mark(figure.origin, origins)
    if figure.before is not None:
        line += f" ({_text(words['before'].format(value=words.measure(figure.before, figure.unit)))})"
    if figure.before is not None and (band := noise(figure, words)):
        line += f" {_text(band)}"
    return line + (f" {_text(figure.note)}" if figure.note else "")


def _table(grid: Grid, words: Words, origins: Origins) -> str:
    if not grid.rows:
        return words["nothing"]
    lines = [[_text(heading) for heading in grid.headings], ["---:" if right else "---" for right in grid.numeric]]
    for row, address in zip(grid.rows, grid.links, strict=True):
        before = [None, *(origin_of(cell) for cell in row)]  # of neighbours with one origin the first has the mark
        cells = [
            f"<{cell}>" if is_link(cell) else _text(words.cell(cell)) + _mark(origin, origins, last)
            for cell, origin, last in zip(row, before[1:], before, strict=False)
        ]
        lines += [[f"[{cells[0]}](<{address}>)", *cells[1:]] if is_link(address) and not is_link(row[0]) else cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _mark(origin: Origin | None, origins: Origins, last: Origin | None = None) -> str:
    """A footnote, where a number has one that the last number has not."""
    number = None if origin == last else origins.number(origin)
    return f"[^{number}]" if number else ""


def _origins(origins: Origins, words: Words) -> Iterator[str]:
    if origins.known:
        yield f"## {words['origins']}"
        yield "\n".join(
            f"[^{number}]: {_text(' · '.join(filter(None, (name, told(origin, words), origin.expression))))}"
            for number, (origin, name) in enumerate(origins.known.items(), start=1)
        )


def _text(text: str) -> str:
    """One line in which no character is markup."""
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(re.split(r"[ \t\r\n\f\v]+", text.strip()))))

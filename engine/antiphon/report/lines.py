"""A report in a few lines of plain text: for a chat, or the beginning of a message."""

from __future__ import annotations

from antiphon.model.report import Figure, Report
from antiphon.report.changes import change
from antiphon.report.words import Words

LONGEST = 1500
"""How many characters there are at most; whole lines are left out beyond that."""


def to_lines(report: Report) -> str:
    """Title and period, then what the first part says in figures; nothing of it is markup."""
    words = Words.of(report)
    first = next((block for block in report.blocks if block.figures), None)
    lines = [f"{_line(report.title)} · {words.period(report.since, report.until)}"]
    told = [figure for figure in first.figures if figure.value is not None or figure.note] if first else []
    for line in [_figure(figure, words) for figure in told]:
        if len("\n".join((*lines, line))) <= LONGEST:
            lines.append(line)
    return "\n".join(lines)


def _figure(figure: Figure, words: Words) -> str:
    value = words.measure(figure.value, figure.unit) or _line(figure.note)
    told = words["reading"].format(series=_line(figure.label), values=value).removesuffix(".")
    moved = change(figure, words)
    return f"{told} ({moved})" if moved else told


def _line(text: str) -> str:
    return " ".join(text.split())

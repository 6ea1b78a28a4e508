"""A report in a few lines."""

from __future__ import annotations

from antiphon.model.report import Block, Figure, Report
from antiphon.report.lines import LONGEST, to_lines


def test_lines(report: Report, french: Report) -> None:
    """Title, period and the first figures with their change, in the reader's language and without markup."""
    assert [
        "Torréa’s week · 21–23 November 2026",
        "Events: 4,308 (▲ 11%)",
        "Share: 12.5%",
    ] == to_lines(report).split("\n")
    assert "Events : 4\u202f308 (▲ 11\u202f%)" in to_lines(french)


def test_long(report: Report) -> None:
    """It ends with a whole line before it gets too long, and says why there is no value."""
    figures = tuple(Figure(label=f"Figure {number}", value=None, note="no posts") for number in range(200))
    text = to_lines(report.model_copy(update={"blocks": (Block(heading="x", figures=figures),)}))

    assert len(text) <= LONGEST
    assert text.endswith(": no posts")

"""Markdown, CSV and JSON."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from antiphon.model.report import Block, Figure, Report, Table
from antiphon.report import to_csv, to_json, to_markdown


def only(report: Report, *blocks: Block) -> Report:
    return report.model_copy(update={"blocks": blocks})


def rows(report: Report) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(report), newline="")))


def first(found: list[list[str]]) -> list[list[str]]:
    """The columns before those of the origin."""
    return [row[:7] for row in found]


def test_tidy(report: Report) -> None:
    """One value a row: every figure, chart and table; times stay UTC and unknown values empty."""
    found = first(rows(report))
    assert found[0] == ["block", "kind", "title", "row", "column", "value", "unit"]
    assert ["Heard", "figure", "Events", "", "before", "3877", ""] in found
    assert ["Heard", "figure", "Share", "", "value", "12.5", "%"] in found
    assert ["Heard", "figure", "Reach", "", "value", "", ""] in found
    assert ["Heard", "chart", "Per day", "2026-11-22", "posts", "", ""] in found
    assert ["Heard", "chart", "Languages", "en", "posts", "-2", ""] in found
    assert ["Answered", "table", "Newest", "1", "When", "2026-11-23T08:58:12+00:00", ""] in found
    assert {len(row) for row in rows(report)} == {13}


@given(
    start=st.sampled_from(["=", "+", "-", "@", " =", "\t=", "\r", "\n@"]),
    rest=st.text(st.characters(exclude_categories=["Cs"])),
)
def test_formula(report: Report, start: str, rest: str) -> None:
    """A text that a spreadsheet would compute gets an apostrophe in front, wherever it stands."""
    text = start + rest
    figure, table = Figure(label=text, value=text, unit=text), Table(title=text, headings=(text,), rows=((text,),))
    found = first(rows(only(report, Block(heading=text, figures=(figure,), tables=(table,))))[1:])
    safe = "'" + text
    assert found == [[safe, "figure", safe, "", "value", safe, safe], [safe, "table", safe, "1", safe, safe, ""]]


def test_markdown(french: Report) -> None:
    """Charts become tables, and what was written outside is no markup."""
    text = to_markdown(french)
    assert text.startswith("# Torréa’s week\n\nWhat was said\n\n**21–23 novembre 2026**\n\n## Heard\n")
    assert "| 22 nov. |  | 0 |" in text
    assert "<https://social.example/@torrea/1>" in text
    assert "\\<script\\>" in text
    assert "\\[x\\](javascript:alert(1)) \\| \\`code\\`" in text
    assert "- Reach:\n" in text


def test_markdown_lines(report: Report) -> None:
    """A text with line breaks or a leading sign begins no list, heading or row."""
    table = Table(headings=("x\n|y",), rows=(("a\r\nb",),))
    text = to_markdown(only(report, Block(heading="# a\n# b", summary="1. one\n- two", tables=(table,))))
    assert "## \\# a # b" in text
    assert "\n\n1\\. one - two\n" in text
    assert "| a b |" in text


def test_markdown_links(report: Report) -> None:
    """A row's first cell leads to the web where its table says so; an address of the local web leads nowhere."""
    table = Table(headings=("a",), rows=(("one",), ("two",)), links=("https://a.example/1", "/leads/2"))
    text = to_markdown(only(report, Block(heading="h", tables=(table,))))

    assert "| [one](<https://a.example/1>) |\n| two |" in text


def test_json(report: Report) -> None:
    """JSON is the report itself; what is not a number is null."""
    assert Report.model_validate_json(to_json(report)) == report
    strange = only(report, Block(heading="h", figures=(Figure(label="n", value=float("nan")),)))
    assert json.loads(to_json(strange))["blocks"][0]["figures"][0]["value"] is None

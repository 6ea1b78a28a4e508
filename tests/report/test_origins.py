"""Where the numbers of a report are from, in each of its forms."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from antiphon.model.report import Block, Chart, Figure, Measured, Origin, Report, Series, Table
from antiphon.report import to_csv, to_html, to_markdown
from antiphon.report.blocks import to_markup
from antiphon.report.changes import change, noise
from antiphon.report.words import Words

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
RATE = Origin(
    formula="er_reach@1", expression="likes / reach", n=14, low=1.25, high=3.5, source="mastodon", fetched_at=AT
)
SUM = Origin(n=14, source="mastodon", fetched_at=AT)
BLOCK = Block(
    heading="Board",
    figures=(Figure(label="Rate", value=2.5, unit="%", before=2.0, noise=0.75, origin=RATE),),
    charts=(Chart(title="Likes", labels=("a",), series=(Series(name="likes", values=(3,)),), origin=SUM),),
    tables=(
        Table(
            headings=("Network", "Likes", "Rate"),
            rows=(("mastodon", Measured(value=3, origin=SUM), Measured(value=None, origin=RATE)),),
        ),
    ),
)


@pytest.fixture
def measured(report: Report) -> Report:
    """A report of numbers with origins."""
    return report.model_copy(update={"blocks": (BLOCK,)})


def test_html(measured: Report) -> None:
    """R3: a number leads to its row of the list of origins, and says what it is when it is pointed at."""
    page = to_html(measured)

    assert 1 == page.count('id="origin-1"') == page.count('id="origin-2"')
    assert 2 == page.count('href="#origin-1" title="er_reach@1 · n = 14 · 1.25 to 3.5 · mastodon · 23')
    assert 2 == page.count('href="#origin-2" title="n = 14 · mastodon')
    assert "er_reach@1: likes / reach" in page
    assert 'id="origins"' in to_markup((BLOCK,), Words("en"))


def test_nothing_measured(report: Report) -> None:
    """Where nothing has an origin, nothing is said of origins."""
    assert "origin" not in to_html(report).partition("<body>")[2]
    assert "Where the numbers" not in to_markdown(report)


def test_markdown(measured: Report) -> None:
    """R3: in Markdown they are footnotes."""
    text = to_markdown(measured)

    assert "- Rate: **2\\.5%**[^1] (2% before) within noise, ±0.75%" in text
    assert "| mastodon | 3[^2] | [^1] |" in text
    assert "[^1]: Rate · er\\_reach\\@1 · n = 14 · 1.25 to 3.5 · mastodon" in text


def test_csv(measured: Report) -> None:
    """R3: in CSV every number has its formula, n, interval, source and fetch time in columns."""
    found = list(csv.DictReader(io.StringIO(to_csv(measured), newline="")))
    names = ("value", "formula", "n", "low", "high", "source", "fetched_at")
    told = [[row[name] for name in names] for row in found if row["formula"] or row["source"]]

    assert ["2.5", "er_reach@1", "14", "1.25", "3.5", "mastodon", AT.isoformat()] == told[0]
    assert ["3", "", "14", "", "", "mastodon", AT.isoformat()] == told[1] == told[2]
    assert ["", "er_reach@1"] == told[3][:2], "what is not known is empty"
    assert ["0.75"] == [row["value"] for row in found if row["column"] == "noise"]


@pytest.mark.parametrize(
    ("value", "arrow", "band"), [(2.5, "≈ 0.5%", "within noise, ±0.75%"), (4, "▲ 2%", "beyond noise, ±0.75%")]
)
def test_noise(value: float, arrow: str, band: str) -> None:
    """R4: what may be chance has no arrow, and the band is told."""
    figure = Figure(label="Rate", value=value, unit="%", before=2, noise=0.75)

    assert (arrow, band) == (change(figure, Words("en")), noise(figure, Words("en")))

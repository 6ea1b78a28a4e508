"""A report with everything in it that a report can hold, and some that it should not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from antiphon.model.report import Block, Chart, Figure, Report, Series, Table

HOSTILE = '<script>alert("1")</script> & [x](javascript:alert(1)) | `code` {{ 7 * 7 }}'

DAYS = ("2026-11-21", "2026-11-22", "2026-11-23")

REPORT = Report(
    title="Torréa’s week",
    subtitle="What was said",
    since=datetime(2026, 11, 20, 23, tzinfo=UTC),
    until=datetime(2026, 11, 23, 9, tzinfo=UTC),
    made_at=datetime(2026, 11, 23, 9, 1, tzinfo=UTC),
    timezone="Europe/Paris",
    blocks=(
        Block(
            heading="Heard",
            summary=HOSTILE,
            figures=(
                Figure(label="Events", value=4308, before=3877),
                Figure(label="Share", value=12.5, unit="%"),
                Figure(label="Reach", value=None),
            ),
            charts=(
                Chart(
                    title="Per day",
                    kind="stacked",
                    labels=DAYS,
                    series=(Series(name="posts", values=(3, None, 5)), Series(name="mentions", values=(1, 0, 2))),
                ),
                Chart(title="Pulse", kind="line", labels=DAYS, series=(Series(name="rate", values=(3, None, 5)),)),
                Chart(title="Languages", labels=("fr", "en"), series=(Series(name="posts", values=(6, -2)),)),
            ),
        ),
        Block(
            heading="Answered",
            tables=(
                Table(
                    title="Newest",
                    headings=("When", "What", "Followers", "Link"),
                    rows=(
                        ("2026-11-23T08:58:12+00:00", HOSTILE, 1204, "https://social.example/@torrea/1"),
                        ("2026-11-22T08:00:00+00:00", "=1+1", None, "javascript:alert(1)"),
                    ),
                ),
                Table(title="None", headings=("A",), rows=()),
            ),
        ),
    ),
)


@pytest.fixture(scope="session")
def report() -> Report:
    """A report of three days, in English."""
    return REPORT


@pytest.fixture(scope="session")
def french(report: Report) -> Report:
    """The same for a French reader."""
    return report.model_copy(update={"language": "fr"})


@pytest.fixture(scope="session")
def hostile() -> str:
    """The text that stands twice in the report."""
    return HOSTILE

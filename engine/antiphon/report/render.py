"""A report in each of its forms."""

from __future__ import annotations

from antiphon.model.report import Report
from antiphon.report.html import to_html
from antiphon.report.markdown import to_markdown
from antiphon.report.tidy import to_csv

__all__ = ["to_csv", "to_html", "to_json", "to_markdown"]


def to_json(report: Report) -> str:
    """The report as it stands: times in UTC, what is not known as null."""
    return report.model_dump_json(indent=2) + "\n"

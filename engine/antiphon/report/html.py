"""A report as one page that a person wants to look at; it asks nothing of any network and runs no script."""

from __future__ import annotations

from antiphon.model.report import Report
from antiphon.report.blocks import environment, given
from antiphon.report.words import Words


def to_html(report: Report) -> str:
    """The whole report with its style and drawings inside."""
    charts = [chart for block in report.blocks for chart in block.charts]
    template = environment().get_template("report.html")
    return template.render(
        report=report,
        song=next((chart for chart in charts if chart.kind != "bars" and len(chart.labels) > 1), None),
        inside=False,
        **given(report.blocks, Words.of(report)),
    )

"""The ornament of a report: the totals of a chart as notes on a stave."""

from __future__ import annotations

import math

from antiphon.model.report import Chart


def melody(chart: Chart) -> list[int]:
    """The totals of a chart as steps on a stave, 0 (lowest) to 6; at most sixteen, the last ones."""
    totals = [0.0] * len(chart.labels)
    for series in chart.series:
        for place, value in enumerate(series.values[: len(totals)]):
            if value is not None and math.isfinite(value):
                totals[place] += value
    low, high = min([0.0, *totals]), max([0.0, *totals])
    return [round(6 * (total - low) / ((high - low) or 1.0)) for total in totals][-16:]

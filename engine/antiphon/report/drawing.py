"""Drawing: a chart as SVG, by Vega-Lite.

They are made by vl-convert (by Vega's makers, BSD, typed), which needs no browser, leaves no script behind, and hands
colours on as they are: so they are those of the page, in light, dark and print. Each chart is drawn twice, for a wide
page and for a phone, and the style sheet shows one of them: words in a drawing would shrink with it. The first drawing
of a process costs half a second of CPU, a further one 45 ms (2026-11-24); one that was drawn before is remembered.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import vl_convert
from markupsafe import Markup

from antiphon.model.report import Chart
from antiphon.report.words import Words

COLOURS = 6
"""How many series have a colour of their own; further ones begin again."""

WIDE, NARROW = 720, 340
"""How many pixels of words and marks a drawing is made for."""

_FONT = "Avenir Next, Avenir, Segoe UI, Helvetica Neue, Noto Sans, Arial, sans-serif"
_AXIS = {
    "labelColor": "var(--soft)",
    "labelFontSize": 12,
    "labelPadding": 7,
    "title": None,
    "ticks": False,
    "domain": False,
    "gridColor": "var(--rule)",
}
_CONFIG: Mapping[str, Any] = {
    "font": _FONT,
    "background": None,
    "view": {"stroke": None},
    "aria": False,
    "axis": _AXIS,
    "text": {"fill": "var(--ink)", "fontSize": 13, "fontWeight": 600},
}


def draw(chart: Chart, words: Words, width: int) -> Markup:
    """The SVG of a chart for a page of so many pixels, with its words in the reader's language; it says nothing to a
    screen reader, which is told by the page."""
    spec = {
        "width": width,
        "autosize": {"type": "fit-x" if chart.kind == "bars" else "fit", "contains": "padding"},
        "padding": 1,
        "config": _CONFIG,
        "data": {"values": _rows(chart, words)},
        **_KINDS[chart.kind](chart, words, width),
    }
    return Markup(drawn(json.dumps(spec), words.language))  # noqa: S704 -- what strangers said is escaped in it


@lru_cache(maxsize=256)
def drawn(spec: str, language: str) -> str:
    """The SVG of a Vega-Lite specification."""
    svg = vl_convert.vegalite_to_svg(spec, format_locale="fr-FR" if language == "fr" else "en-US")
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _rows(chart: Chart, words: Words) -> list[dict[str, Any]]:
    """A row for each value that is known. Labels are told apart by their place: two may be called the same. `end` is
    where there is room for the number."""
    return [
        {
            "place": place,
            "series": number,
            "value": value,
            "end": max(0.0, value),
            "told": words.measure(value, chart.unit),
        }
        for number, series in enumerate(chart.series)
        for place in range(len(chart.labels))
        if (value := series.values[place] if place < len(series.values) else None) is not None and math.isfinite(value)
    ]


def _labels(chart: Chart, words: Words) -> str:
    """The expression that gives the label of a place."""
    shown = [words.cell(label).encode("utf-8", "replace").decode() for label in chart.labels]
    return f"{json.dumps(shown)}[datum.value]"


def _colour(chart: Chart) -> dict[str, Any]:
    numbers = list(range(len(chart.series)))
    scale = {"domain": numbers, "range": [f"var(--c{number % COLOURS})" for number in numbers]}
    return {"field": "series", "type": "nominal", "legend": None, "scale": scale}


def _bars(chart: Chart, words: Words, width: int) -> dict[str, Any]:
    """Bars that lie, each with its number behind it."""
    places = list(range(len(chart.labels)))
    y = {
        "field": "place",
        "type": "nominal",
        "scale": {"domain": places, "paddingInner": 0.32},
        "axis": {
            **_AXIS,
            "labelColor": "var(--ink)",
            "labelFontSize": 13,
            "labelExpr": _labels(chart, words),
            "labelLimit": 0.34 * width,
        },
    }
    offset = {"yOffset": {"field": "series", "type": "nominal"}} if len(chart.series) > 1 else {}
    values = [row["value"] for row in _rows(chart, words)] or [0.0]
    low, high = min(0.0, *values), max(0.0, *values)
    room = (high - low or 1.0) * 62 / (0.55 * width)
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [low - (room if low < 0 else 0), high + room], "nice": False, "zero": True},
    }
    return {
        "height": {"step": 30 if len(chart.series) == 1 else 20},
        "encoding": {"y": y, **offset},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.72}}, "encoding": {"x": x, "color": _colour(chart)}},
            {
                "mark": {"type": "text", "align": "left", "dx": 7},
                "encoding": {"x": {**x, "field": "end"}, "text": {"field": "told", "type": "nominal"}},
            },
        ],
    }


def _stacked(chart: Chart, words: Words, width: int) -> dict[str, Any]:
    """Columns, with the series on one another."""
    totals = [0.0] * len(chart.labels)
    for row in _rows(chart, words):
        totals[row["place"]] += row["value"]
    y = {"field": "value", "type": "quantitative", "axis": _ticks(chart, [0, *totals]), "stack": "zero"}
    mark = {"type": "bar", "stroke": "var(--paper)", "strokeWidth": 1}
    return {
        "transform": [{"filter": "datum.value != 0"}],  # nothing has no edge either
        "height": _height(width),
        "mark": mark,
        "encoding": {
            "x": _places(chart, words, width),
            "y": y,
            "color": _colour(chart),
            "order": {"field": "series", "type": "ordinal"},
        },
    }


def _line(chart: Chart, words: Words, width: int) -> dict[str, Any]:
    """Lines that break where a value is not known; zero is left out only where it would flatten them."""
    values = [row["value"] for row in _rows(chart, words)] or [0.0]
    zero = 0 <= min(values) <= max(values) / 2
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": _ticks(chart, [0, *values] if zero else values),
        "scale": {"zero": zero, "nice": True},
    }
    known = {(row["series"], row["place"]) for row in _rows(chart, words)}
    gaps = [
        {"place": place, "series": number, "value": None}
        for number in range(len(chart.series))
        for place in range(len(chart.labels))
        if (number, place) not in known
    ]
    mark = {"type": "line", "strokeWidth": 2.25, "strokeCap": "round", "strokeJoin": "round", "point": {"size": 26}}
    return {
        "height": _height(width),
        "data": {"values": [*_rows(chart, words), *gaps]},
        "mark": {**mark, "invalid": "break-paths-filter-domains"},
        "encoding": {"x": _places(chart, words, width), "y": y, "color": _colour(chart)},
    }


def _places(chart: Chart, words: Words, width: int) -> dict[str, Any]:
    places = list(range(len(chart.labels)))
    every = max(1, math.ceil(len(places) / (10 if width == WIDE else 5)))
    return {
        "field": "place",
        "type": "ordinal",
        "scale": {"domain": places, "paddingInner": 0.28, "paddingOuter": 0.14},
        "axis": {
            **_AXIS,
            "grid": False,
            "domain": True,
            "domainColor": "var(--ink)",
            "labelAngle": 0,
            "labelExpr": _labels(chart, words),
            "values": places[::every],
        },
    }


def _ticks(chart: Chart, values: Sequence[float]) -> dict[str, int]:
    """About four ticks; of what comes in pieces not so many that there were halves."""
    told = [value for series in chart.series for value in series.values if value is not None and math.isfinite(value)]
    if not all(float(value).is_integer() for value in told):
        return {"tickCount": 4}
    return {"tickCount": max(1, min(4, math.ceil(max(values, default=0) - min(values, default=0))))}


def _height(width: int) -> int:
    return 240 if width == WIDE else 190


_KINDS = {"bars": _bars, "stacked": _stacked, "line": _line}

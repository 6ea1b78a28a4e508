"""The geometry of charts, in percent of the plot; the templates draw it.

Charts are plain SVG made by Jinja macros and not by a library: three kinds are all a report knows, they must be styled
by the page's own colours in light, dark and print, keep their text readable on a phone (so the words are HTML and only
the marks are SVG), and need no script. The libraries that give static SVG in Python without a scientific stack (pygal,
leather) bring their own looks, scripts or unscalable text, and are untyped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from antiphon.model.report import Chart

COLOURS = 6
"""How many series have a colour of their own; further ones begin again."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One value: its rectangle in percent, measured from the upper left corner, and which series it belongs to."""

    series: int
    label: int
    value: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart ready to be drawn. `ticks` are values with their place along the axis; `shown` the labels with room."""

    marks: Sequence[Mark]
    lines: Sequence[tuple[int, str]]
    ticks: Sequence[tuple[float, float]]
    shown: Sequence[int]


def nice_ticks(low: float, high: float, *, whole: bool = False, count: int = 4) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten apart) from at or below `low` to at or above `high`.

    `whole` keeps them whole numbers, for what comes in pieces.
    """
    least = 1e-6 * max(1.0, abs(low), abs(high))
    if high - low < least:  # flat, or too fine for what a page shows
        high = low + max(1.0, 1000 * least)
    power = 10.0 ** math.floor(math.log10((high - low) / count))
    step = next((power * factor for factor in (1, 2, 5) if power * factor * count >= high - low), power * 10)
    if whole:
        step = max(step, 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, max(last, first + 1) + 1)]


def plot(chart: Chart) -> Plot:
    """Lay a chart out: bars lie, stacked columns and lines stand."""
    match chart.kind:
        case "bars":
            return _bars(chart)
        case "stacked":
            return _stacked(chart)
        case "line":
            return _line(chart)


def _values(chart: Chart) -> list[tuple[int, int, float]]:
    return [
        (number, label, value)
        for number, series in enumerate(chart.series)
        for label, value in enumerate(series.values[: len(chart.labels)])
        if value is not None and math.isfinite(value)
    ]


def _whole(values: Sequence[tuple[int, int, float]]) -> bool:
    return all(value.is_integer() for *_, value in values)


def _bars(chart: Chart) -> Plot:
    values = _values(chart)
    low = min([0.0, *(value for *_, value in values)])
    span = (max([0.0, *(value for *_, value in values)]) - low) or 1.0
    marks = [
        Mark(number, label, value, 100 * (min(value, 0.0) - low) / span, 0, 100 * abs(value) / span, 100)
        for number, label, value in values
    ]
    return Plot(marks, (), (), range(len(chart.labels)))


def _stacked(chart: Chart) -> Plot:
    values = _values(chart)
    rise, fall = [0.0] * len(chart.labels), [0.0] * len(chart.labels)
    spans = []
    for number, label, value in sorted(values, key=lambda item: item[0]):
        pile = rise if value >= 0 else fall
        spans.append((number, label, value, pile[label], pile[label] + value))
        pile[label] += value
    ticks = nice_ticks(min(fall, default=0.0), max(rise, default=0.0), whole=_whole(values))
    slot = 100 / max(len(chart.labels), 1)
    marks = [
        Mark(number, label, value, (label + 0.14) * slot, _down(max(a, b), ticks), 0.72 * slot, _height(a, b, ticks))
        for number, label, value, a, b in spans
    ]
    return Plot(marks, (), [(tick, _down(tick, ticks)) for tick in ticks], _shown(len(chart.labels)))


def _line(chart: Chart) -> Plot:
    values = _values(chart)
    numbers = [value for *_, value in values] or [0.0]
    # A line may leave zero out only where zero would flatten it.
    low = 0.0 if 0 <= min(numbers) <= max(numbers) / 2 else min(numbers)
    ticks = nice_ticks(low, max(numbers), whole=_whole(values))
    slot = 100 / max(len(chart.labels), 1)
    marks = [
        Mark(number, label, value, (label + 0.5) * slot, _down(value, ticks), 0, 0) for number, label, value in values
    ]
    lines = [(number, _path([mark for mark in marks if mark.series == number])) for number in range(len(chart.series))]
    return Plot(marks, lines, [(tick, _down(tick, ticks)) for tick in ticks], _shown(len(chart.labels)))


def _path(marks: Sequence[Mark]) -> str:
    """A path that breaks where a value is not known; a value that stands alone is a dot."""
    parts: list[str] = []
    previous = -2
    for mark in marks:
        parts.append(f"{'L' if mark.label == previous + 1 else 'M'}{mark.x:.2f} {mark.y:.2f}h.01")
        previous = mark.label
    return "".join(parts)


def _down(value: float, ticks: Sequence[float]) -> float:
    return 100 * (ticks[-1] - value) / (ticks[-1] - ticks[0])


def _height(a: float, b: float, ticks: Sequence[float]) -> float:
    return 100 * abs(b - a) / (ticks[-1] - ticks[0])


def _shown(count: int) -> range:
    """Every label, or every n-th when there are too many to stand side by side."""
    return range(0, count, max(1, math.ceil(count / 10)))


def melody(chart: Chart) -> list[int]:
    """The totals of a chart as steps on a stave, 0 (lowest) to 6; at most sixteen, the last ones."""
    totals = [0.0] * len(chart.labels)
    for _, label, value in _values(chart):
        totals[label] += value
    low, high = min([0.0, *totals]), max([0.0, *totals])
    return [round(6 * (total - low) / ((high - low) or 1.0)) for total in totals][-16:]

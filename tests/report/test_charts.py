"""The geometry of charts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.model.report import Chart, Series
from antiphon.report.charts import melody, nice_ticks, plot

VALUES = st.one_of(st.none(), st.floats(-1e9, 1e9), st.just(math.nan), st.just(math.inf))


def chart(kind: str, *rows: tuple[float | None, ...]) -> Chart:
    labels = tuple(str(number) for number in range(max(map(len, rows))))
    return Chart.model_validate(
        {"title": "t", "kind": kind, "labels": labels, "series": [Series(name="s", values=row) for row in rows]}
    )


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 0, [0.0, 0.5, 1.0]),
        (0, 125, [0, 50, 100, 150]),
        (0, 4, [0, 1, 2, 3, 4]),
        (0, 0.3, [0.0, 0.1, 0.2, 0.3]),
        (-3, 9, [-5, 0, 5, 10]),
    ],
)
def test_ticks(low: float, high: float, ticks: list[float]) -> None:
    """Ticks are round and hold the values between them."""
    found = nice_ticks(low, high)
    assert found == pytest.approx(ticks)
    assert found[0] <= low <= high <= found[-1]


def test_whole() -> None:
    """What comes in pieces is not measured in halves."""
    assert nice_ticks(0, 2, whole=True) == [0, 1, 2]
    assert [tick for tick, _ in plot(chart("stacked", (1, 0))).ticks] == [0, 1]
    assert [tick for tick, _ in plot(chart("line", (0.5, 1.0))).ticks] == [0, 0.5, 1]


def test_stack() -> None:
    """Stacked values stand on one another from zero, in the order of the series."""
    drawn = plot(chart("stacked", (10, 20), (30, None)))
    assert [tick for tick, _ in drawn.ticks] == [0, 10, 20, 30, 40]
    assert [(mark.series, mark.label, mark.y, mark.height) for mark in drawn.marks] == [
        (0, 0, 75, 25),
        (0, 1, 50, 50),
        (1, 0, 0, 75),
    ]


def test_unknown() -> None:
    """A value that is not known is not drawn, and a line breaks there."""
    drawn = plot(chart("line", (1, None, 3, 4)))
    assert [mark.label for mark in drawn.marks] == [0, 2, 3]
    assert drawn.lines[0][1].count("M") == 2


def test_bars() -> None:
    """Bars share one scale with zero in it."""
    drawn = plot(chart("bars", (30, -10)))
    assert [(mark.x, mark.width) for mark in drawn.marks] == [(25, 75), (0, 25)]


@given(kind=st.sampled_from(["bars", "stacked", "line"]), rows=st.lists(st.lists(VALUES, max_size=9), max_size=4))
def test_inside(kind: str, rows: list[list[float | None]]) -> None:
    """Whatever the values, every mark is inside the plot."""
    drawn = plot(chart(kind, (), *(tuple(row) for row in rows)))
    for mark in drawn.marks:
        for start, length in ((mark.x, mark.width), (mark.y, mark.height)):
            assert start >= -1e-6
            assert start + length <= 100 + 1e-6


def test_melody() -> None:
    """The totals of a chart are steps of a stave, the highest on top, at most sixteen."""
    assert melody(chart("stacked", (0, 5, 10), (0, None, 2))) == [0, 2, 6]
    assert melody(chart("line", (1.0,) * 40)) == [6] * 16
    assert melody(chart("line", (0, 0))) == [0, 0]

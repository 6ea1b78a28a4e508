"""Charts as drawings."""

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.model.report import Chart, Series
from antiphon.report.drawing import NARROW, WIDE, draw
from antiphon.report.stave import melody
from antiphon.report.words import Words

VALUES = st.one_of(st.none(), st.floats(-1e9, 1e9), st.just(math.nan), st.just(math.inf))
SVG = "{http://www.w3.org/2000/svg}"


def chart(kind: str, *rows: tuple[float | None, ...], labels: tuple[str, ...] = ()) -> Chart:
    labels = labels or tuple(f"label {number}" for number in range(max(map(len, rows))))
    return Chart.model_validate(
        {"title": "t", "kind": kind, "labels": labels, "series": [Series(name="s", values=row) for row in rows]}
    )


def svg(drawn: Chart, language: str = "en", width: int = WIDE) -> ElementTree.Element:
    return ElementTree.fromstring(str(draw(drawn, Words(language), width)))


def texts(drawing: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in drawing.iter(f"{SVG}text")]


def marks(drawing: ElementTree.Element, kind: str) -> list[str]:
    """The shapes of a kind of mark, such as `rect` or `line`, by their paths."""
    groups = [one for one in drawing.iter(f"{SVG}g") if f"mark-{kind} role-mark" in one.get("class", "")]
    return [path.get("d", "") for group in groups for path in group.iter(f"{SVG}path")]


@pytest.mark.parametrize("kind", ["bars", "stacked", "line"])
def test_colours(kind: str) -> None:
    """Every colour is one of the page's own, so that a drawing follows light, dark and print."""
    drawing = svg(chart(kind, (1, 2), (3, 4)))
    colours = {one.get(name, "none") for one in drawing.iter() for name in ("fill", "stroke")}

    assert {"var(--c0)", "var(--c1)"} <= colours
    assert set() == {colour for colour in colours if not re.fullmatch(r"none|transparent|var\(--[a-z0-9]+\)", colour)}


def test_silent() -> None:
    """A drawing runs nothing, asks for nothing, has no style of its own, and says nothing to a screen reader."""
    drawing = svg(chart("line", (1, 2)))

    assert "true" == drawing.get("aria-hidden")
    assert set() == {one.tag for one in drawing.iter()} & {f"{SVG}script", f"{SVG}style", f"{SVG}image", f"{SVG}a"}
    assert [] == [one for one in drawing.iter() if one.get("style") or one.get("href")]


def test_words() -> None:
    """Labels and numbers are the reader's."""
    drawing = svg(chart("bars", (1234.5, 2), labels=("2026-11-22", "b")), "fr")

    assert ["22 nov. 2026", "b", "1\u202f234,5", "2"] == texts(drawing)


def test_strangers() -> None:
    """What a stranger wrote is a word in a drawing and nothing else, even half an emoji."""
    labels = ('<script>alert("1")</script>', "${{ 7 * 7 }} \\ ' ]", "\ud83d half")
    told = texts(svg(chart("bars", (1, 2, 3), labels=labels)))

    assert labels[:2] == tuple(told[:2])
    assert "? half" == told[2]


def test_unknown() -> None:
    """A value that is not known is not drawn, and a line breaks there."""
    [line] = marks(svg(chart("line", (1, None, 3, 4))), "line")

    assert 2 == line.count("M")
    assert 3 == len(marks(svg(chart("bars", (1, None, 3, 4))), "rect"))


def test_whole() -> None:
    """What comes in pieces is not measured in halves."""
    assert ["0", "1", "2"] == [text for text in texts(svg(chart("stacked", (1, 2)))) if "label" not in text]


def test_sizes() -> None:
    """A phone has a drawing of its own, with fewer labels below it."""
    many = chart("stacked", tuple(range(20)))
    wide, narrow = (svg(many, width=width) for width in (WIDE, NARROW))

    assert [str(WIDE), str(NARROW)] == [wide.get("width"), narrow.get("width")]
    assert len(texts(narrow)) < len(texts(wide)) < 20


@settings(max_examples=25, deadline=None)
@given(kind=st.sampled_from(["bars", "stacked", "line"]), rows=st.lists(st.lists(VALUES, max_size=5), max_size=3))
def test_anything(kind: str, rows: list[list[float | None]]) -> None:
    """Whatever the values, there is a drawing."""
    assert "svg" in svg(chart(kind, (), *(tuple(row) for row in rows))).tag


def test_melody() -> None:
    """The totals of a chart are steps of a stave, the highest on top, at most sixteen."""
    assert melody(chart("stacked", (0, 5, 10), (0, None, 2))) == [0, 2, 6]
    assert melody(chart("line", (1.0,) * 40)) == [6] * 16
    assert melody(chart("line", (0, 0))) == [0, 0]

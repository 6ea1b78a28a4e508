"""Blocks as part of a page that a person wants to look at: of a report, and of the local web."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from antiphon.model.report import Block, Chart, Measured
from antiphon.report.changes import change, noise
from antiphon.report.drawing import COLOURS, NARROW, WIDE, draw
from antiphon.report.links import is_inner, is_link, short_link
from antiphon.report.origins import Origins, origin_of, told
from antiphon.report.stave import melody
from antiphon.report.tables import chart_grid, table_grid
from antiphon.report.words import Words

_TELLABLE = 24
"""Up to how many values a chart's text alternative reads out; beyond, it tells the extremes."""

_UNBROKEN = 14
"""Up to how many characters a table does not tear a text into lines."""


def to_markup(blocks: Sequence[Block], words: Words) -> Markup:
    """Blocks as sections of a page of the local web, where links to other pages of it lead somewhere."""
    return Markup(environment().get_template("blocks.html").render(inside=True, **given(blocks, words)))  # noqa: S704


def style() -> str:
    """The style sheet by which sections and their page have the looks of a report."""
    folder = files("antiphon.report") / "templates"
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("ground.css", "blocks.css"))


def given(blocks: Sequence[Block], words: Words) -> dict[str, object]:
    """What the template of blocks wants to know."""
    return {
        "blocks": blocks,
        "words": words,
        "drawn": lambda chart: {"broad": draw(chart, words, WIDE), "slim": draw(chart, words, NARROW)},
        "alternative": lambda chart: alternative(chart, words),
        "change": lambda figure: change(figure, words),
        "noise": lambda figure: noise(figure, words),
        "origins": (origins := Origins.of(blocks)),
        "origin_of": origin_of,
        "told": lambda origin: told(origin, words),
        "sources": table_grid(origins.table(words)),
    }


@cache
def environment() -> Environment:
    """Where the templates of reports are found, with all that they use."""
    environment = Environment(
        loader=PackageLoader("antiphon.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        melody=melody, chart_grid=chart_grid, table_grid=table_grid, colours=COLOURS, roman=roman
    )
    environment.filters["short_link"] = short_link
    environment.tests.update(
        link=is_link,
        inner=is_inner,
        short=lambda value: len(value) <= _UNBROKEN,
        unknown=lambda value: (value.value if isinstance(value, Measured) else value) is None,
        numeric=lambda value: isinstance(value, int | float | Measured),
    )
    return environment


def alternative(chart: Chart, words: Words) -> str:
    """What the drawing shows, in words: every value, or where there are many, the extremes of each series."""
    told = [chart.title.rstrip(".") + "."]
    for series in chart.series:
        pairs = [(label, value) for label, value in zip(chart.labels, series.values, strict=False) if value is not None]
        if not pairs:
            continue
        if len(pairs) * len(chart.series) <= _TELLABLE:
            values = ", ".join(f"{words.cell(label)} {words.measure(value, chart.unit)}" for label, value in pairs)
        else:
            numbers = [value for _, value in pairs]
            values = words["extremes"].format(
                low=words.number(min(numbers)), high=words.number(max(numbers)), last=words.number(numbers[-1])
            )
        told.append(words["reading"].format(series=series.name, values=values))
    return " ".join(told)


def roman(number: int) -> str:
    """A number from 1 as sections are counted in old books."""
    written = ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        written += sign * (number // value)
        number %= value
    return written

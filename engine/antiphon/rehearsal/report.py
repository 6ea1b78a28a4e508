"""The report of a backtest, in the reader's language: figures, a plot, a row a day, and what it cannot know."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from antiphon.model.backtest import Backtest, Day, Differing, Reason
from antiphon.model.report import Block, Chart, Figure, Report, Series, Table

NUMBERS = ("heard", "fired", "declined", "failed", "sent", "inward", "held", "capped", "vetoed")
"""The numbers of a day, in the order in which they are told."""

_ALWAYS = ("heard", "fired", "sent")
_PLOTTED = ("sent", "held", "capped", "vetoed", "failed")


def report_of(result: Backtest, language: Literal["en", "fr"], made_at: datetime) -> Report:
    """A report that can be shown in any form."""
    words = _words(language)
    blocks = [_came(result, words), _reasons(result, words)]
    if result.against is not None:
        blocks.append(_against(result, result.against, words))
    told = Table(headings=(words["unknown"],), rows=tuple((one,) for one in cannot_know(result, language)))
    blocks.append(Block(heading=words["unknown"], tables=(told,)))
    return Report(
        title=words["title"].format(workflow=result.workflow),
        subtitle=result.version,
        language=language,
        since=result.since,
        until=result.until,
        made_at=made_at,
        timezone=result.timezone,
        blocks=tuple(blocks),
    )


def cannot_know(result: Backtest, language: Literal["en", "fr"]) -> Sequence[str]:
    """What a backtest cannot know, a sentence each."""
    return [str(one).format(unchecked=result.unchecked) for one in _words(language)["cannot"]]


@cache
def _words(language: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = tomllib.loads(
        files("antiphon.rehearsal").joinpath("words.toml").read_text(encoding="utf-8")
    )[language]
    return found


def _came(result: Backtest, words: Mapping[str, Any]) -> Block:
    total = {name: result.total(name) for name in NUMBERS}
    figures = [Figure(label=words[name], value=total[name]) for name in NUMBERS if total[name] or name in _ALWAYS]
    if result.waiting:
        figures.append(Figure(label=words["waiting"], value=result.waiting))
    return Block(
        heading=words["came"],
        summary=words["summary"].format(**total),
        figures=tuple(figures),
        charts=(_chart(result.days, words),),
        tables=(_table(result.days, words),),
    )


def _chart(days: Sequence[Day], words: Mapping[str, Any]) -> Chart:
    drawn = [name for name in _PLOTTED if name == "sent" or any(getattr(day, name) for day in days)]
    return Chart(
        title=words["per_day"],
        kind="stacked",
        labels=tuple(day.day.isoformat() for day in days),
        series=tuple(
            Series(name=words[name], values=tuple(float(getattr(day, name)) for day in days)) for name in drawn
        ),
    )


def _table(days: Sequence[Day], words: Mapping[str, Any]) -> Table:
    return Table(
        title=words["per_day"],
        headings=(words["day"], *(words[name] for name in NUMBERS)),
        rows=tuple((day.day.isoformat(), *(getattr(day, name) for name in NUMBERS)) for day in days),
    )


def _reasons(result: Backtest, words: Mapping[str, Any]) -> Block:
    def tables() -> Iterator[Table]:
        found: tuple[tuple[str, tuple[Reason, ...]], ...] = (
            ("why_declined", result.declined),
            ("why_failed", result.failed),
            ("why_stopped", result.stopped),
        )
        for title, some in found:
            if some:
                rows = tuple((one.because, one.count) for one in some)
                yield Table(title=words[title], headings=(words["because"], words["count"]), rows=rows)

    return Block(heading=words["reasons"], tables=tuple(tables()))


def _against(result: Backtest, other: Differing, words: Mapping[str, Any]) -> Block:
    def both(name: str) -> Iterator[str]:
        yield f"{words[name]}: {words['ours']}"
        yield f"{words[name]}: {words['theirs']}"

    pairs = zip(result.days, other.days, strict=True)
    compared = ("fired", "declined", "sent")
    rows = tuple(
        (
            day.day.isoformat(),
            *(getattr(one, name) for name in compared for one in (day, their)),
            other.runs.per_day.get(day.day, 0),
            other.effects.per_day.get(day.day, 0),
        )
        for day, their in pairs
    )
    headings = (
        words["day"],
        *(one for name in compared for one in both(name)),
        words["differing_runs"],
        words["differing"],
    )
    tables = [Table(title=words["numbers"], headings=headings, rows=rows)]
    for named, apart in (("call", other.runs), ("effect", other.effects)):
        if apart.examples:
            rows = tuple((one.at.isoformat(), one.what, one.ours or "–", one.theirs or "–") for one in apart.examples)
            headings = (words["at"], words[named], words["ours"], words["theirs"])
            tables.append(Table(title=words["examples"], headings=headings, rows=rows))
    differs = other.runs.count or other.effects.count
    told = words["differ"].format(runs=other.runs.count, effects=other.effects.count)
    return Block(
        heading=words["against"].format(version=other.version),
        summary=told if differs else words["alike"],
        tables=tuple(tables),
    )

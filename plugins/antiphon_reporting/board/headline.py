"""The first part of the board: the few numbers that are asked for first, each against the period before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Literal

from antiphon import Block, Chart, Cohort, Figure, Origin, Pool, Series
from antiphon_reporting import intervals
from antiphon_reporting.board.week import INTERACTIONS, Week
from antiphon_reporting.measuring import Result, joined, rated
from antiphon_reporting.periods import before, days

LONGEST = 62
"""How many days a chart by day has at most."""

_LATER = 4
"""How many days must have a count of followers before a line is drawn."""


def headline(week: Week) -> Block:
    """Posts, interactions, the rate, views, followers and mentions."""
    words = week.words
    posts = sum(pool.subjects for pool in week.interactions)
    figures = [_posts(week, posts), _interactions(week), _rate(week), _views(week), _followers(week), _mentions(week)]
    charts = [_by_day(week), _growing(week)] if len(days(week.ctx)) <= LONGEST else []
    return Block(
        heading=words["heading"],
        summary=words.counted(posts, networks=len(week.interactions)),
        figures=tuple(figure for figure in figures if figure is not None),
        charts=tuple(chart for chart in charts if chart is not None),
    )


def _posts(week: Week, posts: int) -> Figure:
    earlier = sum(pool.subjects for pool in week.interactions_before)
    # Where nothing was ever measured before, nobody was counting yet: that is not known, and not a zero.
    known = bool(week.book.fetches(until=week.ctx.since))
    asked, of = joined(week.interactions).fetched_at, _counted(week.interactions, of="subjects")
    return Figure(
        label=week.words["posts"],
        value=posts,
        before=earlier if known else None,
        origin=week.told(posts, asked, *of),
    )


def _interactions(week: Week) -> Figure:
    words, now, then = week.words, joined(week.interactions), joined(week.interactions_before)
    expression = " + ".join(INTERACTIONS)
    return Figure(
        label=words["interactions"],
        value=round(now.x) if now.counted else None,
        before=round(then.x) if then.counted else None,
        noise=round(intervals.noise_of_sums(now, then)) if now.counted and then.counted else None,
        note=_part(week, now.counted, now.subjects),
        origin=week.told(now.counted, now.fetched_at, *_counted(week.interactions), expression=expression),
    )


def _rate(week: Week) -> Figure:
    now = rated(week.rate, week.comparable)
    pools = week.book.pooled(week.earlier, week.rate.over, week.rate.under)
    then = rated(week.rate, joined([pool for pool in pools if pool.counted]))
    made, was = now.estimate, then.estimate
    return Figure(
        label=week.rate.called(week.ctx.language),
        value=round(made.value, 2) if made else None,
        unit=week.rate.unit,
        before=round(was.value, 2) if was else None,
        noise=round(intervals.difference(made, was), 2) if made and was else None,
        note=refusal(week, now) if made is None else "",
        origin=now.origin(week.source(_counted(week.pools))),
    )


def _views(week: Week) -> Figure | None:
    now = [one for one in week.book.totals(week.posts, ("views",)) if one.sum is not None]
    then = [one for one in week.book.totals(week.earlier, ("views",)) if one.sum is not None]
    if not now:
        return None
    counted, of = sum(one.counted for one in now), [one.connection for one in now]
    asked = min((one.fetched_at for one in now if one.fetched_at), default=None)
    return Figure(
        label=week.words["views"],
        value=round(sum(one.sum or 0 for one in now)),
        before=round(sum(one.sum or 0 for one in then)) if then else None,
        note=_part(week, counted, sum(pool.subjects for pool in week.interactions)),
        origin=week.told(counted, asked, *of),
    )


def _followers(week: Week) -> Figure | None:
    until, since = week.ctx.until, week.ctx.since
    now = {one.connection: one for one in week.book.totals(Cohort("account", until), ("followers",)) if one.counted}
    then = {one.connection: one for one in week.book.totals(Cohort("account", since), ("followers",)) if one.counted}
    if not now:
        return None
    asked = min((one.fetched_at for one in now.values() if one.fetched_at), default=None)
    return Figure(
        label=week.words["followers"],
        value=round(sum(one.sum or 0 for one in now.values())),
        # Against the same accounts only: one that was not counted then has not grown from nothing.
        before=round(sum(one.sum or 0 for one in then.values())) if then.keys() == now.keys() else None,
        origin=week.told(len(now), asked, *now),
    )


def _mentions(week: Week) -> Figure:
    def counted(since: datetime, until: datetime) -> int:
        found = week.ctx.store.events.count(since=since, until=until)
        return sum(count for kind, count in found.items() if kind.startswith("mention."))

    now, then = counted(week.ctx.since, week.ctx.until), counted(*before(week.ctx))
    origin = Origin(n=now, source=week.words["heard_by"], fetched_at=week.ctx.until)
    return Figure(label=week.words["mentions"], value=now, before=then or None, origin=origin)


def _by_day(week: Week) -> Chart | None:
    """The interactions of the posts of each day, as they stood at the end of the period."""
    found: list[dict[str, float]] = []
    names: dict[str, str] = {}
    for since, until in _days(week):
        pools = week.book.pooled(Cohort("post", until, since, known=week.ctx.until), INTERACTIONS, ())
        found.append({pool.connection: pool.x for pool in pools if pool.counted})
        names |= {pool.connection: week.place(pool.connection, pool.network) for pool in pools if pool.counted}
    if not names:
        return None
    now, of = joined(week.interactions), _counted(week.interactions)
    return Chart(
        title=week.words["by_day"],
        kind="stacked",
        labels=tuple(day.isoformat() for day in days(week.ctx)),
        series=tuple(
            Series(name=name, values=tuple(day.get(connection) for day in found)) for connection, name in names.items()
        ),
        origin=week.told(now.counted, now.fetched_at, *of, expression=" + ".join(INTERACTIONS)),
    )


def _growing(week: Week) -> Chart | None:
    """The followers of each account at the end of each day."""
    stood = [week.book.totals(Cohort("account", until), ("followers",)) for _, until in _days(week)]
    lines: dict[str, list[float | None]] = {}
    names: dict[str, str] = {}
    for place, day in enumerate(stood):
        for one in day:
            lines.setdefault(one.connection, [None] * len(stood))[place] = one.sum
            names[one.connection] = week.place(one.connection, one.network)
    drawn = {one: line for one, line in lines.items() if sum(value is not None for value in line) >= _LATER}
    if not drawn:
        return None
    asked = min((one.fetched_at for one in stood[-1] if one.fetched_at), default=None)
    return Chart(
        title=week.words["growing"],
        kind="line",
        labels=tuple(day.isoformat() for day in days(week.ctx)),
        series=tuple(Series(name=names[one], values=tuple(line)) for one, line in drawn.items()),
        origin=week.told(len(drawn), asked, *drawn),
    )


def _days(week: Week) -> Sequence[tuple[datetime, datetime]]:
    """The days of the period from their beginning to their end, by the reader's clock."""
    zone, found = week.ctx.timezone, days(week.ctx)
    starts = [datetime.combine(day, time(), zone) for day in found]
    ends = [datetime.combine(day + timedelta(days=1), time(), zone) for day in found]
    return [(max(start, week.ctx.since), min(end, week.ctx.until)) for start, end in zip(starts, ends, strict=True)]


def _counted(pools: Sequence[Pool], of: Literal["counted", "subjects"] = "counted") -> list[str]:
    """The connections that a sum is made of."""
    return [pool.connection for pool in pools if getattr(pool, of)]


def _part(week: Week, counted: int, of: int) -> str:
    return week.words["part"].format(counted=counted, of=of) if counted < of else ""


def refusal(week: Week, result: Result) -> str:
    """Why a formula has no value, in the reader's words; empty when it has one."""
    words = week.words
    match result.refused:
        case "":
            return ""
        case "nothing":
            return words["nothing_posted"]
        case "few":
            return words["too_few"].format(n=result.counted, least=result.formula.least)
        case "missing":
            names = [words.name("metrics", name) for name in result.missing]
            return words["input_missing"].format(names=", ".join(names))

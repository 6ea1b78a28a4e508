"""The first part of the board: the few numbers that are asked for first, each against the period before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from antiphon import Block, Chart, Figure, Origin, Pool, Ratio, Series
from antiphon_reporting import intervals
from antiphon_reporting.board.week import INTERACTIONS, LOOKED_FOR, Week
from antiphon_reporting.measuring import Result, joined, rated
from antiphon_reporting.periods import before, days

_DRAWN = 4
"""How many days must have a count of followers before a line is drawn."""


def headline(week: Week) -> Block:
    """Posts, interactions, the rate, views, followers and mentions."""
    words, pools = week.words, week.now(INTERACTIONS)
    posts = sum(pool.subjects for pool in pools)
    figures = (_posts(week, posts), _interactions(week), _rate(week), _views(week), _followers(week), _mentions(week))
    charts = (_by_day(week), _growing(week)) if week.edges else ()
    return Block(
        heading=words["heading"],
        summary=words.counted(posts, networks=len(pools)),
        figures=tuple(figure for figure in figures if figure is not None),
        charts=tuple(chart for chart in charts if chart is not None),
    )


def _posts(week: Week, posts: int) -> Figure:
    pools = week.now(INTERACTIONS)
    # Where nobody had asked before, nobody was counting yet: that is not known, and not a zero.
    known = bool(week.book.fetches(until=week.ctx.since))
    return Figure(
        label=week.words["posts"],
        value=posts,
        before=sum(pool.subjects for pool in week.then(INTERACTIONS)) if known else None,
        origin=week.told(posts, joined(pools).fetched_at, *(pool.connection for pool in pools)),
    )


def _interactions(week: Week) -> Figure:
    now, then = joined(week.now(INTERACTIONS)), joined(week.then(INTERACTIONS))
    return Figure(
        label=week.words["interactions"],
        value=round(now.x) if now.counted else None,
        before=round(then.x) if then.counted else None,
        noise=round(intervals.noise_of_sums(now, then)) if now.counted and then.counted else None,
        note=_part(week, now),
        origin=_added(week, INTERACTIONS),
    )


def _rate(week: Week) -> Figure:
    pools, earlier = week.now(week.rate.ratio), week.then(week.rate.ratio)
    now, then = (rated(week.rate, joined([pool for pool in some if pool.counted])) for some in (pools, earlier))
    made, was = now.estimate, then.estimate
    return Figure(
        label=week.rate.called(week.ctx.language),
        value=round(made.value, 2) if made else None,
        unit=week.rate.unit,
        before=round(was.value, 2) if was else None,
        noise=round(intervals.difference(made, was), 2) if made and was else None,
        note=refusal(week, now),
        origin=now.origin(week.source(_counted(pools))),
    )


def _views(week: Week) -> Figure | None:
    views = LOOKED_FOR["views"]
    now, then = joined(week.now(views)), joined(week.then(views))
    if not now.counted:
        return None
    return Figure(
        label=week.words["views"],
        value=round(now.x),
        before=round(then.x) if then.counted else None,
        noise=round(intervals.noise_of_sums(now, then)) if then.counted else None,
        note=_part(week, now),
        origin=_added(week, views),
    )


def _followers(week: Week) -> Figure | None:
    now, then = week.followers, week.followers_at(week.ctx.since)
    if not now:
        return None
    whole = joined([*now.values()])
    return Figure(
        label=week.words["followers"],
        value=round(whole.x),
        # Against the same accounts only: one that was not counted then has not grown from nothing.
        before=round(joined([*then.values()]).x) if then.keys() == now.keys() else None,
        origin=week.told(whole.counted, whole.fetched_at, *now),
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
    labels = days(week.ctx)
    lines: dict[str, list[float | None]] = {}
    for parts in week.by_day(INTERACTIONS).values():
        line = lines.setdefault(week.place(parts[0].connection, parts[0].network), [None] * len(labels))
        for pool in parts:
            line[pool.part] = pool.x if pool.counted else None
    if not any(value is not None for line in lines.values() for value in line):
        return None
    return Chart(
        title=week.words["by_day"],
        kind="stacked",
        labels=tuple(day.isoformat() for day in labels),
        series=tuple(Series(name=name, values=tuple(line)) for name, line in lines.items()),
        origin=_added(week, INTERACTIONS),
    )


def _growing(week: Week) -> Chart | None:
    """The followers of each account at the end of each day."""
    stood = [week.followers_at(moment) for moment in (*week.edges, week.ctx.until)]
    drawn = [one for one in week.followers.values() if sum(one.connection in day for day in stood) >= _DRAWN]
    if not drawn:
        return None
    whole = joined(drawn)
    return Chart(
        title=week.words["growing"],
        kind="line",
        labels=tuple(day.isoformat() for day in days(week.ctx)),
        series=tuple(
            Series(
                name=week.place(one.connection, one.network),
                values=tuple(day[one.connection].x if one.connection in day else None for day in stood),
            )
            for one in drawn
        ),
        origin=week.told(whole.counted, whole.fetched_at, *(one.connection for one in drawn)),
    )


def _added(week: Week, ratio: Ratio) -> Origin:
    pools = week.now(ratio)
    whole = joined(pools)
    return week.told(whole.counted, whole.fetched_at, *_counted(pools), expression=" + ".join(ratio.over))


def _counted(pools: Sequence[Pool]) -> list[str]:
    """The connections that a sum is made of."""
    return [pool.connection for pool in pools if pool.counted]


def _part(week: Week, pool: Pool) -> str:
    return week.words["part"].format(counted=pool.counted, of=pool.subjects) if pool.counted < pool.subjects else ""


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

"""The second part of the board: network by network, ranked by one formula; what cannot be compared is not ranked."""

from __future__ import annotations

from antiphon import Block, Chart, Measured, Origin, Series, Table
from antiphon_reporting.board.week import COUNTED, INTERACTIONS, Week
from antiphon_reporting.intervals import difference
from antiphon_reporting.measuring import Result


def networks(week: Week) -> Block:
    """A row for each connection that has posts."""
    words = week.words
    ranked = sorted((one for one in week.rates if one.estimate), key=_by_value)
    others = [one for one in week.rates if not one.estimate]
    rows = [_row(week, one, place) for place, one in enumerate(ranked, start=1)]
    rows += [_row(week, one, None) for one in others]
    rate = week.rate.called(week.ctx.language)
    names = ("place", "network", "posts", "interactions", "", "interval", "followers", "growth")
    return Block(
        heading=words["networks_heading"],
        summary=_summary(week, ranked, others),
        charts=(_chart(week, ranked, rate),) if len(ranked) > 1 else (),
        tables=(
            Table(
                title=words["by_network"].format(rate=rate[:1].lower() + rate[1:]),
                headings=tuple(words[name] if name else words["rate"].format(unit=week.rate.unit) for name in names),
                rows=tuple(rows),
            ),
        )
        if rows
        else (),
    )


def _by_value(result: Result) -> float:
    return -result.estimate.value if result.estimate else 0.0


def _summary(week: Week, ranked: list[Result], others: list[Result]) -> str:
    words = week.words
    said = []
    if len(ranked) > 1:
        said.append(words["ranked"].format(formula=week.rate.name))
        first, second = (one.estimate for one in ranked[:2])
        if first and second and first.value - second.value <= difference(first, second):
            said.append(words["close"])
    if others and ranked:
        names = ", ".join(week.place(one.connection, one.network) for one in others)
        said.append(words["not_compared"].format(names=names))
    return " ".join(said)


def _row(week: Week, result: Result, place: int | None) -> tuple[str | int | float | Measured | None, ...]:
    pool = next(one for one in week.now(INTERACTIONS) if one.connection == result.connection)
    growth = week.growth.get(result.connection)
    followers = _followers(week, result.connection)
    source, made = week.source([result.connection]), result.estimate
    origin = result.origin(source)
    posts = week.told(pool.subjects, pool.fetched_at, result.connection)
    sums = week.told(pool.counted, pool.fetched_at, result.connection, expression=" + ".join(COUNTED))
    return (
        place,
        week.place(result.connection, result.network),
        Measured(value=pool.subjects, origin=sums if pool.counted == pool.subjects else posts),
        Measured(value=round(pool.x) if pool.counted else None, origin=sums),
        Measured(value=round(made.value, 2) if made else None, origin=origin),
        _interval(week, origin),
        followers,
        Measured(value=round(growth.estimate.value, 2), origin=growth.origin(source))
        if growth and growth.estimate
        else None,
    )


def _interval(week: Week, origin: Origin) -> str | None:
    if origin.low is None or origin.high is None:
        return None
    words = week.words
    return words["from_to"].format(low=words.decimal(max(origin.low, 0.0)), high=words.decimal(origin.high))


def _followers(week: Week, connection: str) -> Measured | None:
    if (one := week.followers.get(connection)) is None:
        return None
    return Measured(value=round(one.x), origin=week.told(one.counted, one.fetched_at, connection))


def _chart(week: Week, ranked: list[Result], title: str) -> Chart:
    return Chart(
        title=title,
        labels=tuple(week.place(one.connection, one.network) for one in ranked),
        series=(
            Series(name=title, values=tuple(round(one.estimate.value, 2) if one.estimate else None for one in ranked)),
        ),
        unit=week.rate.unit,
    )

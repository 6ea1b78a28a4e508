"""The last part of the board: what could not be measured and why, and whose numbers are old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from antiphon import Block, Fetch, Table
from antiphon_reporting.board.headline import refusal
from antiphon_reporting.board.week import INTERACTIONS, LOOKED_FOR, Week
from antiphon_reporting.names import changes

Row = tuple[str, str, str, str | None]


def unmeasured(week: Week, stale: timedelta) -> Block:
    """A row for each number that is missing, in whole or in part, and for each source that was not asked lately."""
    words = week.words
    rows: tuple[Row, ...] = ((words["everything"], "", words["never_asked"], None),)
    if week.fetches:
        rows = (*_stale(week, stale), *_renamed(week), *_refused(week), *_missing(week))
    headings = (words["what"], words["network"], words["why"], words["since"])
    return Block(
        heading=words["unmeasured_heading"],
        summary=words["unmeasured_told"] if rows else words["unmeasured_none"],
        tables=(Table(headings=headings, rows=rows),) if rows else (),
    )


def _stale(week: Week, stale: timedelta) -> Iterator[Row]:
    newest: dict[str, Fetch] = {}
    for fetch in week.fetches:
        if fetch.connection not in newest or fetch.at > newest[fetch.connection].at:
            newest[fetch.connection] = fetch
    hours = round(stale / timedelta(hours=1))
    for connection, fetch in newest.items():
        if week.ctx.until - fetch.at > stale:
            why = week.words["stale"].format(hours=week.words.number(hours))
            yield week.words["everything"], _place(week, connection), why, fetch.at.isoformat()


def _renamed(week: Week) -> Iterator[Row]:
    words = week.words
    for fetch in week.fetches:
        for theirs, ours in fetch.renamed.items():
            network, _, name = theirs.rpartition(":")
            if change := changes().get((network, name)):
                why = words[change.state].format(theirs=name)
                metric = words.name("metrics", ours).capitalize()
                yield metric, _place(week, fetch.connection), why, change.since.isoformat()


def _refused(week: Week) -> Iterator[Row]:
    language = week.ctx.language
    for one in (*week.rates, *week.growth.values()):
        if one.estimate is None:
            yield one.formula.called(language), week.place(one.connection, one.network), refusal(week, one), None


def _missing(week: Week) -> Iterator[Row]:
    """What a network tells of some posts in a row for each, what it never tells in one row."""
    words = week.words
    never: dict[str, list[str]] = {}
    for metric, ratio in LOOKED_FOR.items():
        name = words.name("metrics", metric)
        for pool in week.now(ratio):
            place = week.place(pool.connection, pool.network)
            if not pool.counted:
                never.setdefault(place, []).append(name)
            elif pool.counted < pool.subjects:
                why = words["not_for_all"].format(lacking=pool.subjects - pool.counted, of=pool.subjects)
                yield name.capitalize(), place, why, None
    for pool in week.now(INTERACTIONS):
        if pool.connection not in week.followers:
            never.setdefault(week.place(pool.connection, pool.network), []).append(words.name("metrics", "followers"))
    for place, metrics in never.items():
        told = ", ".join(metrics)
        yield told[:1].upper() + told[1:], place, words["not_told"], None


def _place(week: Week, connection: str) -> str:
    network = next((pool.network for pool in week.now(INTERACTIONS) if pool.connection == connection), "")
    return week.place(connection, network)

"""The pages of the calendar and of short links, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from antiphon import Block, Figure, PageContext, Table, WebPage
from antiphon_publishing.calendar import Entry, State, beginning, entries, monday_of, weeks
from antiphon_publishing.shortening import KIND

WEEKS = 4
"""How many weeks are shown, the present one first; `?from=2026-03-02` begins elsewhere."""

MOST = 10_000
SHOWN = 200
"""How many links are looked through, and how many are listed."""

_COUNTED: tuple[State, ...] = ("published", "planned", "reserved", "approval", "failed", "doubt")


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """What the pages of this plugin say, by language."""
    return tomllib.loads(files("antiphon_publishing").joinpath("words.toml").read_text("utf-8"))


def view(ctx: PageContext) -> Sequence[Block]:
    """One block for the whole, and one for each week that has something."""
    said = words()[ctx.language]
    begin = _begin(ctx)
    until = (begin + timedelta(weeks=WEEKS)).astimezone(UTC)
    found = entries(ctx.store, begin.astimezone(UTC), until, ctx.clock.now())
    counts = {state: sum(one.state == state for one in found) for state in _COUNTED}
    figures = tuple(Figure(label=said["states"][state], value=count) for state, count in counts.items())
    whole = Block(heading=said["title"], summary="" if found else said["nothing"], figures=figures)
    return [whole, *(_week(monday, some, said) for monday, some in weeks(found, ctx.timezone))]


def followed(ctx: PageContext) -> Sequence[Block]:
    """The short links, those that most people opened first."""
    said = words()[ctx.language]["links"]
    kept = sorted(ctx.store.records.list(KIND, limit=MOST), key=lambda link: -link.data["clicks"])
    counts = {name: sum(link.data[name] for link in kept) for name in ("clicks", "visitors", "bots")}
    figures = tuple(Figure(label=said[name], value=count) for name, count in counts.items())
    shown = ("clicks", "visitors", "bots", "campaign", "connection", "target")
    rows = tuple((link.key, *(link.data[name] for name in shown)) for link in kept[:SHOWN])
    table = Table(headings=tuple(said["headings"]), rows=rows)
    return [Block(heading=said["title"], summary=said["summary"], figures=figures, tables=(table,) if rows else ())]


def _begin(ctx: PageContext) -> datetime:
    try:
        return beginning(ctx.query.get("from", ""), ctx.timezone)
    except ValueError:
        return monday_of(ctx.clock.now(), ctx.timezone)


def _week(monday: datetime, some: Sequence[Entry], said: Mapping[str, Any]) -> Block:
    rows = tuple((one.at.isoformat(), said["states"][one.state], one.where, one.what, one.url or None) for one in some)
    links = tuple(f"/runs/{one.run}" if one.run else "" for one in some)
    table = Table(headings=tuple(said["headings"]), rows=rows, links=links)
    return Block(
        heading=said["week"].format(number=monday.isocalendar().week, day=f"{monday:%d/%m/%Y}"), tables=(table,)
    )


CALENDAR = WebPage("calendar", {"en": words()["en"]["title"], "fr": words()["fr"]["title"]}, view)
LINKS = WebPage("links", {"en": words()["en"]["links"]["title"], "fr": words()["fr"]["links"]["title"]}, followed)

"""The page of leads: who is kept, with both axes of the score; and one of them with a reason for everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from antiphon import Block, Figure, GiveUp, InputError, PageContext, Table, one_line
from antiphon_leads.book import Book
from antiphon_leads.qualifying import rules_of
from antiphon_leads.scoring import Rated, Rules, rate
from antiphon_leads.words import words

PATH = "leads"
ROWS = 100
"""How many leads the page shows, the newest; the command line has all."""


def view(ctx: PageContext) -> Sequence[Block]:
    """The newest leads, the most points first."""
    said, book, rules = words(ctx.language), Book(ctx.store.records), _rules(ctx)
    every = list(book.leads())
    found = [(lead, whole, _rated(whole, rules, ctx)) for lead in every[:ROWS] for whole in [book.whole(lead)]]
    found.sort(key=lambda one: -(one[2].total if one[2] else 0))
    count = said["none"] if not every else said["one" if len(every) == 1 else "many"].format(count=len(every))
    told = [count, said["newest"].format(count=ROWS) if len(every) > ROWS else "", "" if rules else said["unscored"]]
    rows = tuple(
        (
            one_line(whole["handle"] or lead),
            one_line(whole["name"]),
            *((rated.of("fit"), rated.of("engagement"), rated.total) if rated else (None, None, None)),
            one_line(whole["owner"]),
            max((str(signal["at"]) for signal in whole["signals"].values()), default=""),
        )
        for lead, whole, rated in found
    )
    headings = tuple(said[name] for name in ("lead", "name", "fit", "engagement", "total", "owner", "last"))
    links = tuple(f"/{PATH}/{quote(lead, safe='')}" for lead, _, _ in found)
    table = Table(headings=headings, rows=rows, links=links)
    return [Block(heading=said["title"], summary=" ".join(filter(None, told)), tables=(table,) if rows else ())]


def detail(ctx: PageContext, key: str) -> Sequence[Block] | None:
    """One lead: who, why so many points, what allows to keep them, what they did, what was known, and every merge."""
    said, book = words(ctx.language), Book(ctx.store.records)
    try:
        whole = book.whole(key)
    except InputError:
        return None
    accounts = book.accounts(key)
    rated = _rated(whole, _rules(ctx), ctx)
    kept = [{"account": one, **entry} for one in accounts for entry in book.get(one)["bases"]]
    past = [
        {
            "account": one,
            "since": entry["at"],
            "before": ", ".join(f"{name}: {was}" for name, was in entry["before"].items()),
        }
        for one in accounts
        for entry in book.get(one)["history"]
    ]
    signals = sorted(whole["signals"].values(), key=lambda one: str(one["at"]), reverse=True)[:ROWS]
    figures = tuple(Figure(label=said[axis], value=rated.of(axis)) for axis in ("fit", "engagement")) if rated else ()
    total = (Figure(label=said["total"], value=rated.total),) if rated else ()
    points = (
        [{"axis": said[one.axis], "points": round(one.points, 1), "because": one.because} for one in rated.points]
        if rated
        else []
    )
    facts = [{"fact": name, "value": value} for name, value in sorted(whole["facts"].items())]
    known = [{"account": one, "handle": book.get(one)["handle"], "name": book.get(one)["name"]} for one in accounts]
    blocks = [
        Block(
            heading=one_line(whole["handle"] or accounts[0]),
            summary="" if rated else said["unscored"],
            figures=(*total, *figures),
            tables=_tables(said, known, "account", "handle", "name"),
        ),
        Block(heading=said["why"], tables=_tables(said, points, "axis", "points", "because")),
        Block(heading=said["bases"], tables=_tables(said, kept, "account", "basis", "because", "source", since="at")),
        Block(heading=said["facts"], tables=_tables(said, facts, "fact", "value")),
        Block(heading=said["signals"], tables=_tables(said, signals, signal="type", since="at", source="post")),
        Block(heading=said["history"], tables=_tables(said, past, "account", "since", "before")),
        Block(
            heading=said["merges"],
            tables=_tables(said, book.merges(key), "lead", "into", "state", "by", because="why", since="at"),
        ),
    ]
    return [block for block in blocks if block.tables]


def _rules(ctx: PageContext) -> Rules | None:
    """What counts, by leads.toml; None where it is not there, or cannot be read, which `antiphon check` tells."""
    try:
        return rules_of(ctx.files)
    except GiveUp:
        return None


def _rated(whole: Mapping[str, Any], rules: Rules | None, ctx: PageContext) -> Rated | None:
    return rate(whole, rules, ctx.clock.now()) if rules else None


def _tables(
    said: Mapping[str, str], entries: Iterable[Mapping[str, Any]], *names: str, **renamed: str
) -> tuple[Table, ...]:
    """A table of entries under some of their names, or under others; none of none."""
    columns = {**{name: name for name in names}, **renamed}
    rows = tuple(
        tuple(value if isinstance(value := one.get(key), int | float) else one_line(value) for key in columns.values())
        for one in entries
    )
    return (Table(headings=tuple(said[name] for name in columns), rows=rows),) if rows else ()

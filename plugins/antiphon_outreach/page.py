"""The page of creators: where each stands and what came of them; and one of them with all that was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from antiphon import Block, Figure, InputError, PageContext, Table
from antiphon_outreach import duties
from antiphon_outreach.book import Book, Data
from antiphon_outreach.results import results
from antiphon_outreach.stages import STAGES
from antiphon_outreach.words import words

PATH = "creators"
ROWS = 200
"""How many creators the page shows, the newest; the command line has all."""


def view(ctx: PageContext) -> Sequence[Block]:
    """All creators, those of one stage first where the address names it by `stage`."""
    said, came = words(ctx.language), results(ctx.store)
    every = [(creator, whole) for creator, _, whole in Book(ctx.store.records).creators()]
    stages = Counter(whole["stage"] for _, whole in every)
    shown = [one for one in every if ctx.query.get("stage") in (None, "", one[1]["stage"])][:ROWS]
    count = said["none"] if not every else said["one" if len(every) == 1 else "many"].format(count=len(every))
    rows = [
        (
            whole["handle"] or creator,
            whole["name"],
            said["stages"][whole["stage"]],
            ", ".join(whole["tags"]),
            came[creator].clicks,
            came[creator].orders,
            _sums(came[creator].values),
            _sums(came[creator].costs),
        )
        for creator, whole in shown
    ]
    headings = ("creator", "name", "stage", "tags", "clicks", "orders", "value", "cost")
    table = Table(
        headings=tuple(said[one] for one in headings),
        rows=tuple(rows),
        links=tuple(f"/{PATH}/{quote(creator, safe='')}" for creator, _ in shown),
    )
    return [
        Block(
            heading=said["title"],
            summary=count,
            figures=tuple(Figure(label=said["stages"][one], value=stages[one]) for one in STAGES if stages[one]),
            tables=(table,) if rows else (),
        )
    ]


def detail(ctx: PageContext, key: str) -> Sequence[Block] | None:
    """One creator: every move, all that is agreed, what is lacking, and every reading. None where there is none."""
    said, book = words(ctx.language), Book(ctx.store.records)
    try:
        whole = book.whole(book.find(key))
    except InputError:
        return None
    lack = duties.missing(whole, ctx.clock.now().astimezone(ctx.timezone).date(), ctx.language)
    told = said["lacking"].format(lack="; ".join(lack)) if lack else said["complete"]
    return [
        Block(
            heading=whole["handle"] or whole["name"] or key,
            summary=whole["bio"],
            figures=(Figure(label=said["stage"], value=said["stages"][whole["stage"]]),),
            tables=_history(whole, said),
        ),
        Block(heading=said["agreed"], summary=told, tables=_agreed(whole, said)),
        Block(heading=said["read"], tables=_read(whole, said)),
    ]


def _history(whole: Data, said: Mapping[str, Any]) -> tuple[Table, ...]:
    rows = [
        (one["at"], one["by"], said["stages"][one["from"]], said["stages"][one["to"]], one["because"])
        for one in sorted(whole["history"], key=lambda one: datetime.fromisoformat(one["at"]), reverse=True)
    ]
    return _table(said, "history", ("when", "who", "from", "to", "why"), rows)


def _agreed(whole: Data, said: Mapping[str, Any]) -> tuple[Table, ...]:
    rows = [
        (one["on"], said["kinds"][one["kind"]], f"{one['value']} {one['currency']}", one["what"], one["contract"])
        for one in whole["agreements"]
    ]
    return _table(said, "", ("when", "kind", "value", "what", "contract"), rows)


def _read(whole: Data, said: Mapping[str, Any]) -> tuple[Table, ...]:
    rows = [
        (one["at"], one["followers"], one.get("posts"), "; ".join(one.get("missing", ())))
        for one in reversed(whole["readings"])
    ]
    return _table(said, "", ("when", "followers", "posts", "missing"), rows)


def _table(said: Mapping[str, Any], title: str, headings: Sequence[str], rows: Sequence[Any]) -> tuple[Table, ...]:
    if not rows:
        return ()
    return (
        Table(title=said[title] if title else "", headings=tuple(map(said.__getitem__, headings)), rows=tuple(rows)),
    )


def _sums(amounts: Mapping[str, Decimal]) -> str | None:
    return ", ".join(f"{amount} {currency}" for currency, amount in amounts.items()) or None

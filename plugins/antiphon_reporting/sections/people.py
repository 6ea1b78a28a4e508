"""Who spoke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

import antiphon
from antiphon import Block, ReportContext, Section, Table
from antiphon_reporting.words import Words


class People(Section):
    """Who spoke most in the period, and when they were last heard.

    {section: people}
    """

    name = "people"

    class Options(antiphon.Options):
        """How much is listed."""

        rows: int = Field(default=10, ge=1, le=500, description="How many people are listed.")

    def build(self, options: Options, ctx: ReportContext) -> Block:
        """Authors of events; an event that names no author counts for nobody."""
        words = Words(ctx.language, "people")
        spoke: Counter[str] = Counter()
        last: dict[str, tuple[datetime, Mapping[str, Any]]] = {}
        for event in ctx.store.events_between(ctx.since, ctx.until):
            author = event.data.get("author")
            if isinstance(author, Mapping) and (who := author.get("id") or author.get("handle")):
                spoke[str(who)] += 1
                last[str(who)] = event.at, author
        if not spoke:
            return Block(heading=words["heading"], summary=words["none"])
        rows = tuple(_row(who, count, *last[who]) for who, count in spoke.most_common(options.rows))
        headings = (words["name"], words["handle"], words["events"], words["last"], words["link"])
        return Block(
            heading=words["heading"],
            summary=words.counted(len(spoke)),
            tables=(Table(title=words["most"], headings=headings, rows=rows),),
        )


def _row(who: str, count: int, at: datetime, author: Mapping[str, Any]) -> tuple[str | int | None, ...]:
    handle, name = str(author.get("handle") or who), str(author.get("name") or "")
    # A name that only repeats the handle tells nothing.
    return (
        name if name not in ("", handle) else None,
        handle,
        count,
        at.isoformat(),
        str(author.get("url") or "") or None,
    )

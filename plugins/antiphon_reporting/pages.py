"""Pages of the local web: the reports that were written, the board as it stands now, and the formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from antiphon import Block, PageContext, ReportContext, Table, WebPage
from antiphon_reporting.actions import BLOCKS, KIND, period
from antiphon_reporting.formulas import Formula, formulas
from antiphon_reporting.sections.board import Board
from antiphon_reporting.words import Words

LISTED = 100
"""How many of the newest reports are listed."""

WEEK = timedelta(days=7)


def reports(ctx: PageContext) -> Sequence[Block]:
    """The reports that were written, the newest first."""
    words = Words(ctx.language, "pages")
    notes = ctx.store.records.list(KIND, limit=LISTED)
    names = [PurePosixPath(str(note.data["to"])).name for note in notes]
    rows = tuple(
        (str(note.data.get("title") or name), note.updated_at.isoformat(), _files(note.data))
        for note, name in zip(notes, names, strict=True)
    )
    headings = tuple(words[name] for name in ("report", "written", "files"))
    links = tuple(f"/reports/{name}" for name in names)
    tables = (Table(headings=headings, rows=rows, links=links),) if rows else ()
    return (
        Block(
            heading=words["reports"], summary=words.counted(len(rows)) if rows else words["no_reports"], tables=tables
        ),
    )


def report(ctx: PageContext, name: str) -> Sequence[Block] | None:
    """What one report said when it was written; None when there is none of that name."""
    kept = ctx.store.records.get(BLOCKS, name)
    return None if kept is None else tuple(Block.model_validate(block) for block in kept.data["blocks"])


def board(ctx: PageContext) -> Sequence[Block]:
    """The board of the last seven days, as it stands now."""
    since, until = period(ctx.clock.now(), WEEK, ctx.timezone, today=True)
    return Board().build(Board.Options(), _context(ctx, since, until))


def registry(ctx: PageContext) -> Sequence[Block]:
    """All formulas."""
    words = Words(ctx.language, "pages")
    found = formulas().values()
    table = Table(
        headings=tuple(words[name] for name in ("id", "formula", "expression", "least")),
        rows=tuple((one.id, one.called(ctx.language), one.expression, one.least) for one in found),
        links=tuple(f"/formulas/{one.id}" for one in found),
    )
    return (Block(heading=words["formulas"], summary=words["formulas_told"], tables=(table,)),)


def one_formula(ctx: PageContext, id: str) -> Sequence[Block] | None:
    """One formula with all that is said of it; None when there is none of that id."""
    found = formulas().get(id.partition("@")[0])
    return None if found is None else (_shown(found, Words(ctx.language, "pages"), ctx.language),)


def _shown(one: Formula, words: Words, language: str) -> Block:
    rows = (
        (words["id"], one.name),
        (words["expression"], one.expression),
        (words["inputs"], ", ".join(one.inputs)),
        (words["least"], one.least),
        (words["interval"], one.interval),
        (words["source"], one.source),
        (words["checked"], one.checked_on.isoformat()),
    )
    return Block(heading=one.called(language), tables=(Table(headings=("", words["said"]), rows=rows),))


def _files(written: Mapping[str, Any]) -> str:
    """The files of a report in one word: `reports/board.html, .md, .csv`."""
    endings = [PurePosixPath(str(file)).suffix for file in written["files"]]
    return f"{written['to']}{', '.join(endings)}"


def _context(ctx: PageContext, since: datetime, until: datetime) -> ReportContext:
    return ReportContext(since, until, ctx.language, ctx.timezone, ctx.store)


PAGES = (
    WebPage("reports", {"en": "Reports", "fr": "Rapports"}, reports, report),
    WebPage("metrics", {"en": "Numbers", "fr": "Chiffres"}, board),
    WebPage("formulas", {"en": "Formulas", "fr": "Formules"}, registry, one_formula),
)

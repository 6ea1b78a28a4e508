"""What waits for a person."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

import antiphon
from antiphon import Block, EffectState, Figure, LedgerEntry, Record, ReportContext, Section, Table
from antiphon_reporting.words import Words

_IN_DOUBT = (EffectState.UNKNOWN, EffectState.PARKED, EffectState.HELD)
_URGENCY = ("urgent", "high", "normal", "low")
_READ = 1000


class Waiting(Section):
    """What waits for a person now, whenever it began: effects held or in doubt, open tickets, and drafts.

    {section: waiting}
    """

    name = "waiting"

    class Options(antiphon.Options):
        """Where to look, and how much is listed."""

        rows: int = Field(default=12, ge=1, le=500, description="How many of each kind are listed.")
        tickets: str = Field(default="inbox.ticket", description="The kind of record that holds tickets.")
        drafts: str = Field(default="inbox.draft", description="The kind of record that holds drafts.")

    def build(self, options: Options, ctx: ReportContext) -> Block:
        """Up to a thousand of each kind are looked at."""
        words = Words(ctx.language, "waiting")
        effects = {state: ctx.store.ledger.list(state=state, limit=_READ) for state in _IN_DOUBT}
        tickets, drafts = _open(options.tickets, ctx), _open(options.drafts, ctx)
        tickets.sort(key=_urgency)
        entries = [entry for state in _IN_DOUBT for entry in effects[state]]
        total = len(entries) + len(tickets) + len(drafts)
        tables = [
            _effects(entries[: options.rows], words),
            _tickets(tickets[: options.rows], words),
            _drafts(drafts[: options.rows], words),
        ]
        return Block(
            heading=words["heading"],
            summary=words.counted(total),
            figures=(
                Figure(label=words["tickets"], value=len(tickets)),
                Figure(label=words["drafts"], value=len(drafts)),
                *(
                    Figure(label=words.name("states", state).capitalize(), value=len(effects[state]))
                    for state in _IN_DOUBT
                    if effects[state]
                ),
            ),
            tables=tuple(table for table in tables if table.rows),
        )


def _open(kind: str, ctx: ReportContext) -> list[Record]:
    return [record for record in ctx.store.records.list(kind, limit=_READ) if record.data.get("state") == "open"]


def _urgency(record: Record) -> int:
    priority = record.data.get("priority")
    return _URGENCY.index(priority) if priority in _URGENCY else len(_URGENCY)


def _effects(entries: Sequence[LedgerEntry], words: Words) -> Table:
    return Table(
        title=words["effects"],
        headings=(words["when"], words["what"], words["state"], words["why"]),
        rows=tuple(
            (
                entry.planned_at.isoformat(),
                entry.effect.summary,
                words.name("states", entry.state),
                entry.reason or None,
            )
            for entry in entries
        ),
    )


def _tickets(records: Sequence[Record], words: Words) -> Table:
    return Table(
        title=words["tickets"],
        headings=(words["number"], words["priority"], words["title"], words["person"], words["link"]),
        rows=tuple(
            (
                record.data.get("number"),
                words.name("priorities", str(record.data.get("priority") or "")) or None,
                record.data.get("title"),
                record.data.get("person") or None,
                record.data.get("url") or None,
            )
            for record in records
        ),
    )


def _drafts(records: Sequence[Record], words: Words) -> Table:
    return Table(
        title=words["drafts"],
        headings=(words["number"], words["text"], words["to"]),
        rows=tuple(
            (record.data.get("ticket") or None, record.data.get("text"), record.data.get("to") or None)
            for record in records
        ),
    )

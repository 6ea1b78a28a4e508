"""What went out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

import antiphon
from antiphon import Block, Chart, EffectState, Figure, LedgerEntry, ReportContext, Section, Series, Table
from antiphon_reporting.periods import before
from antiphon_reporting.words import Words

_ALWAYS = (EffectState.DONE, EffectState.REJECTED)
"""States that have a figure even at zero, since zero is what one wants to know."""


class Answered(Section):
    """What was answered in the period: effects by action and state, and the newest of them with their links.

    {section: answered}
    """

    name = "answered"

    class Options(antiphon.Options):
        """How much is listed."""

        rows: int = Field(default=12, ge=0, le=500, description="How many of the newest effects are listed.")

    def build(self, options: Options, ctx: ReportContext) -> Block:
        """Effects by the moment at which they were planned."""
        words = Words(ctx.language, "answered")
        ledger = ctx.store.ledger
        counts = ledger.count(since=ctx.since, until=ctx.until)
        if not counts:
            return Block(heading=words["heading"], summary=words["none"])
        since, until = before(ctx)
        earlier = Counter[EffectState]()
        for (_, state), count in ledger.count(since=since, until=until).items():
            earlier[state] += count
        states, actions = Counter[EffectState](), Counter[str]()
        for (action, state), count in counts.items():
            states[state] += count
            actions[action] += count
        newest = ledger.list(since=ctx.since, until=ctx.until, limit=options.rows) if options.rows else ()
        ranked = [action for action, _ in actions.most_common(12)]
        present = [state for state in EffectState if states[state]]
        return Block(
            heading=words["heading"],
            summary=words.counted(states.total(), done=words.number(states[EffectState.DONE])),
            figures=tuple(
                Figure(
                    label=words.name("states", state).capitalize(),
                    value=states[state],
                    before=earlier[state] if earlier else None,
                )
                for state in EffectState
                if states[state] or state in _ALWAYS
            ),
            charts=(
                Chart(
                    title=words["by_action"],
                    labels=tuple(ranked),
                    series=tuple(
                        Series(
                            name=words.name("states", state),
                            values=tuple(counts.get((action, state)) for action in ranked),
                        )
                        for state in present
                    ),
                ),
            ),
            tables=(_newest(newest, words),) if newest else (),
        )


def _newest(entries: Sequence[LedgerEntry], words: Words) -> Table:
    return Table(
        title=words["newest"],
        headings=(words["when"], words["what"], words["state"], words["link"]),
        rows=tuple(_row(entry, words) for entry in entries),
    )


def _row(entry: LedgerEntry, words: Words) -> tuple[str | None, ...]:
    at = entry.settled_at or entry.planned_at
    url = entry.receipt.url if entry.receipt else ""
    return at.isoformat(), entry.effect.summary, words.name("states", entry.state), url or None

"""What the workflows did, and why they did not."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

from pydantic import Field

import antiphon
from antiphon import Block, Chart, Figure, ReportContext, RunState, Section, Series, Table
from antiphon_reporting.periods import before
from antiphon_reporting.words import Words

# A quotation that a verdict had to cut short ends in an ellipsis, without its closing quotation mark.
_QUOTED = re.compile(r"“[^”]*?(?:”|…(?=\)))|'[^']{16,}'|\"[^\"]{16,}\"")
_FOUND = re.compile(r" \((?:[^()]|\([^()]*\))*\)")
_READ = 10_000
_EXPLAINED = (RunState.DECLINED, RunState.FAILED)


class Runs(Section):
    """How often each workflow ran and how it ended, with the most frequent reasons for not going on.

    {section: runs}
    """

    name = "runs"

    class Options(antiphon.Options):
        """How much is listed."""

        reasons: int = Field(default=8, ge=0, le=100, description="How many of the most frequent reasons are listed.")

    def build(self, options: Options, ctx: ReportContext) -> Block:
        """Runs by the moment at which they were created."""
        words = Words(ctx.language, "workflows")
        counts = ctx.store.runs.count(since=ctx.since, until=ctx.until)
        if not counts:
            return Block(heading=words["heading"], summary=words["none"])
        since, until = before(ctx)
        earlier = Counter[RunState]()
        for (_, state), count in ctx.store.runs.count(since=since, until=until).items():
            earlier[state] += count
        states, workflows = Counter[RunState](), Counter[str]()
        for (workflow, state), count in counts.items():
            states[state] += count
            workflows[workflow] += count
        ranked = [workflow for workflow, _ in workflows.most_common(12)]
        present = [state for state in RunState if states[state]]
        return Block(
            heading=words["heading"],
            summary=words.counted(states.total(), workflows=len(workflows), workflow=ranked[0]),
            figures=tuple(
                Figure(
                    label=words.name("states", state).capitalize(),
                    value=states[state],
                    before=earlier[state] if earlier else None,
                )
                for state in present
            ),
            charts=(
                Chart(
                    title=words["by_workflow"],
                    labels=tuple(ranked),
                    series=tuple(
                        Series(
                            name=words.name("states", state),
                            values=tuple(counts.get((workflow, state)) for workflow in ranked),
                        )
                        for state in present
                    ),
                ),
            ),
            tables=tuple(_reasons(options.reasons, ctx, words)),
        )


def shape(because: str) -> str:
    """A reason without the values that make each one different: what is in brackets, and long quotations."""
    return " ".join(_FOUND.sub("", _QUOTED.sub("“…”", because)).split())


def _reasons(limit: int, ctx: ReportContext, words: Words) -> list[Table]:
    ended = chain.from_iterable(ctx.store.runs.list(state=state, since=ctx.since, limit=_READ) for state in _EXPLAINED)
    reasons = Counter((run.workflow, run.state, shape(run.because)) for run in ended if run.created_at < ctx.until)
    rows = tuple(
        (workflow, words.name("states", state), because or None, count)
        for (workflow, state, because), count in reasons.most_common(limit)
    )
    headings = (words["workflow"], words["state"], words["why"], words["runs"])
    return [Table(title=words["reasons"], headings=headings, rows=rows)] if rows else []

"""What an activation came to, or would come to, for a person to read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from antiphon.cli import planning
from antiphon.cli.printing import counted, line, safe, sheet, state
from antiphon.model.effect import EffectState
from antiphon.model.run import RunState, StepState

if TYPE_CHECKING:
    from antiphon.cli.wakes import Offered
    from antiphon.model.activation import Activation
    from antiphon.model.effect import LedgerEntry
    from antiphon.model.plan import Plan
    from antiphon.model.program import Program
    from antiphon.model.run import Run

_SHOWN = 5
"""How many effects of a kind are shown, unless all of them are asked for."""

_LONGEST = 200
"""Characters of a summary."""

IN_DOUBT = {
    "native": "it may be repeated: the same key is taken once",
    "lookup": "it is looked up at the network first",
    "none": "nobody can look it up: a person decides",
}
"""What becomes of an effect whose answer was lost, by what the connector declares."""


def shown(
    program: Program,
    activation: Activation,
    offered: Sequence[Offered] = (),
    *,
    full: bool = False,
    plan: Plan | None = None,
) -> Iterator[RenderableType]:
    """The head, who called, how the runs ended and why, and every effect; of a plan, what it says of each as well."""
    mode = "live" if activation.live else "plan: nothing was sent"
    yield Text.assemble((program.id, "bold"), f"  {safe(program.name)}  ", (program.fingerprint, "dim"), f"   {mode}")
    rows: list[tuple[str, Any]] = [("called by", _callers(offered))] if offered else []
    rows.append(("runs", _runs(activation.runs)))
    for group in _groups(activation.entries):
        rows += _effects(group, activation.live, full, plan)
    if not activation.entries:
        rows.append(("effects", "none"))
    if later := _later(activation.runs):
        rows.append(("known later", later))
    yield sheet(rows)
    yield Text()
    yield Text(summary(activation), style="bold")


def summary(activation: Activation) -> str:
    """One sentence that says how much there is, and whether it has happened."""
    states = activation.effects
    told = [f"{count:,} {name}" for name, count in states.items()]
    if activation.live:
        return f"{counted(len(activation.runs), 'run')}; effects: {', '.join(told) or 'none'}."
    already = sum(count for name, count in states.items() if name is not EffectState.PLANNED)
    would = f"{counted(states.get(EffectState.PLANNED, 0), 'effect')} would be performed"
    return would + (f", {already:,} stand in the ledger already." if already else ".")


def _callers(offered: Sequence[Offered]) -> Text:
    woken = sum(bool(one.trigger) for one in offered)
    head = f"{woken:,} of {counted(len(offered), 'event')}"
    refusals = Counter(line(one.because, _LONGEST) for one in offered if not one.trigger)
    return Text("\n").join([Text(head), *_tally(refusals, "not woken")])


def _runs(runs: Sequence[Run]) -> Text:
    states = Counter(run.state for run in runs)
    told = Text(", ").join(Text.assemble(f"{count:,} ", state(name)) for name, count in states.items())
    lines = [told if runs else Text("none")]
    for name in (RunState.DECLINED, RunState.STOPPED, RunState.QUEUED, RunState.HELD, RunState.FAILED):
        lines += _tally(Counter(line(run.because, _LONGEST) for run in runs if run.state is name), str(name))
    return Text("\n").join(lines)


def _tally(reasons: Counter[str], word: str) -> list[Text]:
    told = [Text.assemble((f"{count:,} × {word}: ", "dim"), reason) for reason, count in reasons.most_common(_SHOWN)]
    if len(reasons) > _SHOWN:
        told.append(Text(f"and {len(reasons) - _SHOWN:,} more reasons", style="dim"))
    return told


def _groups(entries: Sequence[LedgerEntry]) -> list[list[LedgerEntry]]:
    groups: dict[tuple[str, str, str], list[LedgerEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.effect.action, entry.effect.connection, entry.state), []).append(entry)
    return list(groups.values())


def _effects(
    group: list[LedgerEntry], live: bool, full: bool, plan: Plan | None
) -> Iterator[tuple[str, RenderableType]]:
    effect = group[0].effect
    told = planning.by_key(plan)
    via = f" via {effect.connection}" if effect.connection else ""
    yield "effects", Text.assemble((f"{len(group):,} × {safe(effect.action + via)}   ", "bold"), state(group[0].state))
    for entry in group if full else group[:_SHOWN]:
        yield "", _one(entry)
        if plan and entry.effect.key in told:
            yield from planning.remarks(plan, told[entry.effect.key])
        if full:
            yield "", content(entry)
    if not full and len(group) > _SHOWN:
        yield "", Text(f"and {len(group) - _SHOWN:,} more; --full shows all", style="dim")
    if not live:
        yield "undo", Text("possible" if effect.reversible else "not possible", style="dim")
        yield "in doubt", Text(IN_DOUBT[effect.idempotency], style="dim")
        if plan:
            yield from planning.price(plan, group)


def _one(entry: LedgerEntry) -> Text:
    told = Text(line(entry.effect.summary, _LONGEST))
    if entry.receipt and entry.receipt.url:
        told.append(f"\n{line(entry.receipt.url)}", style="dim")
    if entry.reason:
        told.append(f"\n{line(entry.reason, _LONGEST)}", style="yellow")
    return told


def content(entry: LedgerEntry) -> Text:
    """The key and the exact content of an effect. Secrets stand in it as marks."""
    payload = json.dumps(entry.effect.payload, ensure_ascii=False, indent=2)
    return Text.assemble((safe(entry.effect.key), "bold"), "\n", safe(payload))


def _later(runs: Sequence[Run]) -> Text:
    """What a plan cannot know before an earlier step is really done."""
    waiting = Counter(
        f"{step.path} ({step.kind}): {step.because}"
        for run in runs
        for step in run.steps
        if step.state is StepState.PLANNED and not step.effect
    )
    return Text("\n").join(Text(f"{count:,} × {line(told, _LONGEST)}") for told, count in waiting.most_common(20))

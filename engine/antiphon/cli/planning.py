"""What a plan says of its effects beside their content: when, how sure, at what price, and what policy says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.text import Text

from antiphon.cli.printing import line, moment

if TYPE_CHECKING:
    from antiphon.model.effect import LedgerEntry
    from antiphon.model.plan import Plan, PlannedEffect

_LONGEST = 200


def by_key(plan: Plan | None) -> Mapping[str, PlannedEffect]:
    """The effects of a plan by their keys."""
    return {one.effect.key: one for one in plan.effects} if plan else {}


def remarks(plan: Plan, one: PlannedEffect) -> Iterator[tuple[str, Text]]:
    """What is to be known of one effect before it is allowed to happen."""
    if one.effect.recipients:
        yield "", Text(f"to {line(', '.join(one.effect.recipients), _LONGEST)}", style="dim")
    if one.at > plan.planned_at:
        yield "", Text(f"not before {moment(one.at, ZoneInfo('UTC'))} UTC", style="dim")
    if one.known_after:
        yield "", Text(f"known only after {', '.join(one.known_after)}", style="yellow")
    for ruling in one.objections:
        if str(ruling) not in one.entry.reason:
            yield "", Text(f"{ruling.verdict} by policy, {line(ruling, _LONGEST)}", style="yellow")


def price(plan: Plan, group: Sequence[LedgerEntry]) -> Iterator[tuple[str, Text]]:
    """What the effects of one account cost, where that is known, and what the network last said of its limits."""
    if cost := sum(entry.effect.cost for entry in group):
        yield "cost", Text(f"{cost:,.2f}", style="dim")
    if quota := plan.quotas.get(group[0].effect.connection):
        left, most = quota.get("remaining", ""), quota.get("limit", "")
        yield "quota", Text(f"{left} of {most} were left at the last receipt", style="dim")


def saved(plan: Plan) -> Text:
    """How to go on with a plan that was kept."""
    return Text.assemble("saved as ", (plan.id, "bold"), f"; `antiphon apply {plan.id}` performs exactly this")


def as_document(plan: Plan, *, kept: bool) -> dict[str, Any]:
    """A plan for a machine, but for the runs and the content of its effects. What was not kept has no id."""
    policy = Counter(str(ruling.verdict) for one in plan.effects for ruling in one.objections)
    return {
        "id": plan.id if kept else None,
        "fingerprint": plan.fingerprint if kept else None,
        "programs": plan.programs,
        "policy": dict(policy),
        "effects": [
            {
                "key": one.effect.key,
                "at": one.at.isoformat(),
                "known_after": list(one.known_after),
                "rulings": [ruling.model_dump(mode="json") for ruling in one.rulings],
            }
            for one in plan.effects
        ],
    }

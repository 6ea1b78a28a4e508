"""Verdicts: what a count comes to, and which of several rulings is obeyed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from antiphon.model.effect import Effect
from antiphon.model.policy import is_of
from antiphon.model.ruling import Limit, Ruling, Usage, Way

SHORTLY = timedelta(minutes=1)
"""When to ask again for what somebody else has, or may take, first."""

_SEVERITY = list(Way)


def is_asked(effect: Effect) -> bool:
    """Whether policy is asked about an effect at all."""
    return effect.outward and not effect.undoes


def worst_of(rulings: Sequence[Ruling]) -> Way | None:
    """What the strictest of them wants; None when there are none."""
    return max((one.verdict for one in rulings), key=_SEVERITY.index, default=None)


def until_of(rulings: Sequence[Ruling]) -> datetime | None:
    """When all who hold let it go; None when one of them names no time."""
    times = [one.until for one in rulings if one.verdict is Way.HOLD]
    return None if None in times else max(time for time in times if time is not None)


def counted(limit: Limit, usage: Usage, now: datetime) -> Ruling:
    """What a limit says, of which so much is used."""
    kept = f", {usage.waiting} kept for a higher priority" if usage.waiting else ""
    because = f"{usage.used:g} of {limit.told}{kept}"
    if usage.leaves_room(limit):
        return Ruling(rule=limit.rule, verdict=Way.PASS, because=because)
    if limit.otherwise == "skip":
        return Ruling(rule=limit.rule, verdict=Way.SKIP, because=because)
    only_kept = usage.waiting and Usage(usage.used).leaves_room(limit)
    until = now + SHORTLY if only_kept else usage.until(limit)
    return Ruling(rule=limit.rule, verdict=Way.HOLD, because=because, until=until)


def counts(limit: Limit, effect: Effect) -> bool:
    """Whether an effect of a plan would count: what the store asks of its rows."""
    of = {name: getattr(limit, name) for name in ("connection", "group", "workflow", "run")}
    return (
        is_asked(effect)
        and all(value in ("", getattr(effect, name)) for name, value in of.items())
        and is_of(effect.action, limit.channel)
        and (not limit.person or limit.person in effect.persons)
    )

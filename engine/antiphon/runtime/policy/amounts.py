"""Amounts: how much one run or one day may do, and the blast radius: far more than usual is taken for a mistake.

The usual number of a workflow is the median of its last 20 runs that sent something, and of its last 20 days on which
it did, among those of the last 28 days; before there are three, nothing is usual. A run, or a day, that would exceed
`blast_radius` times that number (and ten effects in any case) puts the brake on the workflow. What was sent before the
brake was last lifted does not count again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import floor
from statistics import median

from antiphon.model.effect import Effect
from antiphon.model.ruling import Limit
from antiphon.runtime.policy.asking import EVER, INSTANT, Asking
from antiphon.runtime.policy.calendar import around

BLAST = "blast radius"
REMEMBERED = timedelta(days=28)
"""How far back the usual number is looked for."""

_LAST = 20
_FEWEST = 3
_HARMLESS = 10
"""So many effects are never taken for a blast."""


def limits(effect: Effect, asking: Asking) -> Iterator[Limit]:
    """The tighter of what the workspace and the workflow say, for the run; for the day, both."""
    settings, own = asking.settings, effect.terms.limits
    begin, end = around(asking.now, "day", asking.timezone)
    if most := _tighter(settings.effects_per_run, own.effects_per_run):
        told = f"{most} effects per run"
        yield Limit(rule="effects per run", told=told, max=most, since=EVER, run=effect.run)
    if settings.effects_per_day:
        told = f"{settings.effects_per_day} effects per day of the workspace"
        yield Limit(rule="effects per day", told=told, max=settings.effects_per_day, since=begin - INSTANT, ends=end)
    if own.effects_per_day:
        told = f"{own.effects_per_day} effects per day of {effect.workflow}"
        yield Limit(
            rule="effects per day",
            told=told,
            max=own.effects_per_day,
            since=begin - INSTANT,
            ends=end,
            workflow=effect.workflow,
        )
    if factor := _tighter(settings.blast_radius, own.blast_radius):
        yield from _blast(effect, asking, factor, begin)


def _blast(effect: Effect, asking: Asking, factor: float, day: datetime) -> Iterator[Limit]:
    lifted = asking.store.brakes.lifted(f"workflow:{effect.workflow}") or EVER
    paced = asking.pace(effect.workflow)
    runs = usual(one.run for one in paced if one.run != effect.run)
    days = usual(one.at.astimezone(asking.timezone).date() for one in paced if one.at < day)
    if runs is not None:
        yield Limit(
            rule=BLAST,
            told=f"{factor:g} × the usual {runs:g} of a run of {effect.workflow}",
            max=max(floor(factor * runs), _HARMLESS),
            since=lifted,
            otherwise="brake",
            run=effect.run,
        )
    if days is not None:
        yield Limit(
            rule=BLAST,
            told=f"{factor:g} × the usual {days:g} of a day of {effect.workflow}",
            max=max(floor(factor * days), _HARMLESS),
            since=max(day - INSTANT, lifted),
            otherwise="brake",
            workflow=effect.workflow,
        )


def usual(found: Iterable[object]) -> float | None:
    """The median of how often each of the last 20 comes, the newest first; None when there are fewer than three."""
    counts = list(Counter(found).values())[:_LAST]  # a Counter keeps the order in which they came
    return float(median(counts)) if len(counts) >= _FEWEST else None


def _tighter(*numbers: float | None) -> float | None:
    return min((number for number in numbers if number is not None), default=None)

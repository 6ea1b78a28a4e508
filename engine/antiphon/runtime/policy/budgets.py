"""Budgets: how much is done, and spent, in a period of the workspace's calendar."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.model.effect import Effect
from antiphon.model.ruling import Limit
from antiphon.runtime.policy.asking import INSTANT, Asking
from antiphon.runtime.policy.calendar import around

NAME = "budget"


def limits(effect: Effect, asking: Asking) -> Iterator[Limit]:
    """A quota and a sum of money are two limits. A price that is told only by the receipt counts from then on."""
    for budget in asking.settings.budgets:
        if not budget.concerns(effect.action, effect.connection):
            continue
        begin, end = around(asking.now, budget.per, asking.timezone)
        whose = budget.connection or budget.channel or "the workspace"
        if budget.effects is not None:
            yield Limit(
                rule=NAME,
                told=f"{budget.effects} effects per {budget.per} of {whose}",
                max=budget.effects,
                since=begin - INSTANT,
                ends=end,
                otherwise=budget.otherwise,
                connection=budget.connection,
                channel=budget.channel,
            )
        if budget.cost is not None:
            yield Limit(
                rule=NAME,
                told=f"{budget.cost:.2f} per {budget.per} of {whose}",
                max=budget.cost,
                since=begin - INSTANT,
                ends=end,
                otherwise=budget.otherwise,
                counts="cost",
                amount=effect.cost,
                connection=budget.connection,
                channel=budget.channel,
            )

"""Blackouts: days on which nothing goes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from antiphon.model.effect import Effect
from antiphon.model.ruling import Ruling, Way
from antiphon.runtime.policy.asking import Asking
from antiphon.runtime.policy.calendar import midnight


def rulings(effect: Effect, asking: Asking) -> Iterator[Ruling]:
    """One for each blackout that today belongs to, by the workspace's calendar."""
    today = asking.now.astimezone(asking.timezone).date()
    for blackout in asking.settings.blackouts:
        if blackout.since <= today <= blackout.last and blackout.concerns(effect.action, effect.connection):
            days = str(blackout.since) if blackout.since == blackout.last else f"{blackout.since} to {blackout.last}"
            because = f"nothing goes out on {days}" + (f": {blackout.because}" if blackout.because else "")
            if blackout.otherwise == "skip":
                yield Ruling(rule="blackout", verdict=Way.SKIP, because=because)
            else:
                until = midnight(blackout.last + timedelta(days=1), asking.timezone)
                yield Ruling(rule="blackout", verdict=Way.HOLD, because=because, until=until)

"""The brake: nothing outward goes out of a scope in which one stands."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.model.effect import Effect
from antiphon.model.ruling import Ruling, Way
from antiphon.runtime.policy.asking import Asking

NAME = "brake"


def scopes(effect: Effect) -> tuple[str, ...]:
    """The scopes in which an effect stands."""
    account = (f"account:{effect.connection}",) if effect.connection else ()
    return ("workspace", *account, f"workflow:{effect.workflow}")


def rulings(effect: Effect, asking: Asking) -> Iterator[Ruling]:
    """One for each brake: without a time when somebody must lift it."""
    for brake in asking.store.brakes.standing(scopes(effect)):
        told = f": {brake.reason}" if brake.reason else ""
        yield Ruling(rule=NAME, verdict=Way.HOLD, because=f"the brake of {brake.scope} is on{told}", until=brake.until)

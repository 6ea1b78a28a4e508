"""The action that pulls the brake: a workflow may stop everything outward by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from antiphon.components.action import Action
from antiphon.components.component import Options
from antiphon.components.context import PerformContext, ReadContext
from antiphon.errors import GiveUp
from antiphon.model.duration import Duration, format_duration, parse_duration
from antiphon.model.effect import Done, Effect, Outcome, Receipt
from antiphon.model.ruling import Brake

LONGEST = timedelta(days=366)
"""How long a brake of a workflow may stand before it is lifted by itself."""

_SHOWN = 120


class BrakeOptions(Options):
    """What is held, why, and for how long."""

    scope: str = Field(
        "workspace",
        pattern=r"^(workspace|account:\S+|workflow:\S+)$",
        description="`workspace`, `account:NAME` or `workflow:ID`.",
    )
    reason: str = Field(min_length=1, description="Why; it is shown wherever something is held by it.")
    until: Duration | None = Field(None, description="For how long; until a person lifts it when left out.")


class PutBrake(Action):
    """Puts the brake on: everything outward in its scope is held.

        - use: workspace.brake
          with: {scope: workspace, reason: "A storm: ${{ event.text }}", until: 12h}

    It holds nothing back itself, and never loosens a brake that stands already: one that lasts as long stays as it is.
    An undo lifts the brake that it has put on, and no other.
    """

    name = "workspace.brake"
    Options = BrakeOptions
    outward = False

    def plan(self, options: BrakeOptions, ctx: ReadContext) -> Effect:
        """The brake as it would be put on. Raises GiveUp when it would stand for no time, or for more than a year."""
        length = options.until
        if length is not None and not timedelta(0) < length <= LONGEST:
            raise GiveUp(f"A brake cannot stand for {format_duration(length)}.", hint="Write such as until: 12h.")
        written = format_duration(length) if length else ""
        end = f" for {written}" if written else ""
        payload = {"scope": options.scope, "reason": options.reason, "until": written}
        reason = " ".join(options.reason.split())[:_SHOWN]
        summary = f"Put the brake on {options.scope}{end}: {reason}"
        effect = ctx.effect(self.name, summary, payload, reversible=True)
        return effect.model_copy(update={"idempotency": "native"})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Put it on, or lift it when the effect takes one back."""
        if "lift" in effect.payload:
            return _lift(effect, ctx)
        if (earlier := ctx.brakes.put_by(_hand(effect.key))) is not None:
            return _done(earlier, ctx, put=True)
        scope, written = effect.payload["scope"], effect.payload["until"]
        until = ctx.clock.now() + parse_duration(written) if written else None
        standing = next(iter(ctx.brakes.standing([scope])), None)
        if standing is not None and _lasts(standing, until):
            return _done(standing, ctx, put=False)
        brake = ctx.brakes.put(scope, effect.payload["reason"], by=_hand(effect.key), until=until)
        return _done(brake, ctx, put=True, instead=standing is not None)

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Whether it was put on, be it lifted since, or whether the one that is taken back stands no more."""
        earlier = ctx.brakes.put_by(_hand(effect.payload.get("lift", effect.key)))
        if "lift" in effect.payload:
            return _done(earlier, ctx, put=False) if earlier and earlier.lifted_at else None
        return _done(earlier, ctx, put=True) if earlier else None

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """The effect that lifts it. Raises GiveUp when another one stood before, which nobody wants to lose."""
        if "lift" in effect.payload:
            return None
        scope = effect.payload["scope"]
        if not receipt.data.get("put"):
            raise GiveUp(f"It has put no brake on: one of {scope} stood already.")
        if receipt.data.get("instead"):
            raise GiveUp(
                f"It stands in the place of an earlier brake of {scope}.",
                hint=f"A person decides: `antiphon brake off --scope {scope}`.",
            )
        return ctx.effect(self.name, f"Lift the brake of {scope}", {"scope": scope, "lift": effect.key})


def _lift(effect: Effect, ctx: PerformContext) -> Outcome:
    # One that a person has put in its place is not ours: ours counts as lifted since then.
    ours = ctx.brakes.put_by(_hand(effect.payload["lift"]))
    if ours is None or ours.lifted_at is not None:
        return _done(ours, ctx, put=False)
    return _done(ctx.brakes.lift(ours.scope, by=_hand(effect.key)) or ours, ctx, put=False)


def _hand(key: str) -> str:
    """Who puts it on: the effect, so that it is found again and shown by `antiphon effects show`."""
    return f"effect:{key}"


def _lasts(brake: Brake, until: datetime | None) -> bool:
    return brake.until is None or (until is not None and brake.until >= until)


def _done(brake: Brake | None, ctx: PerformContext, **told: bool) -> Done:
    stands = {"scope": brake.scope, "until": brake.until.isoformat() if brake.until else ""} if brake else {}
    data: dict[str, Any] = {**stands, **told}
    return Done(Receipt(at=ctx.clock.now(), data=data))

"""Withdrawing what was laid before a person, as long as that person has not begun."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

import antiphon
from antiphon import Action, Done, Effect, Outcome, PerformContext, ReadContext, Receipt, Record, Rejected, payload_hash

WITHDRAWN = "withdrawn"


class Withdraw(Action):
    """Withdraw a ticket or a draft that is still open; it stays to be read, and waits for nobody any more.

    use: inbox.withdraw
    with: {of: inbox.ticket, key: "complaints/ticket/-/mention-1"}
    """

    name = "inbox.withdraw"

    class Options(antiphon.Options):
        """What is withdrawn."""

        of: Literal["inbox.ticket", "inbox.draft"] = Field(description="The action that made it.")
        key: str = Field(min_length=1, description="The key of the effect that made it, as the ledger has it.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The withdrawal as it would be done."""
        return withdrawal(ctx, options.of, options.key)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Mark it as withdrawn, unless somebody has worked on it."""
        kind, key = effect.payload["of"], effect.payload["key"]
        record = ctx.records.get(kind, key)
        if record is None:
            return Rejected(f"There is no {kind} {key}.")
        if record.data["state"] not in ("open", WITHDRAWN):
            return Rejected(f"{record.data['number']} is {record.data['state']} by now.")
        return Done(_receipt(effect, ctx.records.put(kind, key, {**record.data, "state": WITHDRAWN}, ctx.clock.now())))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Whether it is marked."""
        record = ctx.records.get(effect.payload["of"], effect.payload["key"])
        return Done(_receipt(effect, record)) if record and record.data["state"] == WITHDRAWN else None


def withdrawal(ctx: ReadContext, kind: str, key: str, number: str = "") -> Effect:
    """The effect that withdraws a ticket or a draft."""
    return ctx.effect(Withdraw.name, f"Withdraw {number or key}", {"of": kind, "key": key})


def _receipt(effect: Effect, record: Record) -> Receipt:
    number, state = record.data["number"], record.data["state"]
    return Receipt(
        remote_id=number,
        at=record.updated_at,
        payload_hash=payload_hash(effect.payload),
        data={"number": number, "state": state},
    )

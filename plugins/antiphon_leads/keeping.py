"""Keeping somebody who engaged as a lead: under a stated basis, or not at all."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Done,
    Effect,
    GiveUp,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    email_of,
    one_line,
    payload_hash,
)
from antiphon_leads.book import LEAD, Book

Basis = Literal["consent", "contract", "legitimate_interest"]
"""What may be the ground for keeping somebody: those of Article 6(1) (a), (b) and (f) of Regulation (EU) 2016/679."""


BASES = get_args(Basis)


class Keep(Action):
    """Keep somebody who engaged as a lead, under a stated basis.

    use: lead.keep
    with:
      person: ${{ event.author }}
      basis: legitimate_interest
      because: Asked in public about our coffee
      source: ${{ event.url }}
      owner: nina
    """

    name = "lead.keep"
    outward = False

    class Options(antiphon.Options):
        """Who is kept, why that is allowed, and where they were met."""

        person: dict[str, Any] = Field(description="Who: `id`, and `handle`, `name` and `url` where they are known.")
        basis: Basis = Field(description="What allows to keep them.")
        because: str = Field(max_length=500, description="Why that is so, in words that they could be told.")
        source: str = Field(default="", description="Where they engaged: the address of the post.")
        signal: str = Field(default="", description="What they did; else the type of the event.")
        email: str = Field(default="", description="Their e-mail address.")
        email_verified: bool = Field(default=False, description="Whether they have shown that the address is theirs.")
        owner: str = Field(default="", description="Who of the team looks after them.")
        facts: dict[str, Any] = Field(default={}, description="What is known of them, for the score's `fit`.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The lead as it would be kept."""
        lead = one_line(options.person.get("id"))
        if not lead:
            raise GiveUp("The lead is nobody: `person` has no id.", hint="Write `person: ${{ event.author }}`.")
        if not (because := one_line(options.because)):
            raise GiveUp(f"Nothing says why {lead} may be kept.", hint="Give `because` some words.")
        if options.email and not email_of(options.email):
            raise GiveUp(f"The address of {lead} is not an e-mail address.", hint="Leave `email` out, or correct it.")
        event = ctx.events.get(ctx.here.event) if ctx.here.event else None
        at = event.at if event else ctx.clock.now()
        signal = options.signal or (event.type if event else "")
        done = {"type": one_line(signal), "at": at.isoformat(), "post": one_line(options.source)}
        said = {
            "network": lead.partition(":")[0] if ":" in lead else "",
            **{name: one_line(options.person.get(name)) for name in ("handle", "name", "url")},
            "email": email_of(options.email),
            "email_verified": options.email_verified,
            "owner": one_line(options.owner),
            "basis": {"basis": options.basis, "because": because, "source": one_line(options.source)},
            "facts": options.facts,
            "signals": {ctx.here.event or ctx.here.run: done} if signal else {},
        }
        told = said["handle"] or lead
        return ctx.effect(self.name, f"Keep {told} as a lead: {because}", {"lead": lead, "said": said})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Keep them; what was kept before stays, and the same signal counts once."""
        lead, said = effect.payload["lead"], effect.payload["said"]
        book = Book(ctx.records)
        book.keep(lead, said, ctx.clock.now())
        return Done(_receipt(effect, book, ctx))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To keep somebody again changes nothing, so what is in doubt is done again."""
        return None


def _receipt(effect: Effect, book: Book, ctx: PerformContext) -> Receipt:
    lead = effect.payload["lead"]
    record = ctx.records.get(LEAD, lead)
    at = record.updated_at if record else ctx.clock.now()
    first = {"lead": lead, "first": book.first(lead)}
    return Receipt(remote_id=lead, at=at, payload_hash=payload_hash(effect.payload), data=first)

"""Writing a contact into a CRM: only who may be kept, only what is new, and twice comes to once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field

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
    Skip,
    email_of,
    payload_hash,
)
from antiphon_crm.contacts import KeepsContacts, Wins, WritesContacts, as_text, settled

GROUNDS = ("consent", "contract", "legitimate_interest")
"""What may be the ground for keeping somebody: those of Article 6(1) (a), (b) and (f) of Regulation (EU) 2016/679."""


class Push(Action):
    """Write somebody into a CRM as a contact, under a stated basis.

    use: crm.push
    with:
      connection: customers
      email: ${{ event.email }}
      basis: {basis: consent, because: Asked for a call on our form}
      fields:
        firstname: ${{ event.name }}
        hs_lead_status: NEW
      wins: newest
      but: {phone: crm}
    """

    name = "crm.push"

    class Options(antiphon.Options):
        """Who is written, why that is allowed, what is said of them, and who is right where the CRM says otherwise."""

        connection: str = Field(description="The connection to the CRM.")
        email: str = Field(description="Their e-mail address: by it they are known there.")
        basis: dict[str, Any] | list[dict[str, Any]] = Field(
            description="What allows to keep them: `basis` and `because`, such as the `bases` that `lead.read` gives."
        )
        fields: dict[str, Any] = Field(
            description="What is said of them: the CRM's name of each property, and its value."
        )
        wins: Wins = Field("newest", description="Who is right about a property: newest, crm or ours.")
        but: dict[str, Wins] = Field({}, description="Who is right about some properties, where it is somebody else.")
        at: AwareDatetime | None = Field(None, description="Since when we know it; now when left out.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The contact as it would be written. Skipped when the CRM has all of it, or is right about the rest.

        Raises GiveUp when the address is none, or nothing allows to keep them.
        """
        if not (email := email_of(options.email)):
            raise GiveUp("The contact has no e-mail address.", hint="Give `email` one, such as ana@example.org.")
        if not (grounds := _grounds(options.basis)):
            told = f"Nothing allows to keep {email} in the CRM."
            raise GiveUp(told, hint=f"`basis` needs {', '.join(GROUNDS)}, and `because` in words.")
        if "email" in options.fields:
            raise GiveUp("`fields` says the address once more.", hint="Take it out: `email` says it.")
        ours = {name: as_text(value) for name, value in options.fields.items()}
        wins: dict[str, Wins] = {name: options.but.get(name, options.wins) for name in ours}
        there = ctx.connections.reader(options.connection, KeepsContacts).contact(email, [*ours])
        found = settled(ours, there, wins, options.at or ctx.clock.now())
        if there is not None and not found.written:
            left = "; ".join(f"{name}: {why}" for name, why in found.left.items())
            raise Skip(f"The CRM has all of it{f', but for {left}' if left else ''}.")
        what = ", ".join(found.written) or "their address"
        payload = {"email": email, "properties": dict(found.written), "left": dict(found.left), "basis": grounds}
        return ctx.effect(
            self.name,
            f"Write {email} into {options.connection}: {what}",
            payload,
            connection=options.connection,
            verb="contact",
            recipients=(email,),
        )

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Write it; written again, it changes nothing."""
        said = effect.payload
        return ctx.connections.writer(effect.connection, WritesContacts).write(said["email"], said["properties"])

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Whether the contact is there with all that was to be written."""
        said = effect.payload
        reader = ctx.connections.reader(effect.connection, KeepsContacts)
        found = reader.contact(said["email"], [*said["properties"]])
        if found is None or any(found.properties.get(name) != value for name, value in said["properties"].items()):
            return None
        at = max(found.set_at.values(), default=ctx.clock.now())
        return Done(receipt(found.id, at, said))


def receipt(contact: str, at: datetime, payload: Mapping[str, Any]) -> Receipt:
    """The proof that a contact was written."""
    return Receipt(remote_id=contact, at=at, payload_hash=payload_hash(payload), data={"contact": contact})


def _grounds(said: dict[str, Any] | list[dict[str, Any]]) -> list[str]:
    told = said if isinstance(said, list) else [said]
    return [
        f"{one['basis']}: {because}"
        for one in told
        if one.get("basis") in GROUNDS and (because := antiphon.one_line(one.get("because")))
    ]

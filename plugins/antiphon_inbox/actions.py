"""Actions that lay something before a person. Both keep a record; sending is left to whoever reads it."""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

import antiphon
from antiphon import Action, Done, Effect, GiveUp, Outcome, PerformContext, ReadContext, Receipt, Record
from antiphon_inbox.withdrawing import withdrawal

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for another when read aloud (crockford.com/base32.html, 2019)."""


class Kept(Action):
    """What a ticket and a draft have in common: one record per effect, never replaced once it is there."""

    letter: ClassVar[str]
    outward = False

    @abstractmethod
    def plan(self, options: Any, ctx: ReadContext) -> Effect:
        """The record as it would be kept."""

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Keep the record, unless it is there: a person may have worked on it since."""
        record = ctx.records.get(self.name, effect.key) or ctx.records.put(
            self.name,
            effect.key,
            {
                **effect.payload,
                "number": number(self.letter, effect.key),
                "state": "open",
                "workflow": effect.workflow,
                "run": effect.run,
                "event": effect.event,
                "subject": effect.subject,
            },
            ctx.clock.now(),
        )
        return Done(_receipt(effect, record))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Whether the record is there."""
        record = ctx.records.get(self.name, effect.key)
        return Done(_receipt(effect, record)) if record else None

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Withdraws it, as long as nobody has worked on it."""
        record = ctx.records.get(self.name, effect.key)
        if record is None:
            return None
        if record.data["state"] != "open":
            raise GiveUp(f"{record.data['number']} is {record.data['state']} by now.")
        return withdrawal(ctx, self.name, effect.key, record.data["number"])


class Ticket(Kept):
    """Open a ticket: something that a person of the team must look after.

    use: inbox.ticket
    with:
      title: "Complaint by ${{ event.author.handle }}"
      text: ${{ event.text }}
      url: ${{ event.url }}
      person: ${{ event.author.handle }}
      priority: high
      labels: [complaint]
    """

    name = "inbox.ticket"
    letter = "T"

    class Options(antiphon.Options):
        """What the ticket says."""

        title: str = Field(min_length=1, max_length=200, description="One line that tells what it is about.")
        text: str = Field(default="", description="What was said, or what is to be done.")
        url: str = Field(default="", description="Where it can be seen.")
        person: str = Field(default="", description="Whom it is about: a handle or a name.")
        priority: Literal["low", "normal", "high", "urgent"] = Field(
            default="normal", description="How soon somebody must look at it."
        )
        labels: list[str] = Field(default=[], max_length=20, description="Words to find it by.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The ticket as it would be opened."""
        title = " ".join(options.title.split())
        if not title:
            raise GiveUp("The ticket has no title.", hint="Give `title` some words.")
        said = {**options.model_dump(mode="json"), "title": title}
        return ctx.effect(self.name, f"Open a ticket: {title}", said, reversible=True)


class Draft(Kept):
    """Draft a reply that a person reads, changes and sends.

    use: inbox.draft
    with:
      to: ${{ event.url }}
      text: ${{ steps.reply.text }}
      connection: brand
      language: ${{ steps.reply.language }}
      ticket: ${{ steps.ticket.number }}
    """

    name = "inbox.draft"
    letter = "D"

    class Options(antiphon.Options):
        """What the reply says, and where it would go."""

        to: str = Field(min_length=1, description="What is replied to: the address of a post, or its id.")
        text: str = Field(min_length=1, max_length=10_000, description="The reply as it is proposed.")
        connection: str = Field(default="", description="The account that would send it.")
        language: str = Field(default="", description="The language of the text, such as `fr`.")
        ticket: str = Field(default="", description="The number of the ticket it belongs to.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The draft as it would be kept."""
        words = " ".join(options.text.split())
        if not words:
            raise GiveUp("The draft has no text.", hint="Give `text` some words.")
        # The connection is part of what the draft says; nothing is sent through it here.
        shown = words if len(words) <= 80 else words[:79] + "…"
        return ctx.effect(self.name, f"Draft a reply: {shown}", options.model_dump(mode="json"), reversible=True)


def number(letter: str, key: str) -> str:
    """A short number to say aloud, such as `T-7K3M-9QXB`: 40 bits of the SHA-256 of the effect's key."""
    bits = int.from_bytes(hashlib.sha256(key.encode()).digest()[:5], "big")
    digits = "".join(_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letter}-{digits[:4]}-{digits[4:]}"


def _receipt(effect: Effect, record: Record) -> Receipt:
    said: Mapping[str, Any] = record.data
    content = json.dumps(effect.payload, sort_keys=True, ensure_ascii=False)
    return Receipt(
        remote_id=said["number"],
        at=record.created_at,
        payload_hash=hashlib.sha256(content.encode()).hexdigest(),
        data={"number": said["number"], "state": said["state"]},
    )

"""Moving a creator along the pipeline, and recording what is agreed with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Done,
    Effect,
    Event,
    GiveUp,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Skip,
    id_of,
    one_line,
    payload_hash,
)
from antiphon_outreach import duties
from antiphon_outreach.book import Book, Data
from antiphon_outreach.stages import Stage, moved, refusal
from antiphon_outreach.turns import found, named, turn

MOVED, AGREED = "creator.moved", "creator.agreed"

TOUCH = timedelta(days=90)
"""For how long nobody else writes to somebody whom a person has written to by hand."""


class Move(Action):
    """Move a creator along the pipeline, and keep who did it, when and why.

    use: creators.move
    with: {creator: "${{ event.author.handle }}", to: talks, because: Has answered}

    A workflow moves forwards, or out by `declined` and `do-not-contact`. Somebody who is no creator, or who is there
    already, is skipped. To `live` and `paid` nobody is moved before everything that the law asks for is recorded.
    """

    name = "creators.move"
    outward = False

    class Options(antiphon.Options):
        """Whom, and to where."""

        creator: str = Field(min_length=1, description="Their id, handle or e-mail address.")
        to: Stage = Field(description="The stage.")
        because: str = Field(default="", max_length=300, description="Why; it stays in the history.")
        effect: str = Field(
            default="", description="An act of ours that was answered: its subject is the creator, too."
        )
        post: str | dict[str, Any] = Field(default="", description="The post that has gone live, or the event of it.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The move as it would be made. Raises GiveUp, with what to do, where the law wants more first."""
        book = Book(ctx.records)
        creator = _meant(options, book, ctx)
        whole = book.whole(creator)
        if because := refusal(whole["stage"], options.to, by_hand=False):
            raise Skip(f"{named(whole)} is not moved to {options.to}: {because}.")
        if (lack := _lack(whole, options.to, ctx)) is not None:
            raise lack
        post = options.post if isinstance(options.post, str) else id_of(options.post, whole["network"], "")
        said = {"creator": creator, "to": options.to, "because": one_line(options.because), "post": one_line(post)}
        return ctx.effect(self.name, f"Move {named(whole)} from {whole['stage']} to {options.to}", said)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Move them, unless they were moved meanwhile, and announce it."""
        told, now = effect.payload, ctx.clock.now()
        book, by = Book(ctx.records), f"workflow {effect.workflow}"

        def change(known: Data) -> Data:
            if refusal(known["stage"], told["to"], by_hand=False):
                return known
            posts = [*known["posts"], told["post"]] if told["post"] else known["posts"]
            return {**moved(known, told["to"], by, told["because"], now), "posts": posts}

        before = book.get(told["creator"])["stage"]
        kept = book.amend(told["creator"], change, now)
        if kept["stage"] == told["to"]:
            said = {"from": before, "to": told["to"]}
            ctx.events.ingest([news(MOVED, told["creator"], kept, effect.key, said, now)])
        data = {"creator": told["creator"], "stage": kept["stage"]}
        return Done(Receipt(remote_id=told["creator"], at=now, payload_hash=payload_hash(effect.payload), data=data))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Who is there already is not moved again, so what is in doubt is done again."""
        return None


class Agree(Action):
    """Record what is agreed with a creator: pay or gift with its value and day, brief, label, contract, rights.

    use: creators.agree
    with:
      creator: ${{ event.creator.id }}
      kind: fee
      value: 600
      currency: EUR
      brief: https://example.org/briefs/spring
      label: Collaboration commerciale
    """

    name = "creators.agree"
    outward = False

    class Options(antiphon.Options):
        """What they get, and what is laid down for it."""

        creator: str = Field(min_length=1, description="Their id, handle or e-mail address.")
        kind: Literal["fee", "gift"] = Field(description="Money, or something of that value.")
        value: float = Field(ge=0, le=10_000_000, description="What it is worth, without tax.")
        currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$", description="The currency, as ISO 4217 writes it.")
        on: date | None = Field(default=None, description="The day of it, such as 2026-03-02; else today.")
        what: str = Field(default="", max_length=300, description="What they do for it.")
        brief: str = Field(default="", max_length=300, description="Where the brief is.")
        label: str = Field(
            default="", max_length=100, description="The words by which a post says that it is paid for."
        )
        contract: str = Field(default="", max_length=300, description="Where the signed contract is.")
        rights: str = Field(
            default="", max_length=300, description="What we may do with what they make, and until when."
        )

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The agreement as it would be recorded."""
        creator = found(Book(ctx.records), options.creator)
        said = agreement(options, ctx.clock.now().astimezone(ctx.here.timezone).date())
        summary = f"Record a {options.kind} of {said['value']} {options.currency} for {creator}"
        return ctx.effect(self.name, summary, {"creator": creator, "said": said})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Record it; the same act counts once."""
        creator, now = effect.payload["creator"], ctx.clock.now()
        said = {**effect.payload["said"], "id": effect.key, "by": f"workflow {effect.workflow}"}
        kept = Book(ctx.records).amend(creator, lambda known: recorded(known, said), now)
        ctx.events.ingest([news(AGREED, creator, kept, effect.key, said, now)])
        return Done(Receipt(remote_id=effect.key, at=now, payload_hash=payload_hash(effect.payload), data=said))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To record the same act again changes nothing."""
        return None


def agreement(options: Agree.Options, today: date) -> dict[str, Any]:
    """What is recorded of an agreement, of today where no day is named; its value is kept to the cent."""
    words = {name: one_line(getattr(options, name)) for name in ("what", "brief", "label", "contract", "rights")}
    day = (options.on or today).isoformat()
    return {"kind": options.kind, "value": f"{options.value:.2f}", "currency": options.currency, "on": day, **words}


def recorded(known: Data, said: Data) -> Data:
    """A creator with one agreement more, unless it is there already."""
    if any(one["id"] == said["id"] for one in known["agreements"]):
        return known
    return {**known, "agreements": [*known["agreements"], said]}


def by_hand(known: Data, to: str, by: str, because: str, now: datetime) -> Data:
    """A creator whom a person has moved. Who was written to by hand is nobody else's turn for a while."""
    kept = moved(known, to, by, because, now)
    return {**kept, "turn": turn(by, "", now, now + TOUCH)} if to == "contacted" else kept


def news(kind: str, creator: str, kept: Data, key: str, said: Data, now: datetime) -> Event:
    """The event that tells of a creator; the same act tells it once."""
    who = {"id": creator, **{name: kept[name] for name in ("handle", "name", "email", "url", "language", "timezone")}}
    return Event(f"{kind}:{key}", kind, now, {"creator": who, **said}, "creators")


def _lack(whole: Data, to: str, ctx: ReadContext) -> GiveUp | None:
    on = ctx.clock.now().astimezone(ctx.here.timezone).date()
    lack = duties.missing(whole, on) if to in duties.GATED else ()
    if not lack:
        return None
    hint = f"`antiphon creators agree` records it; `antiphon creators show {named(whole)}` tells what is there."
    return GiveUp(f"{named(whole)} cannot be moved to {to}: {'; '.join(lack)}.", hint=hint)


def _meant(options: Move.Options, book: Book, ctx: ReadContext) -> str:
    """Whom a move is about: by name, or else as the subject of an act of ours that was answered."""
    names = [options.creator]
    if options.effect and (entry := ctx.ledger.get(options.effect)):
        names.append(entry.effect.subject)
    for name in names:
        if len(creators := book.called(name)) == 1:
            return creators[0]
    raise Skip(f"{one_line(options.creator, 80)} is no creator, or more than one.")

"""Scoring a lead, and telling once that one is ripe: with an owner, and a time by which somebody answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Attachment,
    Computation,
    Done,
    Duration,
    Effect,
    Event,
    Files,
    GiveUp,
    InputError,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Record,
    Records,
    Skip,
    payload_hash,
)
from antiphon_leads.book import MOST, Book
from antiphon_leads.scoring import FILE, Rated, Rules, crossing, rate

QUALIFIED = "leads.qualified"
"""The kind of record that remembers a crossing, by the id of its event."""

TYPE = "lead.qualified"


class Score(Computation):
    """Score a lead by the rules in leads.toml, with a reason for each point.

    id: score
    use: lead.score
    with: {lead: "${{ event.author.id }}"}
    """

    name = "lead.score"

    class Options(antiphon.Options):
        """Whose score, and by which rules."""

        lead: str = Field(min_length=1, description="The id of the person.")
        rules: str = Field(default=FILE, description="The file of the workspace that says what counts.")

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """`fit`, `engagement`, `total`, and `points`: each with its axis and why it is given."""
        lead, rated, _ = _rated(options.lead, options.rules, ctx)
        points = [{"axis": one.axis, "points": round(one.points, 1), "because": one.because} for one in rated.points]
        axes = {axis: rated.of(axis) for axis in ("fit", "engagement")}
        return {"lead": lead, **axes, "total": rated.total, "points": points}


class Read(Computation):
    """Read a lead: everything known of the person, over all their accounts, with what allows to keep them.

    id: lead
    use: lead.read
    with: {lead: "${{ event.author.id }}"}
    """

    name = "lead.read"

    class Options(antiphon.Options):
        """Who."""

        lead: str = Field(min_length=1, description="The id of the person.")

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """`lead` and `accounts`, `handle`, `name`, `url`, `email`, `email_verified`, `owner`, `facts`, `bases`, and
        `due`: by when somebody was to answer, while nobody has."""
        book = Book(ctx.records)
        try:
            whole = book.whole(options.lead)
        except InputError as error:
            raise GiveUp(error.sentence, hint="Keep them first, by `lead.keep`.") from error
        accounts = list(book.accounts(options.lead))
        bases = [dict(basis) for one in accounts for basis in book.get(one)["bases"]]
        known = ("handle", "name", "url", "email", "email_verified", "owner", "facts")
        due = min((one.data["due"] for one in unanswered(ctx.records, accounts)), default="")
        first = {"lead": accounts[0], "accounts": accounts}
        return {**first, **{name: whole[name] for name in known}, "bases": bases, "due": due}


class Qualify(Action):
    """Tell once that a lead's score has reached a threshold: by an event, with an owner and a time to answer by.

    use: lead.qualify
    with:
      lead: ${{ event.author.id }}
      threshold: 40
      owners: [nina, sam]
      answer_within: 4h
    """

    name = "lead.qualify"
    outward = False

    class Options(antiphon.Options):
        """Who, from how many points on, and who looks after them."""

        lead: str = Field(min_length=1, description="The id of the person.")
        threshold: float = Field(gt=0, description="From how many points on, of both axes together.")
        owners: list[str] = Field(min_length=1, description="Who may look after them, where nobody does yet.")
        turn: Literal["least_busy", "round_robin"] = Field(
            "least_busy",
            description="Whose turn it is: whoever has the fewest to answer still, or one after the other.",
        )
        answer_within: Duration = Field(description="How soon the owner is to answer; the event says until when.")
        rules: str = Field(default=FILE, description="The file of the workspace that says what counts.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The event as it would be told; skipped below the threshold, and when it was told of this crossing."""
        first, rated, signal = _rated(options.lead, options.rules, ctx, options.threshold)
        if not signal:
            raise Skip(f"{first} has {rated.total:g} points, and {options.threshold:g} are asked for.")
        book = Book(ctx.records)
        whole = book.whole(first)
        owner = whole["owner"] or whose_turn(options.owners, options.turn, ctx.records)
        said = {
            "lead": first,
            "handle": whole["handle"],
            "url": whole["url"],
            "score": {"fit": rated.of("fit"), "engagement": rated.of("engagement"), "total": rated.total},
            "owner": owner,
        }
        events = {one: f"{TYPE}:{one}:{options.threshold:g}:{signal}" for one in book.accounts(first)}
        summary = f"Tell {owner} that {whole['handle'] or first} is ripe: {rated.total:g} points"
        seconds = options.answer_within.total_seconds()
        effect = ctx.effect(self.name, summary, {"event": events[first], "said": said, "seconds": seconds})
        told = [found for event in events.values() if (found := ctx.records.get(QUALIFIED, event))]
        if any(found.data["effect"] != effect.key for found in told):
            raise Skip(f"{first} has crossed {options.threshold:g} points, and that was told already.")
        return effect

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Remember the crossing, and announce it; of two who try at once, one does."""
        event, said, now = effect.payload["event"], effect.payload["said"], ctx.clock.now()

        def remembered(known: Any) -> Any:
            due = now + timedelta(seconds=effect.payload["seconds"])
            return known or {**said, "effect": effect.key, "at": now.isoformat(), "due": due.isoformat()}

        kept = ctx.records.amend(QUALIFIED, event, remembered, now)
        announced = {name: value for name, value in kept.data.items() if name not in ("effect", "answered")}
        ctx.events.ingest([Event(event, TYPE, kept.created_at, announced, "leads")])
        hashed = payload_hash(effect.payload)
        return Done(Receipt(remote_id=event, at=kept.created_at, payload_hash=hashed, data=announced))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To tell again changes nothing, so what is in doubt is done again."""
        return None


class Answer(Action):
    """Note that somebody has answered a lead: it weighs no more on whoever looks after them, and is no more due.

    use: lead.answer
    with: {lead: "${{ event.author.id }}"}
    """

    name = "lead.answer"
    outward = False

    class Options(antiphon.Options):
        """Who was answered."""

        lead: str = Field(min_length=1, description="The id of the person.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The note. Skipped when nobody was to answer them."""
        accounts = list(Book(ctx.records).accounts(options.lead))
        if not unanswered(ctx.records, accounts):
            raise Skip(f"Nobody is to answer {options.lead}.")
        return ctx.effect(self.name, f"{options.lead} is answered", {"accounts": accounts})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Note it for all that was told of them."""
        told = answered(ctx.records, effect.payload["accounts"], ctx.clock.now())
        return Done(Receipt(at=ctx.clock.now(), data={"answered": told}))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To note it again changes nothing, so what is in doubt is done again."""
        return None


def unanswered(records: Records, accounts: Collection[str]) -> list[Record]:
    """What was told of some accounts, and nobody has answered yet."""
    told = records.list(QUALIFIED, limit=MOST)
    return [one for one in told if one.data["lead"] in accounts and not one.data.get("answered")]


def answered(records: Records, accounts: Collection[str], now: datetime) -> list[str]:
    """Note that they are answered; by which events it was told."""
    told = unanswered(records, accounts)
    for one in told:
        records.amend(
            QUALIFIED, one.key, lambda known: {**known, "answered": known.get("answered") or now.isoformat()}, now
        )
    return [one.key for one in told]


def rules_of(files: Files, name: str = FILE) -> Rules:
    """The rules in a file of the workspace.

    Raises:
        GiveUp: there is no such file, or what it says cannot be.
    """
    try:
        return Rules.read(files.load(files.look(Attachment(file=name))).content)
    except InputError as error:
        raise GiveUp(error.sentence, hint=error.hint) from error


def _rated(lead: str, rules: str, ctx: ReadContext, threshold: float = 0.0) -> tuple[str, Rated, str]:
    """The first account of a lead, its score now, and the signal by which it crossed the threshold."""
    book, read = Book(ctx.records), rules_of(ctx.files, rules)
    try:
        whole = book.whole(lead)
    except InputError as error:
        raise GiveUp(error.sentence, hint="Keep them first, by `lead.keep`.") from error
    now = ctx.clock.now()
    signal = crossing(whole, read, threshold, now) if threshold else ""
    return book.first(lead), rate(whole, read, now), signal


def whose_turn(owners: Sequence[str], turn: str, records: Records) -> str:
    """Round robin: whoever comes after the one who was told last. Else whoever has the fewest to answer still, then
    whoever was told of the fewest; of several the one who is named first."""
    told = [record.data for record in records.list(QUALIFIED, limit=MOST)]
    if turn == "round_robin":
        last = next((one["owner"] for one in told if one["owner"] in owners), owners[-1])
        return owners[(owners.index(last) + 1) % len(owners)]
    still = Counter(one["owner"] for one in told if not one.get("answered"))
    ever = Counter(one["owner"] for one in told)
    return min(owners, key=lambda owner: (still[owner], ever[owner]))

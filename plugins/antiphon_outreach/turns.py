"""Turns: of all workflows and colleagues that want to write to a creator, one does.

A turn is taken in one transaction, so of two who try at the same moment one has it. It is looked at once more when a
message is about to leave, whichever workflow has written it: who has no turn, does not write.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Condition,
    Done,
    Duration,
    Effect,
    GiveUp,
    InputError,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Records,
    Verdict,
    one_line,
    payload_hash,
)
from antiphon_outreach.book import Book, Data, longest
from antiphon_outreach.stages import DECLINED, NEVER

FREE = ("prospect", "paid")
"""Where somebody stands with whom nobody is talking."""

WITHIN: Any = "90d"
"""For how long nobody else writes to somebody who was written to, where nothing else is said."""


class TurnOptions(antiphon.Options):
    """Whom, and for how long nobody else writes to them."""

    creator: str = Field(min_length=1, description="Their id, handle or e-mail address.")
    within: Duration = Field(default=WITHIN, validate_default=True, description="For how long nobody else writes.")


class Free(Condition):
    """Holds when a creator may be written to: nobody else does, they did not refuse, and nothing is under way.

        creators.free: ${{ event.creator.id }}

    It looks and takes nothing; what makes sure that one writes is `creators.reserve`.
    """

    name = "creators.free"
    shorthand = "creator"
    Options = TurnOptions

    def judge(self, options: TurnOptions, ctx: ReadContext) -> Verdict:
        """Why not, where they are not."""
        book = Book(ctx.records)
        try:
            whole = book.whole(book.find(options.creator))
        except InputError as error:
            return Verdict(holds=False, because=error.sentence)
        because = taken(whole, ctx.here.run, ctx.clock.now())
        return Verdict(
            holds=not because, because=because or f"{named(whole)} is at {whole['stage']}, and nobody writes"
        )


class Reserve(Action):
    """Take the turn to write to a creator: of all runs and colleagues that try, one has it.

    id: turn
    use: creators.reserve
    with: {creator: "${{ event.creator.id }}", within: 90d}

    The result has `mine`, and `because` where it is somebody else's. Messages of others to them are refused meanwhile.
    """

    name = "creators.reserve"
    outward = False
    Options = TurnOptions

    def plan(self, options: TurnOptions, ctx: ReadContext) -> Effect:
        """The turn as it would be taken."""
        creator = found(Book(ctx.records), options.creator)
        seconds = options.within.total_seconds()
        summary = f"Take the turn to write to {creator}"
        return ctx.effect(self.name, summary, {"creator": creator, "seconds": seconds})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Take it, unless somebody else has it."""
        book, now = Book(ctx.records), ctx.clock.now()
        creator = book.first(effect.payload["creator"])
        until = now + timedelta(seconds=effect.payload["seconds"])
        whole, run = book.whole(creator), effect.run

        def change(known: Data) -> Data:
            if taken({**whole, "turn": longest(known["turn"], whole["turn"])}, run, now):
                return known
            return {**known, "turn": turn(effect.workflow, run, now, until)}

        kept = book.amend(creator, change, now)
        held = longest(kept["turn"], whole["turn"])
        because = taken({**whole, "turn": held}, run, now)
        told = {"mine": not because, "because": because, "until": held.get("until", "")}
        return Done(Receipt(remote_id=creator, at=now, payload_hash=payload_hash(effect.payload), data=told))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """A turn that is ours already is taken again without a change."""
        return None


def turn(by: str, run: str, now: datetime, until: datetime) -> dict[str, Any]:
    """A turn: who writes, in which run where it is one, and until when nobody else does."""
    return {"by": by, "run": run, "at": now.isoformat(), "until": until.isoformat()}


def taken(whole: Mapping[str, Any], run: str, now: datetime) -> str:
    """Why a run may not begin to write to a creator; empty when it may, or does already."""
    if whole["stage"] in (DECLINED, NEVER):
        return f"{named(whole)} is at {whole['stage']}"
    if whole["turn"].get("run") and whole["turn"]["run"] == run:
        return ""
    if because := others_turn(whole, run, now):
        return because
    return "" if whole["stage"] in FREE else f"{named(whole)} is at {whole['stage']}: somebody is in touch with them"


def others_turn(whole: Mapping[str, Any], run: str, now: datetime) -> str:
    """Whose turn it is, when it is not this run's."""
    held = whole["turn"]
    if not held or held["run"] == run or now >= datetime.fromisoformat(held["until"]):
        return ""
    since, until = held["at"][:10], held["until"][:10]
    return f"{named(whole)} was written to by {held['by']} on {since}: nobody else does until {until}"


def reason_against(effect: Effect, records: Records, now: datetime) -> str | None:
    """Why a message must not leave for those whom it is addressed to, by whatever workflow; None when it may."""
    if not effect.outward:
        return None
    book = Book(records)
    for whole in (book.whole(one) for name in effect.recipients for one in book.called(name)):
        if whole["stage"] == NEVER:
            since = next((one for one in reversed(whole["history"]) if one["to"] == NEVER), None)
            told = f" since {since['at'][:10]}: {since['because']}" if since else ""
            return f"{named(whole)} must not be contacted{told}"
        if effect.action.endswith(".send") and (because := others_turn(whole, effect.run, now)):
            return because
    return None


def named(whole: Mapping[str, Any]) -> str:
    """A creator for a sentence."""
    return one_line(whole["handle"] or whole["name"] or "somebody", 80)


def found(book: Book, name: str) -> str:
    """The id of a creator. Raises GiveUp when nobody, or more than one, is called so."""
    try:
        return book.find(name)
    except InputError as error:
        raise GiveUp(error.sentence, hint="Keep them first, by `creators.keep`, and name one by their id.") from error

"""Reserving: a run gets the next free slot of a queue for itself, and lets it go when it does not come to its end.

All reservations of an account are one document, so of two runs that ask at the same moment each gets its own slot.

    publishing.slots    by account (or queue): for each moment that is taken, by which effect, run and queue
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Clock,
    Done,
    Duration,
    Effect,
    GiveUp,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Records,
    Rejected,
    Run,
    RunState,
    payload_hash,
)
from antiphon_publishing.slots import Slots, moments

KIND = "publishing.slots"
FARTHEST = 366
"""How many days ahead a free slot is looked for."""

KEPT = timedelta(days=35)
"""How long a slot that is over is remembered: as long as a calendar shows it."""

ACCOUNTS = 10_000
"""How many accounts are looked through."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A slot that is taken: when (UTC), of which queue and account, and by whom."""

    at: datetime
    account: str
    queue: str
    key: str
    run: str
    workflow: str


class Reserve(Action):
    """Reserve the next free slot of a queue in slots.toml for this run, and tell when it is.

    id: slot
    use: queue.slot
    with: {queue: brand}

    The result has `at`, until which an ordinary `wait: {until: "${{ steps.slot.at }}"}` lays the run down. The same
    step of the same run always has the same slot; one that is not over is free again when the run fails or is stopped.
    """

    name = "queue.slot"
    outward = False

    class Options(antiphon.Options):
        """Of which queue, and from when on."""

        queue: str = Field(min_length=1, description="The queue, as slots.toml names it.")
        notice: Duration = Field(
            default="0s", validate_default=True, description="How long from now on it must be at least."
        )

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The reservation as it would be made; which slot is free is known when it is made."""
        queue = Slots.of(ctx.files).queue(options.queue)
        asked = {
            "queue": options.queue,
            "account": queue.connection or options.queue,
            "tz": queue.tz,
            "week": {day: list(times) for day, times in queue.week().items()},
            "notice": options.notice.total_seconds(),
        }
        return ctx.effect(self.name, f"Reserve the next free slot of {options.queue}", asked, reversible=True)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Take the first moment that nobody has; who has one already keeps it."""
        asked, now = effect.payload, ctx.clock.now()
        after = now + timedelta(seconds=asked["notice"])
        mine = {"key": effect.key, "run": effect.run, "workflow": effect.workflow, "queue": asked["queue"]}

        def taken(known: Mapping[str, Any]) -> Mapping[str, Any]:
            if any(one["key"] == effect.key for one in known.values()):
                return known
            kept = {at: one for at, one in known.items() if datetime.fromisoformat(at) > now - KEPT}
            free = moments(asked["week"], ZoneInfo(asked["tz"]), after, FARTHEST)
            found = next((at for at in free if at.isoformat() not in kept), None)
            return {**kept, found.isoformat(): mine} if found else kept

        ctx.records.amend(KIND, asked["account"], taken, now)
        return _reserved(effect, ctx) or Rejected(
            f"No slot of {asked['queue']} is free within {FARTHEST} days.", "Give it more times in slots.toml."
        )

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Whether the slot is taken."""
        return _reserved(effect, ctx)

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Lets the slot go, as long as it is not over."""
        if datetime.fromisoformat(receipt.data["at"]) <= ctx.clock.now():
            raise GiveUp(f"The slot of {receipt.data['local']} is over.")
        options = {"account": effect.payload["account"], "key": effect.key}
        return ctx.effect(Release.name, f"Let the slot of {receipt.data['local']} go", options)


def _reserved(effect: Effect, ctx: PerformContext) -> Done | None:
    found = next((one for one in reservations(ctx.records) if one.key == effect.key), None)
    if found is None:
        return None
    local = found.at.astimezone(ZoneInfo(effect.payload["tz"]))
    told = {"at": found.at.isoformat(), "local": local.isoformat(), "queue": found.queue}
    return Done(Receipt(at=ctx.clock.now(), payload_hash=payload_hash(effect.payload), data=told))


class Release(Action):
    """Let a slot that was reserved go, so that it is free for somebody else.

    use: queue.release
    with: {account: brand, key: "launch/slot/-/event-1"}
    """

    name = "queue.release"
    outward = False

    class Options(antiphon.Options):
        """Which reservation."""

        account: str = Field(min_length=1, description="The account; for a queue without one, the queue.")
        key: str = Field(min_length=1, description="The key of the effect that reserved it, as the ledger has it.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """The release as it would be done."""
        return ctx.effect(self.name, f"Let a slot of {options.account} go", options.model_dump())

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Take the reservation out; one that is not there is let go already."""
        _let_go(ctx.records, effect.payload["account"], "key", effect.payload["key"], ctx.clock.now())
        return Done(Receipt(at=ctx.clock.now(), payload_hash=payload_hash(effect.payload)))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To let go twice changes nothing, so what is in doubt is done again."""
        return None


def reservations(records: Records) -> Iterator[Reservation]:
    """All slots that are taken, those of the last weeks included."""
    for record in records.list(KIND, limit=ACCOUNTS):
        for at, one in record.data.items():
            yield Reservation(datetime.fromisoformat(at).astimezone(UTC), record.key, **one)


def release_after(run: Run, records: Records, clock: Clock) -> None:
    """Let go what a run has reserved and will not use. One that is done may have handed its slot on: it stays."""
    if run.state is RunState.DONE:
        return
    now = clock.now()
    for account in {one.account for one in reservations(records) if one.run == run.id and one.at > now}:
        _let_go(records, account, "run", run.id, now)


def _let_go(records: Records, account: str, field: str, value: str, now: datetime) -> None:
    def without(known: Mapping[str, Any]) -> Mapping[str, Any]:
        return {at: one for at, one in known.items() if one[field] != value or datetime.fromisoformat(at) <= now}

    records.amend(KIND, account, without, now)

"""The calendar: what is published, planned, reserved, waiting for a word, failed, or in doubt, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Literal
from zoneinfo import ZoneInfo

from antiphon import Effect, EffectState, LedgerEntry, RunState, Store
from antiphon_publishing.reserving import Reservation, reservations
from antiphon_publishing.slots import Slots, moments

State = Literal["published", "planned", "reserved", "approval", "failed", "cancelled", "doubt", "free"]

_STATES: Mapping[EffectState, State] = {
    EffectState.DONE: "published",
    EffectState.PLANNED: "planned",
    EffectState.HELD: "planned",
    EffectState.CLAIMED: "doubt",
    EffectState.UNKNOWN: "doubt",
    EffectState.PARKED: "doubt",
    EffectState.REJECTED: "failed",
    EffectState.VETOED: "cancelled",
}
BEFORE = timedelta(days=60)
"""How long something may have been planned before the period in which it goes out."""

MOST = 10_000
"""How many effects and questions are looked through: what is older is left out."""

FREE = 5
"""How many free slots of a queue are shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the calendar: when (UTC), how it stands, on which account or in which queue, and what it says."""

    at: datetime
    state: State
    where: str
    what: str
    workflow: str = ""
    run: str = ""
    url: str = ""
    key: str = ""


def publishes(effect: Effect) -> bool:
    """Whether an effect puts a post before people, by the names that such actions have."""
    posts = effect.action in ("post.publish", "post.thread") or effect.action.endswith(".post")
    return posts and not effect.undoes


def entries(store: Store, since: datetime, until: datetime, now: datetime) -> Sequence[Entry]:
    """What stands in the calendar from one moment to before another, in order."""
    found = [entry for entry in store.ledger.list(since=since - BEFORE, limit=MOST) if publishes(entry.effect)]
    acted = {entry.effect.run for entry in found}
    taken = (one for one in reservations(store.records) if one.run not in acted)
    all_ = (*map(_effect, found), *(_reserved(one, store, now) for one in taken), *_questions(store, now))
    return sorted((one for one in all_ if one and since <= one.at < until), key=lambda one: (one.at, one.where))


def free(slots: Slots, store: Store, since: datetime, until: datetime, now: datetime) -> Iterator[Entry]:
    """The next slots of each queue that nobody has."""
    taken = {(one.account, one.at) for one in reservations(store.records)}
    begin = max(since, now)
    for name, queue in slots.queues.items():
        timezone = ZoneInfo(queue.tz or slots.tz)
        found = moments(queue.week(), timezone, begin, max((until - begin).days + 1, 0))
        account = queue.connection or name
        open_ = (at for at in found if at < until and (account, at) not in taken)
        yield from (Entry(at, "free", name, "") for at in islice(open_, FREE))


def weeks(found: Sequence[Entry], timezone: ZoneInfo) -> Iterator[tuple[datetime, Sequence[Entry]]]:
    """The entries by week, each with its Monday, 00:00 in the reader's time zone."""
    for monday, some in groupby(found, key=lambda one: monday_of(one.at, timezone)):
        yield monday, list(some)


def beginning(text: str, timezone: ZoneInfo) -> datetime:
    """The beginning of a day written as 2026-03-02, of this millennium. Raises ValueError."""
    day = date.fromisoformat(text) if re.fullmatch(r"2\d{3}-\d\d-\d\d", text, re.ASCII) else None
    if day is None:
        raise ValueError("write a day as 2026-03-02")
    return datetime.combine(day, time(), timezone)


def monday_of(at: datetime, timezone: ZoneInfo) -> datetime:
    """The beginning of the week of a moment."""
    day = at.astimezone(timezone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return day - timedelta(days=day.weekday())


def _effect(entry: LedgerEntry) -> Entry:
    effect, receipt = entry.effect, entry.receipt
    at = (receipt.at if receipt else None) or entry.settled_at or entry.not_before or entry.planned_at
    url = receipt.url if receipt else ""
    state, what = _STATES[entry.state], effect.summary
    return Entry(at, state, effect.connection, what, effect.workflow, effect.run, url, effect.key)


def _reserved(one: Reservation, store: Store, now: datetime) -> Entry | None:
    """A slot whose run has not published yet; one that came to nothing has failed, one that was not used is no news."""
    run = store.runs.get(one.run)
    ended = run is not None and run.state.ended
    if ended and one.at <= now and run is not None and run.state is RunState.DONE:
        return None
    state: State = "failed" if ended and run is not None and run.state is not RunState.DONE else "reserved"
    what = run.because if run is not None and state == "failed" else ""
    where = one.account if one.account == one.queue else f"{one.account} · {one.queue}"
    return Entry(one.at, state, where, what or one.workflow, one.workflow, one.run, "", one.key)


def _questions(store: Store, now: datetime) -> Iterator[Entry]:
    """What people are asked stands where it is due; without a time, where it is now."""
    for one in store.approvals.list(limit=MOST):
        if one.state != "pending":
            continue
        at = (one.due or now).astimezone(UTC)
        yield Entry(at, "approval", one.group, f"{one.workflow}: {one.path}", one.workflow, one.run, "", one.id)

"""A week of the invented brand, written into a real store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.ports import Store
from antiphon.components.section import ReportContext
from antiphon.model.effect import AuthDead, Done, Effect, Outcome, Receipt, Rejected, Unknown
from antiphon.model.event import Event
from antiphon.model.run import Run, RunState
from antiphon.testing.clock import VirtualClock

SINCE = datetime(2026, 3, 1, 23, tzinfo=UTC)
"""Midnight in Paris, at the beginning of the second of March."""

Answer = Callable[[str, str, Outcome | None], None]
Ran = Callable[[str, str, RunState, str], None]
Hear = Callable[[str, str, timedelta], None]


@pytest.fixture
def context(store: Store) -> Callable[..., ReportContext]:
    """The context of the week in a language."""

    def make(language: Literal["en", "fr"] = "en") -> ReportContext:
        return ReportContext(SINCE, SINCE + timedelta(days=7), language, ZoneInfo("Europe/Paris"), store)

    return make


@pytest.fixture
def hear(store: Store) -> Hear:
    """Let somebody say something, some time after the beginning of the week."""

    def heard(kind: str, who: str, after: timedelta) -> None:
        at = SINCE + after
        author = {"id": f"m:{who}", "handle": who, "name": who.title(), "url": f"https://social.example/@{who}"}
        data = {"author": author, "language": "fr" if who == "ana" else ""} if who else {}
        store.events.ingest([Event(f"{kind}:{who}:{at.isoformat()}", kind, at, data)])

    return heard


@pytest.fixture
def answer(store: Store, clock: VirtualClock) -> Answer:
    """Plan an effect at the clock's time, and settle it if an outcome is given."""

    def answered(key: str, action: str, outcome: Outcome | None) -> None:
        effect = Effect(key=key, action=action, workflow="w", run="r", step="s", summary=f"{action} for {key}")
        store.ledger.plan([effect])
        if outcome:
            assert store.ledger.claim(key, "worker")
            store.ledger.settle(key, outcome)

    return answered


@pytest.fixture
def ran(store: Store, clock: VirtualClock) -> Ran:
    """Open a run at the clock's time and end it."""

    def run(key: str, workflow: str, state: RunState, because: str) -> None:
        made = Run(id=key, key=key, workflow=workflow, program="p", trigger="t", cause=key, created_at=clock.now())
        store.runs.open([made])
        store.runs.finish(key, state, because=because)

    return run


@pytest.fixture
def week(store: Store, clock: VirtualClock, hear: Hear, answer: Answer, ran: Ran) -> None:
    """Some of everything."""
    for day in range(3):
        hear("mention.received", "ana", timedelta(days=day, hours=10))
    hear("post.seen", "ben", timedelta(days=6, hours=23, minutes=59))
    hear("feed.item", "", timedelta(days=1))
    hear("run.finished", "", timedelta(days=1))
    hear("mention.received", "ana", timedelta(days=-1))
    hear("mention.received", "ana", timedelta(days=7))
    answer("boost", "mastodon.boost", Done(Receipt(at=clock.now(), url="https://social.example/1")))
    answer("post", "mastodon.post", Rejected("too long"))
    answer("reply", "mastodon.post", Unknown("no answer"))
    answer("later", "mastodon.post", AuthDead("the token is dead"))
    ran("1", "desk", RunState.DECLINED, "event.text (“It is far too warm in here today”) contains none of the words")
    ran("2", "desk", RunState.DECLINED, "event.text (“Nothing at all”) contains none of the words")
    ran("3", "desk", RunState.DONE, "")
    ran("4", "boosts", RunState.FAILED, "the network is down")
    kinds = (("inbox.ticket", "low", "open"), ("inbox.ticket", "urgent", "open"), ("inbox.ticket", "high", "closed"))
    for number, (kind, priority, state) in enumerate(kinds):
        facts = {"number": f"T-{number}", "priority": priority, "state": state, "title": f"Number {number}"}
        store.records.put(kind, str(number), facts, clock.now())
    store.records.put("inbox.draft", "d", {"text": "Hello", "to": "1", "ticket": "T-0", "state": "open"}, clock.now())

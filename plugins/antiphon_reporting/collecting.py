"""Collecting: the networks are asked what became of the account's own posts, and what they say is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

import antiphon
from antiphon import (
    Ability,
    Action,
    Done,
    Duration,
    Effect,
    EffectState,
    Event,
    Fetch,
    LedgerEntry,
    Measurement,
    Metrics,
    Outcome,
    PerformContext,
    ReadContext,
    ReadsAccounts,
    ReadsMetrics,
    ReadsOwnPosts,
    Receipt,
    Subject,
    payload_hash,
    short,
)

COUNTED = ("likes", "shares", "replies", "quotes", "saves", "views", "reach", "clicks")
"""What networks count, by the names of `antiphon.Metrics`."""

_PAGE = 500


class Collect(Action):
    """Ask a network what became of the posts of the last weeks, and keep what it tells.

    use: metrics.collect
    with: {connection: brand, within: 28d}

    Posts are those that effects of the connection have made, and those that the network lists as the account's own, by
    hand or not. What the network does not tell is not kept, and is never a zero. The result has `posts`, `kept` and
    `missing`: what nobody tells of any of them.
    """

    name = "metrics.collect"
    outward = False
    ability = Ability.METRICS

    class Options(antiphon.Options):
        """Whose posts, and how far back."""

        connection: str = Field(description="The connection whose posts are measured.")
        within: Duration = Field(default=timedelta(days=28), description="How old posts may be that are asked about.")
        most: int = Field(default=200, ge=1, le=2000, description="How many posts are asked about, the newest first.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """Which connection is asked about which posts that are known by now."""
        since = ctx.clock.now() - options.within
        made = [_made(entry) for entry in _published(ctx, options.connection, since)][: options.most]
        return ctx.effect(
            self.name,
            f"Ask {options.connection} what became of its posts since {since:%Y-%m-%d}",
            {
                "connection": options.connection,
                "since": since.isoformat(),
                "most": options.most,
                "made": made,
            },
        )

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Ask, and keep it; a post that both the ledger and the network know is one subject."""
        wanted = effect.payload
        connection = wanted["connection"]
        now, since = ctx.clock.now(), datetime.fromisoformat(wanted["since"])
        own = _own(ctx, connection, since)
        subjects = {one["id"]: _subject(one, connection) for one in wanted["made"]}
        for event in own:
            known = subjects.get(str(event.data["id"]))
            subjects[str(event.data["id"])] = _told(event, connection, known.effect if known else "")
        newest = sorted(subjects.values(), key=lambda one: (one.at or since, one.id), reverse=True)[: wanted["most"]]
        reader = ctx.connections.reader(connection, ReadsMetrics)
        found = reader.metrics([one.id for one in newest]) if newest else {}
        network = next((one.network for one in newest if one.network), "")
        measured = [*_measured(found, connection), *_followers(own, ctx, connection, now)]
        account = Subject("account", connection, connection, network)
        payload = {id: dict(metrics.raw) for id, metrics in found.items()}
        fetch = Fetch(source=network or connection, connection=connection, at=now, payload=payload)
        kept = ctx.metrics.keep(fetch, [account, *(one for one in newest if one.id in found)], measured)
        told = {one.metric for one in measured}
        return Done(
            Receipt(
                at=now,
                payload_hash=payload_hash(effect.payload),
                data={
                    "posts": len(found),
                    "kept": kept,
                    "missing": [name for name in (*COUNTED, "followers") if name not in told],
                },
            )
        )

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To ask again does no harm: what is kept twice is there once."""
        return None


def _published(ctx: ReadContext, connection: str, since: datetime) -> Iterator[LedgerEntry]:
    """The effects of a connection that made a post since then, the newest first."""
    until: datetime | None = None
    seen: set[str] = set()
    while True:
        page = ctx.ledger.list(state=EffectState.DONE, since=since, until=until, limit=_PAGE)
        new = [entry for entry in page if entry.effect.key not in seen]
        seen |= {entry.effect.key for entry in new}
        for entry in new:
            if entry.effect.connection == connection and _is_post(entry):
                yield entry
        if len(page) < _PAGE or not new:
            return
        until = page[-1].planned_at + timedelta(microseconds=1)


def _is_post(entry: LedgerEntry) -> bool:
    """Whether an effect put a post of its own before people: no answer, no message, no change."""
    name = entry.effect.action.rpartition(".")[2]
    return bool(entry.receipt and entry.receipt.remote_id) and name in ("post", "publish", "thread")


def _made(entry: LedgerEntry) -> dict[str, Any]:
    receipt = entry.receipt
    assert receipt is not None
    said = entry.effect.payload
    text = next((said[name] for name in ("title", "text", "status") if said.get(name)), "")
    network = entry.effect.action.partition(".")[0]
    return {
        "id": receipt.remote_id,
        "network": "" if network == "post" else network,
        "url": receipt.url,
        "at": receipt.at.isoformat(),
        "title": short(str(text), 200),
        "effect": entry.effect.key,
    }


def _own(ctx: PerformContext, connection: str, since: datetime) -> Sequence[Event]:
    """What the network lists as the account's own posts, without answers, where it does; the most recent only."""
    if not ctx.connections.can(connection, Ability.OWN_POSTS):
        return ()
    page = ctx.connections.reader(connection, ReadsOwnPosts).own_posts(None)
    return [
        event
        for event in page.events
        if event.at >= since and event.data.get("id") and not event.data.get("in_reply_to")
    ]


def _subject(one: Mapping[str, str], connection: str) -> Subject:
    return Subject(
        "post",
        one["id"],
        connection,
        one["network"],
        url=one["url"],
        title=one["title"],
        at=datetime.fromisoformat(one["at"]),
        effect=one["effect"],
    )


def _told(event: Event, connection: str, effect: str) -> Subject:
    said = event.data
    return Subject(
        "post",
        str(said["id"]),
        connection,
        str(said.get("network") or ""),
        url=str(said.get("url") or ""),
        title=short(str(said.get("title") or said.get("text") or ""), 200),
        at=event.at,
        effect=effect,
    )


def _measured(found: Mapping[str, Metrics], connection: str) -> Iterator[Measurement]:
    for id, metrics in found.items():
        for name in COUNTED:
            value = getattr(metrics, name)
            if value is not None:
                yield Measurement("post", id, connection, name, float(value), metrics.at)


def _followers(own: Sequence[Event], ctx: PerformContext, connection: str, now: datetime) -> Iterator[Measurement]:
    """The followers of the account: some networks tell them with its posts, others when they are asked for it."""
    authors = [author for event in reversed(own) if isinstance(author := event.data.get("author"), Mapping)]
    if not authors:
        return
    followers = authors[0].get("followers")
    if followers is None and ctx.connections.can(connection, Ability.ACCOUNTS):
        account = ctx.connections.reader(connection, ReadsAccounts).account_of(str(authors[0].get("handle") or ""))
        followers = account.followers if account else None
    if isinstance(followers, int):
        yield Measurement("account", connection, connection, "followers", float(followers), now)

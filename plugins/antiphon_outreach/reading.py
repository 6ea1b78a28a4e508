"""Reading a creator's account: numbers, recent posts, and a sample of who follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import Field

import antiphon
from antiphon import (
    Ability,
    Account,
    Action,
    Done,
    Effect,
    GiveUp,
    Outcome,
    PerformContext,
    Post,
    ReadContext,
    ReadsAccounts,
    ReadsFollows,
    Receipt,
    one_line,
    payload_hash,
)
from antiphon_outreach.authenticity import SAMPLE, sampled
from antiphon_outreach.book import Book, Data, added
from antiphon_outreach.keeping import LONGEST_BIO
from antiphon_outreach.turns import found

POSTS = 30
"""How many of the newest posts are looked at."""


class Read(Action):
    """Read a creator's account by a connection to its network: numbers, recent posts, a sample of followers.

    use: creators.read
    with: {creator: "${{ steps.kept.creator }}", connection: brand}

    What the network does not tell is noted as missing, never as 0. Where others' accounts cannot be read, numbers come
    with a table (`antiphon creators import`).
    """

    name = "creators.read"
    outward = False

    class Options(antiphon.Options):
        """Whom, by which connection."""

        creator: str = Field(min_length=1, description="Their id, handle or e-mail address.")
        connection: str = Field(description="A connection to their network.")
        sample: int = Field(default=SAMPLE, ge=0, le=2000, description="How many followers are looked at; 0 for none.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """What the network tells now, as it would be kept."""
        book = Book(ctx.records)
        creator = found(book, options.creator)
        handle = book.get(creator)["handle"] or creator
        lack: list[str] = []
        account, posts, sample = _seen(options, handle, ctx, lack)
        said = {**_of_account(account), "recent": [_of_post(one) for one in posts]}
        reading = {
            "at": ctx.clock.now().isoformat(),
            "followers": account.followers if account else None,
            "following": account.following if account else None,
            "posts": account.posts if account else None,
            "sample": sample,
            "missing": lack,
        }
        summary = f"Read the account of {one_line(handle, 80)}"
        return ctx.effect(self.name, summary, {"creator": creator, "said": said, "reading": reading})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Keep what was read."""
        told, now = effect.payload, ctx.clock.now()

        def change(known: Data) -> Data:
            kept = added(known, {**told["said"], "readings": [told["reading"]]}, now)
            return {**kept, "recent": told["said"]["recent"] or kept.get("recent", [])}

        Book(ctx.records).amend(told["creator"], change, now)
        data = {"creator": told["creator"], **told["reading"]}
        return Done(Receipt(remote_id=told["creator"], at=now, payload_hash=payload_hash(told), data=data))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To keep the same reading again changes nothing."""
        return None


def _seen(
    options: Read.Options, handle: str, ctx: ReadContext, lack: list[str]
) -> tuple[Account | None, Sequence[Post], Mapping[str, Any]]:
    """What can be seen of somebody; what cannot be is added to `lack`."""
    if not ctx.connections.can(options.connection, Ability.ACCOUNTS):
        lack.append(f"could not see: the network of {options.connection} does not let others' accounts be read")
        return None, (), {}
    reader = ctx.connections.reader(options.connection, ReadsAccounts)
    if (account := reader.account_of(handle)) is None:
        raise GiveUp(
            f"{options.connection} sees no account {one_line(handle, 80)}.",
            hint="Correct the handle, or the connection.",
        )
    posts = reader.posts_of(handle, POSTS)
    lack += ["could not see: no posts"] if not posts else []
    lack += ["could not see: the network counts no views"]
    if not options.sample:
        return account, posts, {}
    if not ctx.connections.can(options.connection, Ability.FOLLOWS):
        lack.append(f"could not see: the network of {options.connection} does not tell who follows")
        return account, posts, {}
    followers = ctx.connections.reader(options.connection, ReadsFollows).followers_of(handle, options.sample)
    if not followers:
        lack.append("could not see: nobody who follows is shown")
        return account, posts, {}
    return account, posts, asdict(sampled(followers, ctx.clock.now()))


def _of_account(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    told = {name: one_line(getattr(account.person, name)) for name in ("handle", "name", "url", "language")}
    return {**told, "bio": one_line(account.bio, LONGEST_BIO)}


def _of_post(post: Post) -> dict[str, Any]:
    counts = {"likes": post.likes, "shares": post.shares, "replies": post.replies}
    return {"id": post.id, "url": post.url, "at": post.at.isoformat(), "text": one_line(post.text), **counts}

"""Reading a creator's account: numbers, recent posts, and a sample of who follows; and finding others beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from pydantic import Field

import antiphon
from antiphon import (
    Ability,
    Account,
    Action,
    Computation,
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


class Find(Computation):
    """Find accounts beside somebody's: those who follow them, or whom they follow, where the network tells it.

    id: found
    use: creators.find
    with: {connection: brand, beside: ana@social.example, relation: followers, at_least: 1000}

    Each has `id`, `handle`, `name`, `url`, `bio`, `followers` and `language` as far as it is told, and may be the
    `person` of `creators.keep`.
    """

    name = "creators.find"
    ability = Ability.FOLLOWS

    class Options(antiphon.Options):
        """Beside whom, and who is meant."""

        connection: str = Field(description="A connection to the network.")
        beside: str = Field(min_length=1, description="The handle of somebody there.")
        relation: Literal["followers", "followed"] = Field(default="followed", description="Who is looked at.")
        words: list[str] = Field(default=[], description="One of these stands in what they say of themselves.")
        at_least: int = Field(default=0, ge=0, description="How many followers they have at least.")
        at_most: int | None = Field(default=None, ge=0, description="How many they have at most.")
        look_at: int = Field(default=200, ge=1, le=2000, description="How many accounts are looked at.")

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """The accounts, those with the most followers first; whoever hides their number comes last, if at all."""
        reader = ctx.connections.reader(options.connection, ReadsFollows)
        look = reader.followers_of if options.relation == "followers" else reader.followed_by
        accounts = [one for one in look(options.beside, options.look_at) if _fits(one, options)]
        accounts.sort(key=lambda one: -(one.followers or 0))
        return [
            {
                **one.person.model_dump(mode="json", include={"id", "network", "handle", "name", "url", "language"}),
                "bio": one_line(one.bio, LONGEST_BIO),
                "followers": one.followers,
            }
            for one in accounts
        ]


def _fits(account: Account, options: Find.Options) -> bool:
    count, bio = account.followers, account.bio.casefold()
    low = count is not None and count >= options.at_least if options.at_least else True
    high = count is not None and count <= options.at_most if options.at_most is not None else True
    return low and high and (not options.words or any(word.casefold() in bio for word in options.words))


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

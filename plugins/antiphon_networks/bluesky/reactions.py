"""Liking, reposting, and taking either back."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from antiphon import (
    Action,
    Effect,
    Options,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Target,
    looked_up,
    told_of,
)
from antiphon_networks.bluesky.abilities import Reader, Writer
from antiphon_networks.bluesky.identifiers import LIKE, REPOST
from antiphon_networks.bluesky.originals import original_of, uri_of


class ReactionOptions(Options):
    """On which post to act, and as whom."""

    connection: str = Field(description="The connection to act with.")
    post: Target = Field(description="The post: its address, or the event that brought it.")


class _Reaction(Action):
    """A record of ours that points to a post. It has one place for each post, so a repetition changes nothing."""

    Options = ReactionOptions
    verb: ClassVar[str]
    collection: ClassVar[str]

    def plan(self, options: ReactionOptions, ctx: ReadContext) -> Effect:
        client = ctx.connections.reader(options.connection, Reader)
        original = original_of(options.post, client)
        return ctx.effect(
            self.name,
            f"{self.verb.capitalize()} {told_of(options.post)} as {options.connection} on {client.server}",
            {"post": str(original.uri), "cid": original.ref["cid"]},
            connection=options.connection,
            verb=self.verb,
            reversible=True,
            recipients=(f"bluesky:{original.author}",),
        )

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        return ctx.connections.writer(effect.connection, Writer).react(self.collection, effect.payload)

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        def look() -> Outcome | None:
            return ctx.connections.writer(effect.connection, Writer).find_reaction(self.collection, effect.payload)

        return looked_up(effect, look)

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Deletes the record."""
        return ctx.effect(
            f"bluesky.un{self.verb}",
            f"Un{self.verb} {effect.payload['post']} as {effect.connection}: takes back “{effect.summary}”",
            {"post": effect.payload["post"], "record": receipt.remote_id},
            connection=effect.connection,
            verb=f"un{self.verb}",
        )


class _Withdrawal(Action):
    """Deletes a record of ours that points to a post."""

    Options = ReactionOptions
    verb: ClassVar[str]
    collection: ClassVar[str]

    def plan(self, options: ReactionOptions, ctx: ReadContext) -> Effect:
        client = ctx.connections.reader(options.connection, Reader)
        return ctx.effect(
            self.name,
            f"{self.verb.capitalize()} {told_of(options.post)} as {options.connection} on {client.server}",
            {"post": str(uri_of(options.post, client))},
            connection=options.connection,
            verb=self.verb,
        )

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        return ctx.connections.writer(effect.connection, Writer).withdraw(self.collection, effect.payload)

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        def look() -> Outcome | None:
            return ctx.connections.writer(effect.connection, Writer).find_withdrawn(self.collection, effect.payload)

        return looked_up(effect, look)


class Like(_Reaction):
    """Likes a post: tells its author that the account likes it.

    use: bluesky.like
    with: {connection: sky, post: "${{ event }}"}
    """

    name = "bluesky.like"
    verb = "like"
    collection = LIKE


class Unlike(_Withdrawal):
    """Takes the like of a post back.

    use: bluesky.unlike
    with: {connection: sky, post: "${{ event }}"}
    """

    name = "bluesky.unlike"
    verb = "unlike"
    collection = LIKE


class Repost(_Reaction):
    """Reposts a post: shows it to those who follow the account.

    use: bluesky.repost
    with: {connection: sky, post: "${{ event }}"}
    """

    name = "bluesky.repost"
    verb = "repost"
    collection = REPOST


class Unrepost(_Withdrawal):
    """Takes the repost of a post back.

    use: bluesky.unrepost
    with: {connection: sky, post: "${{ event }}"}
    """

    name = "bluesky.unrepost"
    verb = "unrepost"
    collection = REPOST

"""Boosting, favouriting, taking either back, and deleting: acts on a status that is there."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from pydantic import Field

from antiphon import (
    AccessLost,
    Action,
    AntiphonError,
    Done,
    Effect,
    Options,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    RetryLater,
    Target,
    Unknown,
    told_of,
)
from antiphon_networks.mastodon.client import MastodonReader, MastodonWriter
from antiphon_networks.mastodon.entities import Json
from antiphon_networks.mastodon.originals import status_id
from antiphon_networks.mastodon.receipts import of_reaction, published, reacted
from antiphon_networks.mastodon.undoing import taken_back


class ReactionOptions(Options):
    """On which status to act, and as whom."""

    connection: str = Field(description="The connection to act with.")
    status: Target = Field(description="The status: its id, or the event that brought it.")


class _Reaction(Action):
    """What they have in common: each can be seen on the status itself, so a doubt is settled by a look."""

    Options = ReactionOptions
    verb: ClassVar[str]
    opposite: ClassVar[str] = ""
    """What takes it back, if anything does."""

    def plan(self, options: ReactionOptions, ctx: ReadContext) -> Effect:
        client = ctx.connections.reader(options.connection, MastodonReader)
        remote_id = status_id(options.status, client)
        return ctx.effect(
            self.name,
            f"{self.verb.capitalize()} {told_of(options.status)} as {options.connection} on {client.server}",
            {"status": remote_id},
            connection=options.connection,
            verb=self.verb,
            reversible=bool(self.opposite),
        )

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        try:
            client = ctx.connections.reader(effect.connection, MastodonReader)
            status = client.status(effect.payload["status"])
        except (AccessLost, RetryLater):
            raise
        except AntiphonError as error:
            return Unknown(f"Nobody could look whether it was done: {error}")
        if not self.done(status):
            return None
        return Done(of_reaction(effect.payload, status or {"id": effect.payload["status"]}, ctx.clock.now()))

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """The opposite, where there is one."""
        return taken_back(effect, self.opposite, effect.payload["status"], ctx) if self.opposite else None

    @abstractmethod
    def done(self, status: Json | None) -> bool:
        """Whether the status, or its absence, shows that the act was done."""


class Boost(_Reaction):
    """Boosts a status: shows it to those who follow the account.

    use: mastodon.boost
    with: {connection: brand, status: "${{ event }}"}
    """

    name = "mastodon.boost"
    verb = "boost"
    opposite = "unboost"

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.boost(effect.payload["status"], published(effect.payload))

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is not None and status.get("reblogged") is True


class Unboost(_Reaction):
    """Takes the boost of a status back.

    use: mastodon.unboost
    with: {connection: brand, status: "${{ event }}"}
    """

    name = "mastodon.unboost"
    verb = "unboost"

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.unboost(effect.payload["status"], reacted(effect.payload, ctx.clock, "reblogged", is_set=False))

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is None or status.get("reblogged") is False


class Favourite(_Reaction):
    """Favourites a status: tells its author that the account likes it.

    use: mastodon.favourite
    with: {connection: brand, status: "${{ event }}"}
    """

    name = "mastodon.favourite"
    verb = "favourite"
    opposite = "unfavourite"

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.favourite(effect.payload["status"], reacted(effect.payload, ctx.clock, "favourited"))

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is not None and status.get("favourited") is True


class Unfavourite(_Reaction):
    """Takes the favourite of a status back.

    use: mastodon.unfavourite
    with: {connection: brand, status: "${{ event }}"}
    """

    name = "mastodon.unfavourite"
    verb = "unfavourite"

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.unfavourite(
            effect.payload["status"], reacted(effect.payload, ctx.clock, "favourited", is_set=False)
        )

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is None or status.get("favourited") is False


class Delete(_Reaction):
    """Deletes a status of the account, for good.

    use: mastodon.delete
    with: {connection: brand, status: "${{ steps.announce.remote_id }}"}
    """

    name = "mastodon.delete"
    verb = "delete"

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.delete_status(effect.payload["status"], reacted(effect.payload, ctx.clock))

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is None

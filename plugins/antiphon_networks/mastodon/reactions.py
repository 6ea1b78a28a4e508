"""Boosting, favouriting and deleting: acts on a status that is there."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from pydantic import Field

from antiphon import Action, AntiphonError, Done, Effect, Options, Outcome, PerformContext, ReadContext, Unknown
from antiphon_networks.mastodon.client import MastodonReader, MastodonWriter
from antiphon_networks.mastodon.entities import Json
from antiphon_networks.mastodon.receipts import of_reaction, published, reacted
from antiphon_networks.mastodon.targets import Target, id_of, told_of


class ReactionOptions(Options):
    """On which status to act, and as whom."""

    connection: str = Field(description="The connection to act with.")
    status: Target = Field(description="The status: its id, or the event that brought it.")


class _Reaction(Action):
    """What they have in common: each can be seen on the status itself, so a doubt is settled by a look."""

    Options = ReactionOptions
    verb: ClassVar[str]
    reversible: ClassVar[bool] = True

    def plan(self, options: ReactionOptions, ctx: ReadContext) -> Effect:
        client = ctx.connections.reader(options.connection, MastodonReader)
        remote_id = id_of(options.status, client)
        return ctx.effect(
            self.name,
            f"{self.verb.capitalize()} {told_of(options.status)} as {options.connection} on {client.server}",
            {"status": remote_id},
            connection=options.connection,
            verb=self.verb,
            reversible=self.reversible,
        )

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        try:
            client = ctx.connections.reader(effect.connection, MastodonReader)
            status = client.status(effect.payload["status"])
        except AntiphonError as error:
            return Unknown(f"Nobody could look whether it was done: {error}")
        if not self.done(status):
            return None
        return Done(of_reaction(effect, status or {"id": effect.payload["status"]}, ctx.clock.now()))

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

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.boost(effect.payload["status"], published(effect))

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is not None and status.get("reblogged") is True


class Favourite(_Reaction):
    """Favourites a status: tells its author that the account likes it.

    use: mastodon.favourite
    with: {connection: brand, status: "${{ event }}"}
    """

    name = "mastodon.favourite"
    verb = "favourite"

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.favourite(effect.payload["status"], reacted(effect, ctx.clock, "favourited"))

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is not None and status.get("favourited") is True


class Delete(_Reaction):
    """Deletes a status of the account, for good.

    use: mastodon.delete
    with: {connection: brand, status: "${{ steps.announce.remote_id }}"}
    """

    name = "mastodon.delete"
    verb = "delete"
    reversible = False

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        return client.delete(effect.payload["status"], reacted(effect, ctx.clock))

    def done(self, status: Json | None) -> bool:  # noqa: D102
        return status is None

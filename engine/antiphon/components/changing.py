"""Changing and deleting what was published, on whatever network a connection leads to."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from antiphon.components.action import Action
from antiphon.components.capabilities import Ability, Composes, Deletes, Edits, Identifies
from antiphon.components.component import Options
from antiphon.components.context import PerformContext, ReadContext
from antiphon.components.posting import WordsOptions, draft_of, looked_up, receipted, uploads_of, with_media
from antiphon.components.targets import Target, short, told_of
from antiphon.model.draft import Draft
from antiphon.model.effect import Effect, Outcome


class EditOptions(WordsOptions):
    """What to put in the place of what."""

    post: Target = Field(description="The post to change: its id, or the event that brought it.")


class EditAction(Action):
    """Puts other words into a post, on any network that lets posts be changed."""

    ability = Ability.EDIT
    Options: ClassVar[type[EditOptions]] = EditOptions

    def draft(self, options: Any) -> Draft:
        """What the post is to say. A network's own action adds its own options here."""
        return draft_of(options)

    def plan(self, options: Any, ctx: ReadContext) -> Effect:
        """The exact content, and whose place it takes."""
        name = options.connection
        remote_id = ctx.connections.reader(name, Identifies).identify(options.post)
        media = tuple(ctx.files.look(one) for one in options.media)
        composed = ctx.connections.reader(name, Composes).compose(
            self.draft(options).model_copy(update={"media": media})
        )
        told = f"Change {told_of(options.post)} as {name} on {composed.place} to “{short(composed.text)}”"
        payload = with_media({"post": remote_id, "content": composed.payload}, media)
        return ctx.effect(self.name, told, payload, connection=name, verb="edit", cost=composed.cost)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        writer = ctx.connections.writer(effect.connection, Edits)
        post, content = effect.payload["post"], effect.payload["content"]
        return receipted(effect, writer.edit(post, content, uploads_of(effect, ctx)))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:  # noqa: D102
        def look() -> Outcome | None:
            writer = ctx.connections.writer(effect.connection, Edits)
            return writer.find_edited(effect.payload["post"], effect.payload["content"])

        return looked_up(effect, look)


class DeleteOptions(Options):
    """What to delete."""

    connection: str = Field(description="The connection to delete with.")
    post: Target = Field(description="The post: its id, or the event that brought it.")


class DeleteAction(Action):
    """Deletes a post of the account, on any network that lets posts be deleted."""

    ability = Ability.DELETE
    Options: ClassVar[type[DeleteOptions]] = DeleteOptions

    def plan(self, options: DeleteOptions, ctx: ReadContext) -> Effect:
        """Which post."""
        name = options.connection
        remote_id = ctx.connections.reader(name, Identifies).identify(options.post)
        told = f"Delete {told_of(options.post)} as {name}"
        return ctx.effect(self.name, told, {"post": remote_id}, connection=name, verb="delete")

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        writer = ctx.connections.writer(effect.connection, Deletes)
        return receipted(effect, writer.delete(effect.payload["post"]))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:  # noqa: D102
        def look() -> Outcome | None:
            return ctx.connections.writer(effect.connection, Deletes).find_deleted(effect.payload["post"])

        return looked_up(effect, look)

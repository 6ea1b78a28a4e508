"""Posting, changing, trashing and restoring, with what only WordPress has."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from antiphon import (
    Ability,
    Action,
    DeleteAction,
    DeleteOptions,
    Draft,
    EditAction,
    EditOptions,
    Effect,
    Options,
    Outcome,
    PerformContext,
    PublishAction,
    ReadContext,
    Receipt,
    ReplyAction,
    WordsOptions,
)
from antiphon_networks.wordpress.abilities import Reader, Writer
from antiphon_networks.wordpress.receipts import of_post, read_as

Status = Literal["publish", "draft", "pending", "private"]


class ArticleOptions(WordsOptions):
    """What a post is made of."""

    title: str = Field("", description="The title.")
    text: str = Field("", description="The text; plain, unless `html` says otherwise.")
    html: bool = Field(False, description="Whether the text is HTML already.")
    status: Status = Field("publish", description="Who sees it: everybody, or the editors until one of them publishes.")
    at: AwareDatetime | None = Field(
        None, description="When it comes out, with the time zone; in the future, the site waits until then."
    )
    excerpt: str = Field("", description="A summary, shown in lists.")
    slug: str = Field("", description="The last part of its address; made of the title when left out.")
    tags: tuple[str, ...] = Field((), description="Tags by name; one that the site does not have is made.")
    categories: tuple[str, ...] = Field((), description="Categories by name; the site must have them.")


class ChangeOptions(ArticleOptions, EditOptions):
    """What to put in the place of what; what is left out stays as it is."""

    status: Status | None = Field(None, description="Who sees it from now on.")  # type: ignore[assignment]


class RestoreOptions(Options):
    """What to take out of the trash."""

    connection: str = Field(description="The connection to do it with.")
    post: str = Field(description="The number of the post.", pattern=r"^\d+$")
    status: Status = Field("draft", description="The status it has afterwards.")


class Post(PublishAction):
    """Publishes a post, now or at a time, or lays it before the editors as a draft.

    use: wordpress.post
    with:
      connection: blog
      title: "New roast: ${{ event.title }}"
      text: "${{ event.text }}"
      tags: [coffee, news]
      status: draft
    """

    name = "wordpress.post"
    Options = ArticleOptions

    def draft(self, options: ArticleOptions) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


class Comment(ReplyAction):
    """Comments on a post, or answers a comment.

    use: wordpress.comment
    with: {connection: blog, to: "${{ event }}", text: Thank you!}
    """

    name = "wordpress.comment"


class Edit(EditAction):
    """Puts other words into a post, or publishes what was a draft.

    use: wordpress.edit
    with: {connection: blog, post: "42", title: New roast, text: "Now in 250 g", status: publish}
    """

    name = "wordpress.edit"
    Options = ChangeOptions

    def draft(self, options: ChangeOptions) -> Draft:  # noqa: D102
        changed = _with(super().draft(options), options)
        return changed.model_copy(update={"options": {**changed.options, "changes": True}})


class Delete(DeleteAction):
    """Lays a post of the site into the trash, from where it can be taken again for a while.

    use: wordpress.delete
    with: {connection: blog, post: "42"}
    """

    name = "wordpress.delete"

    def plan(self, options: DeleteOptions, ctx: ReadContext) -> Effect:
        """Which post, and what it was, so that it can become that again."""
        effect = super().plan(options, ctx)
        post = effect.payload["post"]
        found = ctx.connections.reader(options.connection, Reader).post(post) if post.isdecimal() else None
        was = str(found["status"]) if found else ""
        is_reversible = was in Status.__args__  # type: ignore[attr-defined]
        return effect.model_copy(update={"payload": {"post": post, "was": was}, "reversible": is_reversible})

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Takes a post out of the trash; what was waiting for its time becomes a draft."""
        if not effect.reversible:
            return None
        content = {"post": effect.payload["post"], "status": effect.payload["was"]}
        return _restored(effect.connection, content, ctx)


class Restore(Action):
    """Takes a post out of the trash.

    use: wordpress.restore
    with: {connection: blog, post: "42", status: publish}
    """

    name = "wordpress.restore"
    ability = Ability.DELETE
    Options = RestoreOptions

    def plan(self, options: RestoreOptions, ctx: ReadContext) -> Effect:  # noqa: D102
        return _restored(options.connection, {"post": options.post, "status": options.status}, ctx)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        writer = ctx.connections.writer(effect.connection, Writer)
        form = {"status": effect.payload["status"]}
        return writer.change("posts", effect.payload["post"], form, read_as(of_post, effect.payload))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To restore again what is restored changes nothing, so a look is enough."""
        writer = ctx.connections.writer(effect.connection, Writer)
        return writer.find_edited(effect.payload["post"], {"status": effect.payload["status"]})


def _restored(connection: str, content: dict[str, Any], ctx: ReadContext) -> Effect:
    told = f"Take post {content['post']} as {connection} out of the trash, as {content['status']}"
    return ctx.effect("wordpress.restore", told, content, connection=connection, verb="restore")


def _with(draft: Draft, options: ArticleOptions) -> Draft:
    at: datetime | None = options.at
    told = {
        "html": options.html,
        "status": options.status,
        "at": at.isoformat() if at else None,
        "excerpt": options.excerpt,
        "slug": options.slug,
        "tags": list(options.tags),
        "categories": list(options.categories),
    }
    return draft.model_copy(update={"options": told})

"""Posting, changing and deleting, with what only Ghost has."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from antiphon import (
    DeleteAction,
    DeleteOptions,
    Draft,
    EditAction,
    EditOptions,
    Effect,
    PublishAction,
    ReadContext,
    Receipt,
    ReplyAction,
    WordsOptions,
)
from antiphon_networks.ghost.abilities import Reader
from antiphon_networks.ghost.composing import as_before
from antiphon_networks.ghost.entities import COMMENT

Status = Literal["published", "draft"]
Visibility = Literal["public", "members", "paid"]


class ArticleOptions(WordsOptions):
    """What a post is made of."""

    title: str = Field("", description="The title; the first line of the text when left out.")
    text: str = Field("", description="The text; plain, unless `html` says otherwise.")
    html: bool = Field(False, description="Whether the text is HTML already.")
    status: Status = Field("published", description="Whether it comes out, or waits for an editor.")
    at: AwareDatetime | None = Field(
        None, description="When it comes out, with the time zone; in the future, the site waits until then."
    )
    visibility: Visibility | None = Field(None, description="Who may read it; as the site has it when left out.")
    excerpt: str = Field("", description="A summary, shown in lists and under the title.")
    slug: str = Field("", description="The last part of its address; made of the title when left out.")
    canonical: str = Field("", description="The address where the same text stood first, for search engines.")
    tags: tuple[str, ...] = Field(
        (), description="Tags by name, the main one first; one that the site does not have is made, and `#` hides one."
    )


class ChangeOptions(ArticleOptions, EditOptions):
    """What to put in the place of what; what is left out stays as it is."""

    title: str = Field("", description="The title.")
    status: Status | None = Field(  # type: ignore[assignment]
        None, description="`published` puts a draft out, `draft` takes a post off the site."
    )


class Post(PublishAction):
    """Publishes a post, now or at a time, or lays it before the editors as a draft; no newsletter goes out.

    use: ghost.post
    with:
      connection: magazine
      title: "New roast: ${{ event.title }}"
      text: "${{ event.text }}"
      tags: [Coffee, "#from-antiphon"]
      media: [{file: images/roast.png, alt: A bag of coffee}]
      status: draft
    """

    name = "ghost.post"
    Options = ArticleOptions

    def draft(self, options: ArticleOptions) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


class Comment(ReplyAction):
    """Comments on a post, or answers a comment, as the member that the connection names.

    use: ghost.comment
    with: {connection: magazine, to: "${{ event }}", text: Thank you!}
    """

    name = "ghost.comment"


class Edit(EditAction):
    """Puts other words into a post, publishes what was a draft, or takes a post off the site.

    use: ghost.edit
    with: {connection: magazine, post: 6b06151185b5ec52e00a4a6e, title: New roast, status: published}
    """

    name = "ghost.edit"
    Options = ChangeOptions

    def draft(self, options: ChangeOptions) -> Draft:  # noqa: D102
        changed = _with(super().draft(options), options)
        return changed.model_copy(update={"options": {**changed.options, "changes": True}})


class Delete(DeleteAction):
    """Deletes a post or a comment; undoing makes a post anew, with its words and its address, but not its comments.

    use: ghost.delete
    with: {connection: magazine, post: 6b06151185b5ec52e00a4a6e}
    """

    name = "ghost.delete"

    def plan(self, options: DeleteOptions, ctx: ReadContext) -> Effect:
        """Which post, and what it was, so that it can be made anew: Ghost has no trash."""
        effect = super().plan(options, ctx)
        post = effect.payload["post"]
        found = None if post.startswith(COMMENT) else ctx.connections.reader(options.connection, Reader).post(post)
        was = as_before(found) if found else {}
        return effect.model_copy(update={"payload": {"post": post, "was": was}, "reversible": bool(was)})

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Makes the post anew; what was waiting for its time becomes a draft."""
        if not effect.reversible:
            return None
        was = effect.payload["was"]
        told = f"Make “{was['title']}” anew as {effect.connection}, as {was['status']}"
        return ctx.effect("ghost.post", told, was, connection=effect.connection, verb="post", reversible=True)


def _with(draft: Draft, options: ArticleOptions) -> Draft:
    told = {
        "html": options.html,
        "status": options.status,
        "at": options.at.isoformat() if options.at else None,
        "visibility": options.visibility,
        "excerpt": options.excerpt,
        "slug": options.slug,
        "canonical": options.canonical,
        "tags": list(options.tags),
    }
    return draft.model_copy(update={"options": told})

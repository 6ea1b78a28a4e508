"""Posting and replying, with what only Mastodon has."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from antiphon import Draft, Effect, Options, PublishAction, ReadContext, Receipt, ReplyAction, Target, WordsOptions
from antiphon_networks.mastodon.undoing import taken_back

Visibility = Literal["public", "unlisted", "private", "direct"]


class StatusOptions(WordsOptions):
    """What posts and replies have in common."""

    text: str = Field("", description="What to say. A link counts 23 characters, a mention as much as its name.")
    sensitive: bool = Field(False, description="Whether attached media are hidden until they are asked for.")
    spoiler_text: str = Field("", description="A content warning, shown first; the text is folded below it.")


class PostOptions(StatusOptions):
    """What to post."""

    in_reply_to: str | None = Field(None, description="The id of the status that this one continues.", min_length=1)
    visibility: Visibility = Field("public", description="Who can read it.")


class ReplyOptions(StatusOptions):
    """What to reply, and to what."""

    to: Target = Field(description="The status to answer: its id, or the event that brought it.")
    visibility: Visibility | None = Field(None, description="Who can read it; as the original when left out.")


class Post(PublishAction):
    """Posts a status.

    use: mastodon.post
    with:
      connection: brand
      text: "New roast: ${{ event.title }} ${{ event.url }}"
      language: en
    """

    name = "mastodon.post"
    Options = PostOptions

    def draft(self, options: PostOptions) -> Draft:  # noqa: D102
        return _with(super().draft(options), options, "visibility", "sensitive", "spoiler_text", "in_reply_to")

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Deletes what was posted; what others answered stays, without what it answers."""
        return taken_back(effect, "delete", receipt.remote_id, ctx)


class Reply(ReplyAction):
    """Replies to a status, and mentions its author, who would not hear of it otherwise.

    use: mastodon.reply
    with: {connection: brand, to: "${{ event }}", text: Thank you!}
    """

    name = "mastodon.reply"
    Options = ReplyOptions

    def draft(self, options: ReplyOptions) -> Draft:  # noqa: D102
        return _with(super().draft(options), options, "visibility", "sensitive", "spoiler_text")

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Deletes the reply."""
        return taken_back(effect, "delete", receipt.remote_id, ctx)


def _with(draft: Draft, options: Options, *names: str) -> Draft:
    return draft.model_copy(update={"options": {name: getattr(options, name) for name in names}})

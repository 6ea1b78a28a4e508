"""Posting, replying and deleting, with what only Bluesky has."""

from __future__ import annotations

from pydantic import Field

from antiphon import DeleteAction, Draft, Options, PublishAction, ReplyAction, Target, WordsOptions


class Card(Options):
    """What is shown of a page below a post; Bluesky looks at no page by itself."""

    uri: str = Field(description="The address of the page.", pattern=r"^https?://\S+$")
    title: str = Field(description="Its title.")
    description: str = Field("", description="A sentence about it.")


class PostOptions(WordsOptions):
    """What to post."""

    text: str = Field(
        "", description="What to say, in 300 characters. Links, full handles with @ and #tags are marked."
    )
    quote: Target | None = Field(None, description="A post to show below: its address, or the event that brought it.")
    card: Card | None = Field(None, description="A page to show below: its address, title and description.")


class ReplyOptions(PostOptions):
    """What to reply, and to what."""

    to: Target = Field(description="The post to answer: its address, or the event that brought it.")


class Post(PublishAction):
    """Posts on Bluesky.

    use: bluesky.post
    with:
      connection: sky
      text: "New roast: ${{ event.title }} #coffee"
      card: {uri: "${{ event.url }}", title: "${{ event.title }}"}
    """

    name = "bluesky.post"
    Options = PostOptions

    def draft(self, options: PostOptions) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


class Reply(ReplyAction):
    """Replies to a post on Bluesky.

    use: bluesky.reply
    with: {connection: sky, to: "${{ event }}", text: Thank you!}
    """

    name = "bluesky.reply"
    Options = ReplyOptions

    def draft(self, options: ReplyOptions) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


class Delete(DeleteAction):
    """Deletes a post of the account on Bluesky, for good.

    use: bluesky.delete
    with: {connection: sky, post: "${{ steps.announce.remote_id }}"}
    """

    name = "bluesky.delete"


def _with(draft: Draft, options: PostOptions) -> Draft:
    card = options.card.model_dump() if options.card else None
    return draft.model_copy(update={"options": {"quote": options.quote, "card": card}})

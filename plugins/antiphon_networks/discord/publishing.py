"""Posting and replying, with what only Discord has."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from antiphon import Draft, PublishAction, ReplyAction, Target, WordsOptions
from antiphon_networks.discord.embeds import Embed

UserId = Annotated[str, Field(pattern=r"^\d+$")]


class MessageOptions(WordsOptions):
    """What posts and replies have in common."""

    text: str = Field("", description="What to say, up to 2,000 characters; signs such as * are shown as they are.")
    markdown: bool = Field(
        False, description="Whether signs make words bold and the like; then a stranger's signs do so too."
    )
    embeds: tuple[Embed, ...] = Field((), description="Cards below the text.")
    mention: tuple[UserId, ...] = Field((), description="The ids of people who are called; nobody else ever is.")
    silent: bool = Field(False, description="Whether it comes without a sound.")
    preview: bool = Field(True, description="Whether links are shown with a preview.")


class PostOptions(MessageOptions):
    """What to post, and where."""

    channel: str = Field("", pattern=r"^\d*$", description="The id of a channel or thread; else the connection's.")


class ReplyOptions(MessageOptions):
    """What to reply, and to what."""

    to: Target = Field(description="The message to answer: channel/message, or the event that brought it.")
    ping: bool = Field(False, description="Whether its author is called.")


class Post(PublishAction):
    """Posts a message to a channel or thread on Discord.

    use: discord.post
    with:
      connection: community_server
      text: A new roast is here.
      embeds: [{title: "${{ event.title }}", url: "${{ event.url }}"}]
    """

    name = "discord.post"
    Options = PostOptions

    def draft(self, options: Any) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


class Reply(ReplyAction):
    """Answers a message on Discord, in the channel that it stands in.

    use: discord.reply
    with: {connection: community_server, to: "${{ event }}", text: Thank you!, ping: true}
    """

    name = "discord.reply"
    Options = ReplyOptions

    def draft(self, options: Any) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


_OWN = {"markdown", "embeds", "mention", "silent", "preview", "channel", "ping"}


def _with(draft: Draft, options: WordsOptions) -> Draft:
    return draft.model_copy(update={"options": options.model_dump(mode="json", include=_OWN)})

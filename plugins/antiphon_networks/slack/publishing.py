"""Posting and replying, with what only Slack has."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from antiphon import Draft, PublishAction, ReplyAction, Target, WordsOptions

UserId = Annotated[str, Field(pattern=r"^[A-Z0-9]+$")]


class MessageOptions(WordsOptions):
    """What posts and replies have in common."""

    text: str = Field(
        "", description="What to say; best up to 4,000 characters. Signs such as * are shown as they are."
    )
    markdown: bool = Field(
        False, description="Whether signs make words bold and the like; then a stranger's signs do so too."
    )
    blocks: tuple[dict[str, Any], ...] = Field((), description="Blocks of Block Kit, shown in the place of the text.")
    mention: tuple[UserId, ...] = Field((), description="The ids of people who are called; nobody else ever is.")
    preview: bool = Field(True, description="Whether links are shown with a preview.")


class PostOptions(MessageOptions):
    """What to post, and where."""

    channel: str = Field(
        "", pattern=r"^[A-Z0-9]*$", description="The id of a channel or person; else the connection's."
    )
    thread: str = Field("", description="The message that this one stands below: its channel/ts, or its ts.")


class ReplyOptions(MessageOptions):
    """What to reply, and to what."""

    to: Target = Field(description="The message to answer: channel/ts, or the event that brought it.")
    broadcast: bool = Field(False, description="Whether the channel sees the answer too, and not its thread alone.")


class Post(PublishAction):
    """Posts a message to a channel, a thread or a person on Slack.

    use: slack.post
    with: {connection: team, text: "A complaint: ${{ event.url }}", mention: [U061F7AUR]}
    """

    name = "slack.post"
    Options = PostOptions

    def draft(self, options: Any) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


class Reply(ReplyAction):
    """Answers a message on Slack, in its thread.

    use: slack.reply
    with: {connection: team, to: "${{ event }}", text: We are on it., broadcast: true}
    """

    name = "slack.reply"
    Options = ReplyOptions

    def draft(self, options: Any) -> Draft:  # noqa: D102
        return _with(super().draft(options), options)


_OWN = {"markdown", "blocks", "mention", "preview", "channel", "thread", "broadcast"}


def _with(draft: Draft, options: WordsOptions) -> Draft:
    return draft.model_copy(update={"options": options.model_dump(mode="json", include=_OWN)})

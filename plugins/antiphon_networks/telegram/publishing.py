"""Posting and replying, with what only Telegram has."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from antiphon import Draft, PublishAction, ReplyAction, Target, WordsOptions
from antiphon_networks.telegram.parts import Part


class MessageOptions(WordsOptions):
    """What posts and replies have in common."""

    text: str = Field("", description="What to say, in plain text; up to 4,096 UTF-16 code units, 1,024 below media.")
    parts: tuple[Part, ...] = Field((), description="The text in parts instead, each with its style and its link.")
    silent: bool = Field(False, description="Whether it comes without a sound.")
    preview: bool = Field(True, description="Whether the first link is shown with a preview.")

    @model_validator(mode="after")
    def _has_one_text(self) -> MessageOptions:
        if self.text and self.parts:
            raise ValueError("a message has `text` or `parts`, not both")
        return self


class PostOptions(MessageOptions):
    """What to post, and where."""

    chat: str = Field("", description="The id or @name of the chat; that of the connection when left out.")
    topic: int | None = Field(None, description="The id of a topic of a forum.")


class ReplyOptions(MessageOptions):
    """What to reply, and to what."""

    to: Target = Field(description="The message to answer: chat/message, or the event that brought it.")


class Post(PublishAction):
    """Posts a message to a chat or channel on Telegram.

    use: telegram.post
    with:
      connection: announcements
      parts:
        - {text: "New roast: "}
        - {text: "${{ event.title }}", style: bold, url: "${{ event.url }}"}
    """

    name = "telegram.post"
    Options = PostOptions

    def draft(self, options: Any) -> Draft:  # noqa: D102
        return _with(super().draft(options), options, "parts", "silent", "preview", "chat", "topic")


class Reply(ReplyAction):
    """Answers a message on Telegram, in the chat that it stands in.

    use: telegram.reply
    with: {connection: announcements, to: "${{ event }}", text: Thank you!, silent: true}
    """

    name = "telegram.reply"
    Options = ReplyOptions

    def draft(self, options: Any) -> Draft:  # noqa: D102
        return _with(super().draft(options), options, "parts", "silent", "preview")


def _with(draft: Draft, options: WordsOptions, *names: str) -> Draft:
    told = options.model_dump(mode="json", include=set(names))
    return draft.model_copy(update={"options": told})

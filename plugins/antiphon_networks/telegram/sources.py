"""What a Telegram bot hears."""

from __future__ import annotations

from pydantic import Field

from antiphon import MentionsSource, Options, Page, Source
from antiphon_networks.telegram.abilities import Reader


class ChatOptions(Options):
    """Where to listen."""

    chat: str = Field("", description="The id or @name of a chat; all that the bot is in when left out.")


class Messages(Source):
    """Messages of the chats that the bot is in; in groups it hears all of them only with its privacy mode off.

    poll:
      source: telegram.messages
      with: {connection: announcements}
      every: 1m
    """

    name = "telegram.messages"
    event = "message.received"
    Options = ChatOptions

    def fetch(self, options: ChatOptions, client: Reader, cursor: str | None) -> Page:  # noqa: D102
        wanted = options.chat.lstrip("@").lower()
        return client.said(
            cursor,
            self.event,
            self.name,
            lambda message: (
                not wanted or wanted in (str(message["chat"]["id"]), str(message["chat"].get("username") or "").lower())
            ),
        )


class Mentions(MentionsSource):
    """Messages to the bot: to it alone, in answer to it, or with its name.

    poll:
      source: telegram.mentions
      with: {connection: announcements}
      every: 1m
    """

    name = "telegram.mentions"

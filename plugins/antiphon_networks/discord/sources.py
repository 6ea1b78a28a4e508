"""What a Discord bot can ask for again and again."""

from __future__ import annotations

from pydantic import Field

from antiphon import Options, Page, Source
from antiphon_networks.discord.abilities import Reader


class ChannelOptions(Options):
    """Where to listen."""

    channel: str = Field(
        "", pattern=r"^\d*$", description="The id of a channel or thread; that of the connection when left out."
    )


class Messages(Source):
    """Messages of others in a channel; their text is there only with the bot's Message Content Intent.

    poll:
      source: discord.messages
      with: {connection: community_server}
      every: 1m
    """

    name = "discord.messages"
    event = "message.received"
    Options = ChannelOptions

    def fetch(self, options: ChannelOptions, client: Reader, cursor: str | None) -> Page:  # noqa: D102
        ours = str(client.me()["id"])
        return client.said(
            cursor, self.event, self.name, lambda one: str(one["author"]["id"]) != ours, channel=options.channel
        )

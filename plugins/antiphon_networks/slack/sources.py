"""What a Slack app can ask for again and again."""

from __future__ import annotations

from pydantic import Field

from antiphon import Options, Page, Source
from antiphon_networks.slack.abilities import Reader


class ChannelOptions(Options):
    """Where to listen."""

    channel: str = Field(
        "", pattern=r"^[A-Z0-9]*$", description="The id of a channel; that of the connection when left out."
    )


class Messages(Source):
    """Messages of others in a channel that the app is in, but for those in its threads.

    poll:
      source: slack.messages
      with: {connection: team}
      every: 1m
    """

    name = "slack.messages"
    event = "message.received"
    Options = ChannelOptions

    def fetch(self, options: ChannelOptions, client: Reader, cursor: str | None) -> Page:  # noqa: D102
        ours = str(client.me()["user_id"])
        return client.said(cursor, self.event, self.name, lambda one: one.get("user") != ours, channel=options.channel)

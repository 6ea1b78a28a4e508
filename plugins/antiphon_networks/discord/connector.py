"""A connection to one bot on Discord."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import httpx
from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.addresses import guarded_address, single_token
from antiphon_networks.discord.abilities import Reader, Writer
from antiphon_networks.discord.client import AGENT
from antiphon_networks.discord.rules import LIMITS
from antiphon_networks.discord.sources import Messages


class DiscordOptions(Options):
    """A bot on Discord."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[SecretStr, AfterValidator(single_token)] = Field(
        description="The bot's token (Developer Portal → Bot); it needs View Channel, Send Messages and Read Message "
        "History."
    )
    channel: str = Field(
        "", pattern=r"^\d*$", description="The id of the channel that posts go to, and that is listened to."
    )
    server: Annotated[str, AfterValidator(guarded_address)] = Field(
        "https://discord.com", description="The address of Discord."
    )


class Discord(Connector):
    """A bot on Discord, which posts to a channel and listens there.

    [connections.community_server]
    connector = "discord"
    token = "${{ secrets.discord_token }}"
    channel = "290926798999357250"

    It never calls anybody who is not listed in `mention`, whatever stands in a text.
    """

    name = "discord"
    Options = DiscordOptions
    reader_class = Reader
    writer_class = Writer
    limits = LIMITS
    sources = (Messages,)
    idempotency = {"post": "native", "reply": "native", "message": "native", "edit": "lookup", "delete": "lookup"}

    def __init__(self, connection: str, options: DiscordOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        headers = {"Authorization": f"Bot {options.token.get_secret_value()}", "User-Agent": AGENT}
        self._client = http.client(f"{options.server.rstrip('/')}/api/v10", headers)
        self._reader, self._writer = Reader(*self._account()), Writer(*self._account())

    def reader(self) -> Reader:  # noqa: D102
        return self._reader

    def writer(self) -> Writer:  # noqa: D102
        return self._writer

    def documented(self) -> Mapping[str, Any]:
        """Any channel is one of a server, whose number only links need. The limits are those of `limits.toml`."""
        return {
            "/api/v10/users/@me": {"id": "0", "username": self.connection},
            "/api/v10/channels/*": {"id": "0", "guild_id": "0"},
        }

    def check(self) -> str:  # noqa: D102
        name = self._reader.me().get("username")
        if not self._reader.home:
            return f"{name}, without a channel of its own"
        channel = self._reader.channel(self._reader.home)
        return f"{name}, posting to #{channel.get('name') or self._reader.home}"

    def _account(self) -> tuple[str, httpx.Client, Clock, str]:
        return self.connection, self._client, self.clock, self.options.channel

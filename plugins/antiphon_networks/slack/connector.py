"""A connection to one app in a workspace of Slack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import httpx
from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.addresses import guarded_address, single_token
from antiphon_networks.slack.abilities import Reader, Writer
from antiphon_networks.slack.rules import LIMITS
from antiphon_networks.slack.sources import Messages


class SlackOptions(Options):
    """An app in a workspace of Slack."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[SecretStr, AfterValidator(single_token)] = Field(
        description="The app's bot token, xoxb-…, with the scopes chat:write and channels:history; and files:write for "
        "images, groups:history for private channels."
    )
    channel: str = Field(
        "", pattern=r"^[A-Z0-9]*$", description="The id of the channel that posts go to, and that is listened to."
    )
    server: Annotated[str, AfterValidator(guarded_address)] = Field(
        "https://slack.com", description="The address of Slack."
    )


class Slack(Connector):
    """An app in a workspace of Slack, which posts to a channel and listens there.

    [connections.team]
    connector = "slack"
    token = "${{ secrets.slack_token }}"
    channel = "C012AB3CD"

    It never calls anybody who is not listed in `mention`, whatever stands in a text.
    """

    name = "slack"
    Options = SlackOptions
    reader_class = Reader
    writer_class = Writer
    limits = LIMITS
    sources = (Messages,)
    idempotency = {"post": "lookup", "reply": "lookup", "message": "lookup", "edit": "lookup", "delete": "lookup"}

    def __init__(self, connection: str, options: SlackOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        token = options.token.get_secret_value()
        self._client = http.client(options.server, {"Authorization": f"Bearer {token}"})
        self._reader, self._writer = Reader(*self._account()), Writer(*self._account())

    def reader(self) -> Reader:  # noqa: D102
        return self._reader

    def writer(self) -> Writer:  # noqa: D102
        return self._writer

    def documented(self) -> Mapping[str, Any]:
        """An app in a workspace, whose address only links need. The limits are those of `limits.toml`."""
        name = self.connection
        me = {"user_id": "U0", "bot_id": "B0", "user": name, "team": name, "url": "https://rehearsal.invalid/"}
        return {"/api/auth.test": {"ok": True, **me}}

    def check(self) -> str:  # noqa: D102
        me = self._reader.me()
        home = self._reader.home
        if not home:
            return f"{me.get('user')} in {me.get('team')}, without a channel of its own"
        self._reader.newest(home, 1)
        return f"{me.get('user')} in {me.get('team')}, posting to {home}"

    def _account(self) -> tuple[str, httpx.Client, Clock, str]:
        return self.connection, self._client, self.clock, self.options.channel

"""A connection to one bot on Telegram."""

from __future__ import annotations

import re
from typing import Annotated

import httpx
from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.addresses import guarded_address
from antiphon_networks.telegram.abilities import Reader, Writer
from antiphon_networks.telegram.composing import addressed
from antiphon_networks.telegram.rules import LIMITS
from antiphon_networks.telegram.sources import Mentions, Messages

_TOKEN = re.compile(r"[A-Za-z0-9:_-]+")
"""It becomes a part of a path, and nothing in it may end that."""


def _token(secret: SecretStr) -> SecretStr:
    token = secret.get_secret_value().strip()
    if not _TOKEN.fullmatch(token):
        raise ValueError("this is no token of a bot, which looks like 123456:ABC-DEF and comes from @BotFather")
    return SecretStr(token)


class TelegramOptions(Options):
    """A bot on Telegram."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[SecretStr, AfterValidator(_token)] = Field(description="The bot's token, from @BotFather.")
    chat: str = Field(
        "",
        pattern=r"^$|^-?\d+$|^@?[A-Za-z]\w+$",
        description="The chat that posts go to: its id, such as -1001234567890, or its @name.",
    )
    server: Annotated[str, AfterValidator(guarded_address)] = Field(
        "https://api.telegram.org", description="The address of the Bot API, for those who run their own."
    )


class Telegram(Connector):
    """A bot on Telegram, which posts to a channel or group and talks with people.

    [connections.announcements]
    connector = "telegram"
    token = "${{ secrets.telegram_token }}"
    chat = "@torrea"

    A bot cannot read back what it wrote, so a post in doubt is for a person. Alt texts have no place on Telegram.
    """

    name = "telegram"
    Options = TelegramOptions
    reader_class = Reader
    writer_class = Writer
    limits = LIMITS
    sources = (Messages, Mentions)
    idempotency = {"post": "none", "reply": "none", "message": "none", "edit": "native", "delete": "native"}

    def __init__(self, connection: str, options: TelegramOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        self._client = http.client(options.server)
        self._reader, self._writer = Reader(*self._account()), Writer(*self._account())

    def reader(self) -> Reader:  # noqa: D102
        return self._reader

    def writer(self) -> Writer:  # noqa: D102
        return self._writer

    def check(self) -> str:  # noqa: D102
        me = self._reader.me()
        home = self._reader.home
        if not home:
            return f"@{me.get('username')}, without a chat of its own"
        chat = self._reader.chat(addressed(home))
        return f"@{me.get('username')}, posting to {chat.get('title') or chat.get('first_name') or home}"

    def _account(self) -> tuple[str, httpx.Client, str, Clock, str]:
        token = self.options.token.get_secret_value()
        return self.connection, self._client, token, self.clock, self.options.chat

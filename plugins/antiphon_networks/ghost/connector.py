"""A connection to one Ghost site."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.ghost.abilities import Reader, Writer
from antiphon_networks.ghost.answers import NOTICED, told_apart
from antiphon_networks.ghost.client import LIMITS, VERSION
from antiphon_networks.ghost.entities import ROOM
from antiphon_networks.ghost.sources import Comments, Members, Posts
from antiphon_networks.ghost.tokens import SignedByKey
from antiphon_networks.sites import site_address

_KEY = re.compile(r"[0-9a-f]{24}:(?:[0-9a-f]{2})+")


def _site(text: Any) -> str:
    """The address of the site itself, where a person has copied that of its editor."""
    return site_address(text).removesuffix(ROOM).removesuffix("/ghost")


def _key(secret: SecretStr) -> SecretStr:
    key = secret.get_secret_value().strip().lower()
    if not _KEY.fullmatch(key):
        raise ValueError("this is no Admin API key: it has 24 digits, a colon, and more digits (0-9, a-f)")
    return SecretStr(key)


class GhostOptions(Options):
    """An integration of a Ghost site."""

    model_config = ConfigDict(hide_input_in_errors=True)

    site: Annotated[str, BeforeValidator(_site)] = Field(
        description="The address of the site, or of its admin where that is elsewhere, such as https://magazine.example.org."
    )
    key: Annotated[SecretStr, AfterValidator(_key)] = Field(
        description="The Admin API key of a custom integration (Settings → Integrations), or somebody's staff token."
    )
    member: str = Field(
        "", description="The e-mail address of the member as whom to comment.", pattern=r"^([^@\s]+@[^@\s]+)?$"
    )


class Ghost(Connector):
    """A Ghost site, by its Admin API.

    [connections.magazine]
    connector = "ghost"
    site = "https://magazine.example.org"
    key = "${{ secrets.magazine_key }}"
    member = "team@example.org"
    """

    name = "ghost"
    Options = GhostOptions
    reader_class = Reader
    writer_class = Writer
    sources = (Comments, Posts, Members)
    idempotency = {"post": "lookup", "reply": "lookup", "edit": "lookup", "delete": "lookup"}
    limits = LIMITS

    def __init__(self, connection: str, options: GhostOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        headers = {"Accept-Version": VERSION, "Accept": "application/json"}
        self._client = http.client(f"{options.site}{ROOM}", headers)
        self._client.auth = SignedByKey(options.key.get_secret_value(), clock)
        self._reader = Reader(connection, self._client, clock, options.member)

    def reader(self) -> Reader:  # noqa: D102
        return self._reader

    def writer(self) -> Writer:  # noqa: D102
        return Writer(self.connection, self._client, self.clock, self.options.member)

    def check(self) -> str:  # noqa: D102
        reader = Reader(self.connection, self._client, self.clock, self.options.member)
        site, account = reader.site(), reader.account()
        roles = ", ".join(str(role["name"]) for role in account.get("roles", ())) if account else ""
        who = f"{account['name']} ({roles or 'no role'})" if account else "an integration"
        speaker = (
            f", commenting as {reader.speaker().get('name') or self.options.member}" if self.options.member else ""
        )
        told = f"{who} on “{site['title']}”, {reader.server} (Ghost {site['version']}){speaker}"
        return f"{told}. {told_apart(reader.ahead)}" if abs(reader.ahead) > NOTICED else told

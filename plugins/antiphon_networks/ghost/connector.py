"""A connection to one Ghost site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.addresses import single_token
from antiphon_networks.ghost.abilities import Reader, Writer
from antiphon_networks.ghost.answers import NOTICED, told_apart
from antiphon_networks.ghost.client import LIMITS, VERSION
from antiphon_networks.ghost.entities import ROOM
from antiphon_networks.ghost.sources import Comments, Members, Posts
from antiphon_networks.ghost.tokens import SignedByKey
from antiphon_networks.sites import site_address


def _site(text: Any) -> str:
    """The address of the site itself, where a person has copied that of its editor."""
    return site_address(text).removesuffix(ROOM).removesuffix("/ghost")


_SOME = "0" * 24


class GhostOptions(Options):
    """An integration of a Ghost site."""

    model_config = ConfigDict(hide_input_in_errors=True)

    site: Annotated[str, BeforeValidator(_site)] = Field(
        description="The address of the site, or of its admin where that is elsewhere, such as https://magazine.example.org."
    )
    key: Annotated[SecretStr, AfterValidator(single_token)] = Field(
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

    def documented(self) -> Mapping[str, Any]:
        """A site that has the member of the connection, and whatever comment is answered."""

        def comments(asked: Mapping[str, str]) -> Mapping[str, Any]:
            return {"comments": [{"id": asked["filter"].split("'")[1], "post": {"id": _SOME}}]}

        room = f"{urlsplit(self.options.site).path}{ROOM}"
        return {f"{room}/members": {"members": [{"id": _SOME}]}, f"{room}/comments": comments}

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

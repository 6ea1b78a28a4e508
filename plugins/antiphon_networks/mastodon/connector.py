"""A connection to one account on a Mastodon server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.addresses import single_token
from antiphon_networks.mastodon.abilities import Reader, Writer
from antiphon_networks.mastodon.entities import handle
from antiphon_networks.mastodon.rules import LIMITS
from antiphon_networks.mastodon.sources import Mentions, Search, Timeline
from antiphon_networks.servers import Server, server_of


class MastodonOptions(Options):
    """An account on a Mastodon server."""

    model_config = ConfigDict(hide_input_in_errors=True)

    server: Server = Field(description="The address of the server, such as https://mastodon.social.")
    token: Annotated[SecretStr, AfterValidator(single_token)] = Field(
        description="An access token of the account, with the scopes read, write:statuses, write:favourites "
        "and, for media and profiles, write:media and write:accounts (Preferences → Development → New application)."
    )


class Mastodon(Connector):
    """An account on a Mastodon server, or on one that speaks its client API.

    [connections.brand]
    connector = "mastodon"
    server = "https://mastodon.social"
    token = "${{ secrets.mastodon_token }}"
    """

    name = "mastodon"
    Options = MastodonOptions
    reader_class = Reader
    writer_class = Writer
    limits = LIMITS
    sources = (Mentions, Timeline, Search)
    idempotency = {
        "post": "native",
        "reply": "native",
        "boost": "lookup",
        "unboost": "lookup",
        "favourite": "lookup",
        "unfavourite": "lookup",
        "edit": "lookup",
        "delete": "lookup",
        "message": "native",
        "profile": "lookup",
    }

    def __init__(self, connection: str, options: MastodonOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        token = options.token.get_secret_value()
        self._client = http.client(options.server, {"Authorization": f"Bearer {token}", "Accept": "application/json"})
        self._reader = Reader(connection, self._client, clock)

    def reader(self) -> Reader:  # noqa: D102
        return self._reader

    def writer(self) -> Writer:  # noqa: D102
        return Writer(self.connection, self._client, self.clock)

    def documented(self) -> Mapping[str, Any]:
        """A server that allows what `limits.toml` says, and an account named after the connection."""
        name, server = self.connection, server_of(self.options.server)
        return {
            "/api/v2/instance": {"domain": server},
            "/api/v1/accounts/verify_credentials": {"id": "0", "acct": name, "username": name},
        }

    def check(self) -> str:  # noqa: D102
        account = self._reader.account()
        followers = int(account.get("followers_count") or 0)
        return f"@{handle(account, self._reader.instance().domain)}, {followers:,} followers"

"""A connection to one account on Bluesky, or on another server of the AT Protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.bluesky.abilities import Reader, Writer
from antiphon_networks.bluesky.client import RESOLVE_HANDLE
from antiphon_networks.bluesky.identifiers import is_did, is_handle
from antiphon_networks.bluesky.rules import LIMITS
from antiphon_networks.bluesky.session import Session
from antiphon_networks.bluesky.sources import Comments, Mentions, Search, Timeline
from antiphon_networks.servers import Server


def _identifier(text: Any) -> str:
    name = text.strip().removeprefix("@") if isinstance(text, str) else ""
    if is_did(name):
        return name
    if not is_handle(name):
        raise ValueError(f"{text!r} is no handle; write it in full, such as torrea.bsky.social, or as did:plc:…")
    return name.lower()


def _app_password(secret: SecretStr) -> SecretStr:
    password = secret.get_secret_value().strip()
    if not password or not password.isascii() or not password.isprintable() or " " in password:
        raise ValueError("this is no app password, which looks like xxxx-xxxx-xxxx-xxxx")
    return SecretStr(password)


class BlueskyOptions(Options):
    """An account on Bluesky."""

    model_config = ConfigDict(hide_input_in_errors=True)

    server: Server = Field("https://bsky.social", description="The address of the server that keeps the account.")
    handle: Annotated[str, BeforeValidator(_identifier)] = Field(
        description="The full handle, such as torrea.bsky.social, or the DID, which stays when the handle changes."
    )
    app_password: Annotated[SecretStr, AfterValidator(_app_password)] = Field(
        description="An app password of the account (Settings → Privacy and security → App passwords)."
    )


class Bluesky(Connector):
    """An account on Bluesky, or on another server of the AT Protocol that the network's index knows.

    [connections.sky]
    connector = "bluesky"
    handle = "torrea.bsky.social"
    app_password = "${{ secrets.bluesky_app_password }}"

    A post has 300 characters, as a person counts them, and 3,000 bytes; up to four images of 2 MB with their alt texts;
    and cannot be edited. What is published gets a record key that is made of the effect's own, so that a repetition can
    only find the first. Mentions, searches and counts come from the network's index, which is some seconds behind.
    """

    name = "bluesky"
    Options = BlueskyOptions
    reader_class = Reader
    writer_class = Writer
    sources = (Mentions, Comments, Timeline, Search)
    limits = LIMITS
    idempotency = {
        "post": "native",
        "reply": "native",
        "repost": "native",
        "unrepost": "native",
        "like": "native",
        "unlike": "native",
        "delete": "native",
    }

    def __init__(self, connection: str, options: BlueskyOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        self._client = http.client(options.server, {"Accept": "application/json"})
        self._session = Session(self._client, options.handle, options.app_password, http.tokens(clock), clock)
        self._reader = Reader(connection, self._client, self._session, clock)
        self._writer = Writer(connection, self._client, self._session, clock)

    def reader(self) -> Reader:  # noqa: D102
        return self._reader

    def writer(self) -> Writer:  # noqa: D102
        return self._writer

    def documented(self) -> Mapping[str, Any]:
        """Any handle is somebody's, and any post is there, and the first of its thread."""

        def record(asked: Mapping[str, str]) -> Mapping[str, Any]:
            return {
                "uri": f"at://{asked['repo']}/{asked['collection']}/{asked['rkey']}",
                "cid": "rehearsal",
                "value": {},
            }

        return {
            RESOLVE_HANDLE: {"did": "did:web:rehearsal.invalid"},
            "/xrpc/com.atproto.server.createSession": {"accessJwt": "rehearsal", "refreshJwt": "rehearsal"},
            "/xrpc/com.atproto.repo.getRecord": record,
        }

    def check(self) -> str:  # noqa: D102
        account = self._reader.account()
        return f"@{account['handle']} ({account['did']}) on {self._reader.server}"

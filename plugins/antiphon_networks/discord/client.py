"""What can be asked of Discord, and what can be done there (docs.discord.com, API v10, 2026-08-06)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from antiphon import Clock, Outcome, Receipt, Upload
from antiphon_networks.api import Api
from antiphon_networks.discord.answers import translated

Json = Mapping[str, Any]
Done = Callable[[httpx.Response], Receipt]

PAGE = 100
"""The longest page of messages."""

AGENT = "DiscordBot (antiphon, 1)"
"""How a program must call itself (reference, "User Agent")."""


class DiscordReader:
    """One bot's view of Discord; it cannot write. Methods raise as `Api.read` does."""

    def __init__(self, connection: str, client: httpx.Client, clock: Clock) -> None:
        self.connection = connection
        self._api = Api("Discord", client, clock, translated)
        self._me: Json | None = None
        self._channels: dict[str, Json] = {}

    def me(self) -> Json:
        """The bot itself."""
        if self._me is None:
            self._me = self._api.read(lambda client: client.get("/users/@me"), _entity)
        return self._me

    def channel(self, channel: str) -> Json:
        """A channel or thread, asked for once."""
        if channel not in self._channels:
            self._channels[channel] = self._api.read(lambda client: client.get(f"/channels/{channel}"), _entity)
        return self._channels[channel]

    def guild(self, channel: str) -> str:
        """The id of the server that a channel is on, or `@me` for a talk with one person."""
        return str(self.channel(channel).get("guild_id") or "@me")

    def look_up(self, channel: str, message: str) -> Json | None:
        """One message, or None when it is not there."""
        return self._api.find(lambda client: client.get(f"/channels/{channel}/messages/{message}"), _entity)

    def messages(self, channel: str, *, after: str = "", before: str = "") -> Sequence[Json]:
        """One page of messages, oldest first: those right after an id, those right before one, or the newest ones."""
        asked = {"limit": str(PAGE), **({"after": after} if after else {}), **({"before": before} if before else {})}
        return self._api.read(lambda client: client.get(f"/channels/{channel}/messages", params=asked), _oldest_first)


class DiscordWriter(DiscordReader):
    """One bot, with the right to write. Each method sends once and tells what became of it."""

    def create(self, channel: str, message: Json, media: Sequence[Upload], done: Done) -> Outcome:
        """Send a message; `nonce` with `enforce_nonce` is answered with the first one for some minutes."""
        return self._api.write(lambda client: _posted(client, f"/channels/{channel}/messages", message, media), done)

    def change(self, channel: str, message: str, content: Json, done: Done) -> Outcome:
        """Put something else into a message of the bot's."""
        path = f"/channels/{channel}/messages/{message}"
        return self._api.write(lambda client: client.patch(path, json=dict(content)), done)

    def take_back(self, channel: str, message: str, done: Done) -> Outcome:
        """Delete a message, for good."""
        path = f"/channels/{channel}/messages/{message}"
        return self._api.write(lambda client: client.delete(path), done)


def _posted(client: httpx.Client, path: str, message: Json, media: Sequence[Upload]) -> httpx.Response:
    if not media:
        return client.post(path, json=dict(message))
    described = [
        {"id": str(index), "filename": one.medium.name, "description": one.medium.alt or None}
        for index, one in enumerate(media)
    ]
    files = {f"files[{index}]": (one.medium.name, one.content, one.medium.type) for index, one in enumerate(media)}
    return client.post(path, data={"payload_json": json.dumps({**message, "attachments": described})}, files=files)


def _entity(body: Any) -> Json:
    if not isinstance(body, dict) or "id" not in body:
        raise TypeError("not an object with an id")
    return body


def _oldest_first(body: Any) -> Sequence[Json]:
    if not isinstance(body, list):
        raise TypeError("not a list of messages")
    return sorted(body, key=lambda message: int(message["id"]))

"""Looking back: whether a message that is in doubt stands in its channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from antiphon_networks.discord.client import DiscordReader
from antiphon_networks.discord.entities import moment, remote_id

Json = Mapping[str, Any]

_MOST_PAGES = 10


class TooMany(ValueError):
    """So much was said since that nobody has looked through all of it."""


def look_back(
    wanted: Json, nonce: str, client: DiscordReader, since: datetime, made: Callable[[str], bool]
) -> Json | None:
    """The message since then that has our nonce; or else the oldest without one that says the same in the same place
    and is no other act's; None when there surely is none. Raises TooMany."""
    channel, before, found = wanted["channel"], "", None
    ours = str(client.me()["id"])
    for _ in range(_MOST_PAGES):
        page = client.messages(channel, before=before)
        recent = [one for one in page if moment(one["timestamp"]) >= since and str(one["author"]["id"]) == ours]
        for message in recent:
            if str(message.get("nonce") or "") == nonce:
                return message
        unnamed = (one for one in recent if not one.get("nonce"))
        same = (one for one in unnamed if says(one, wanted["message"]) and not made(remote_id(one)))
        found = next(same, found)
        if not page or moment(page[0]["timestamp"]) < since:
            return found
        before = str(page[0]["id"])
    if found is None:
        raise TooMany("There are too many messages since to look through.")
    return found


def says(message: Json, wanted: Json) -> bool:
    """Whether a message says what another would, in the same place."""
    answered = str((message.get("message_reference") or {}).get("message_id") or "")
    return (
        str(message["content"]).strip() == wanted["content"]
        and answered == str((wanted.get("message_reference") or {}).get("message_id") or "")
        and _titles(message) == _titles(wanted)
    )


def _titles(message: Json) -> list[tuple[str, str]]:
    """Of the cards that somebody wrote; the server adds others for the links in a text."""
    embeds = (one for one in message.get("embeds") or () if one.get("type", "rich") == "rich")
    return [(str(one.get("title") or ""), str(one.get("description") or "")) for one in embeds]

"""Discord's JSON as our nouns (resources/message, resources/user, 2026-08-06).

Every function here raises KeyError, TypeError or ValueError when the JSON is not what the documentation says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from antiphon import Event, Person, Post
from antiphon_networks.discord.escaping import shown

Json = Mapping[str, Any]

SPOKEN = (0, 19)
"""Types of messages in which somebody says something: plain ones and replies. The rest the server says itself."""

_LINK = re.compile(r"https?://[^\s<>]+")


def moment(text: str) -> datetime:
    """A time of the API, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def remote_id(message: Json) -> str:
    """What names a message: its channel's id, which every act on it needs, and its own."""
    return f"{message['channel_id']}/{message['id']}"


def link(message: Json, guild: str) -> str:
    """Where a message can be seen by those who are on the server."""
    return f"https://discord.com/channels/{guild}/{message['channel_id']}/{message['id']}"


def person(user: Json) -> Person:
    """Who wrote it."""
    return Person(
        id=f"discord:{user['id']}",
        network="discord",
        handle=str(user["username"]),
        name=str(user.get("global_name") or user["username"]),
        facts={"bot": bool(user.get("bot"))},
    )


def post(message: Json, guild: str) -> Post:
    """What a message says, with the names of those whom it mentions in the place of their ids."""
    named = {str(user["id"]): str(user.get("username", "")) for user in message.get("mentions", ())}
    content = re.sub(r"<@!?(\d+)>", lambda found: f"@{named.get(found[1]) or found[1]}", str(message["content"]))
    answered = message.get("message_reference") or {}
    reactions = [int(one.get("count", 0)) for one in message.get("reactions", ())]
    return Post(
        id=remote_id(message),
        network="discord",
        url=link(message, guild),
        text=shown(content),
        author=person(message["author"]),
        at=moment(message["timestamp"]),
        in_reply_to=f"{message['channel_id']}/{answered['message_id']}" if answered.get("message_id") else "",
        links=tuple(dict.fromkeys(_LINK.findall(content))),
        likes=sum(reactions),
    )


def heard(message: Json, guild: str, connection: str, type_: str, source: str) -> tuple[Event, Person]:
    """Somebody said something in a channel."""
    said = post(message, guild)
    data = said.as_event_data()
    event = Event(
        id=f"discord:message:{said.id}",
        type=type_,
        at=said.at,
        data={
            **data,
            "author": {**data["author"], **said.author.facts},
            "channel": str(message["channel_id"]),
            "account": connection,
        },
        source=source,
    )
    return event, said.author

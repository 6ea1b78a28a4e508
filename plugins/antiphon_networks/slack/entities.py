"""Slack's JSON as our nouns (docs.slack.dev, "message event" and conversations.history, 2026-08-05).

Every function here raises KeyError, TypeError or ValueError when the JSON is not what the documentation says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from antiphon import Event, Person, Post
from antiphon_networks.slack.escaping import links, shown

Json = Mapping[str, Any]

SPOKEN = ("", "bot_message", "me_message", "file_share", "thread_broadcast")
"""Kinds of messages in which somebody says something; the rest tell who came and went."""


def moment(ts: str) -> datetime:
    """The time of a message, in UTC; the digits behind the point are a number, and no time."""
    return datetime.fromtimestamp(int(ts.partition(".")[0]), UTC)


def link(channel: str, ts: str, workspace: str, thread: str = "") -> str:
    """Where a message can be seen, by those who are in the workspace; as chat.getPermalink makes it."""
    address = f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != ts else address


def person(message: Json) -> Person:
    """Who wrote it: Slack tells ids only, by which people are mentioned too."""
    user = str(message.get("user") or message["bot_id"])
    name = str((message.get("bot_profile") or {}).get("name") or message.get("username") or "")
    bot = bool(message.get("bot_id"))
    return Person(id=f"slack:{user}", network="slack", handle=user, name=name, facts={"bot": bot})


def post(message: Json, channel: str, workspace: str) -> Post:
    """What a message says."""
    ts, thread, text = str(message["ts"]), str(message.get("thread_ts") or ""), str(message.get("text") or "")
    return Post(
        id=f"{channel}/{ts}",
        network="slack",
        url=link(channel, ts, workspace, thread),
        text=shown(text),
        author=person(message),
        at=moment(ts),
        in_reply_to=f"{channel}/{thread}" if thread and thread != ts else "",
        links=tuple(dict.fromkeys(links(text))),
        likes=sum(int(one.get("count", 0)) for one in message.get("reactions", ())),
        replies=int(message.get("reply_count", 0)),
    )


def heard(
    message: Json, channel: str, workspace: str, connection: str, type_: str, source: str
) -> tuple[Event, Person]:
    """Somebody said something in a channel."""
    said = post(message, channel, workspace)
    data = said.as_event_data()
    event = Event(
        id=f"slack:{workspace}:message:{said.id}",
        type=type_,
        at=said.at,
        data={
            **data,
            "author": {**data["author"], **said.author.facts},
            "channel": channel,
            "thread": str(message.get("thread_ts") or message["ts"]),
            "account": connection,
        },
        source=source,
    )
    return event, said.author

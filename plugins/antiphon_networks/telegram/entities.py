"""Telegram's JSON as our nouns (Bot API 10.1: Message, User, Chat, MessageEntity).

Every function here raises KeyError, TypeError or ValueError when the JSON is not what the documentation says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from antiphon import Event, Person, Post

Json = Mapping[str, Any]

_SUPERGROUP = "-100"


def person(message: Json) -> Person:
    """Who wrote it: a user, or the channel or group in whose name it stands."""
    user = message.get("from")
    if user is None:
        chat = message.get("sender_chat") or message["chat"]
        handle = str(chat.get("username") or chat["id"])
        name = str(chat.get("title") or "")
        return Person(id=f"telegram:{chat['id']}", network="telegram", handle=handle, name=name, facts={"bot": False})
    name = " ".join(str(part) for part in (user["first_name"], user.get("last_name")) if part)
    return Person(
        id=f"telegram:{user['id']}",
        network="telegram",
        handle=str(user.get("username") or user["id"]),
        name=name,
        language=str(user.get("language_code") or ""),
        facts={"bot": bool(user.get("is_bot"))},
    )


def remote_id(message: Json) -> str:
    """What names a message everywhere: its chat's id and its own, since messages are counted in each chat."""
    return f"{message['chat']['id']}/{int(message['message_id'])}"


def parts_of(remote_id: str) -> tuple[str, list[int]]:
    """The chat and the message that such a name is about; several messages when it is that of an album. Raises
    ValueError."""
    chat, _, numbers = remote_id.partition("/")
    if not chat:
        raise ValueError("no chat")
    return chat, [int(number) for number in numbers.split(",")]


def link(message: Json) -> str:
    """Where a message can be seen: in public chats by anybody, in groups and channels by those who are in it; a talk
    with one person has no such address (core.telegram.org/api/links, "Message links")."""
    chat, number = message["chat"], message["message_id"]
    if username := chat.get("username"):
        return f"https://t.me/{username}/{number}" if chat["type"] != "private" else ""
    if str(chat["id"]).startswith(_SUPERGROUP):
        return f"https://t.me/c/{str(chat['id']).removeprefix(_SUPERGROUP)}/{number}"
    return ""


def post(message: Json) -> Post:
    """What a message says: its text, or what stands below its media."""
    text = str(message.get("text") or message.get("caption") or "")
    entities = message.get("entities") or message.get("caption_entities") or ()
    original = message.get("reply_to_message")
    return Post(
        id=remote_id(message),
        network="telegram",
        url=link(message),
        text=text,
        author=person(message),
        at=datetime.fromtimestamp(int(message["date"]), UTC),
        in_reply_to=remote_id(original) if original else "",
        tags=tuple(words.lstrip("#") for kind, words in _marked(text, entities) if kind == "hashtag"),
        links=tuple(dict.fromkeys(_links(text, entities))),
    )


def heard(message: Json, connection: str, bot: str, type_: str, source: str) -> tuple[Event, Person]:
    """Somebody said something where the bot hears it."""
    said = post(message)
    chat = message["chat"]
    data = said.as_event_data()
    event = Event(
        id=f"telegram:{bot}:message:{said.id}",
        type=type_,
        at=said.at,
        data={
            **data,
            "author": {**data["author"], **said.author.facts},
            "chat": {"id": str(chat["id"]), "kind": str(chat["type"]), "name": str(chat.get("title") or "")},
            "account": connection,
        },
        source=source,
    )
    return event, said.author


def addresses(message: Json, bot: str, username: str) -> bool:
    """Whether a message is meant for the bot: said to it alone, in answer to it, or with its name."""
    original = message.get("reply_to_message") or {}
    text = str(message.get("text") or message.get("caption") or "")
    return (
        message["chat"]["type"] == "private"
        or str((original.get("from") or {}).get("id", "")) == bot
        or f"@{username}".lower() in (word.rstrip(".,:;!?").lower() for word in text.split())
    )


def _marked(text: str, entities: Any) -> list[tuple[str, str]]:
    units = text.encode("utf-16-le", "surrogatepass")
    return [
        (
            str(entity["type"]),
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le", "replace"),
        )
        for entity in entities
    ]


def _links(text: str, entities: Any) -> list[str]:
    plain = [words for kind, words in _marked(text, entities) if kind == "url"]
    return plain + [str(entity["url"]) for entity in entities if entity["type"] == "text_link"]

"""Mastodon's JSON as our nouns (mastodon/documentation, entities/*.md, 2026-07-02).

Every function here raises KeyError, TypeError or ValueError when the JSON is not what the documentation says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from antiphon import Account, Event, Limits, Metrics, Person, Post
from antiphon_networks.mastodon.rules import limits_of
from antiphon_networks.plain import plain

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Instance:
    """What a server says of itself: the domain of its accounts, and what it allows."""

    domain: str
    limits: Limits

    @classmethod
    def of(cls, entity: Json, on: date) -> Instance:
        """From `GET /api/v2/instance`, as it was asked on a day."""
        return cls(domain=str(entity["domain"]).lower(), limits=limits_of(entity, on))


def moment(text: str) -> datetime:
    """A time of the API, in UTC."""
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def handle(account: Json, domain: str) -> str:
    """The full address, `name@server`; the API leaves the server out of its own accounts."""
    acct = str(account["acct"])
    return acct if "@" in acct else f"{acct}@{domain}"


def person(account: Json, domain: str) -> Person:
    """An account. Its id is made of its address, which is the same on every server, unlike the number."""
    address = handle(account, domain)
    return Person(
        id=f"mastodon:{address}",
        network="mastodon",
        handle=address,
        name=str(account.get("display_name") or account["username"]),
        url=str(account.get("url") or ""),
        facts={"followers": account.get("followers_count"), "bot": bool(account.get("bot"))},
    )


def account(entity: Json, domain: str) -> Account:
    """An account with what it says of itself and its numbers; an account without a picture has one called missing."""
    last = entity.get("last_status_at")
    return Account(
        person=person(entity, domain),
        bio=plain(str(entity.get("note") or "")).text,
        followers=entity.get("followers_count"),
        following=entity.get("following_count"),
        posts=entity.get("statuses_count"),
        created_at=moment(entity["created_at"]),
        last_post_at=moment(last) if last else None,
        pictured=not str(entity.get("avatar") or "/missing.png").endswith("/missing.png"),
        bot=bool(entity.get("bot")),
    )


def post(status: Json, domain: str) -> Post:
    """A status. Its id is the one that this server knows it by, and that replies and boosts need."""
    content = plain(status["content"])
    return Post(
        id=str(status["id"]),
        network="mastodon",
        url=str(status.get("url") or status.get("uri") or ""),
        text=content.text,
        author=person(status["account"], domain),
        at=moment(status["created_at"]),
        language=status.get("language") or "",
        in_reply_to=str(status.get("in_reply_to_id") or ""),
        tags=tuple(str(tag["name"]) for tag in status.get("tags", ())),
        links=content.links,
        likes=status.get("favourites_count"),
        shares=status.get("reblogs_count"),
        replies=status.get("replies_count"),
    )


def mention(notification: Json, server: str, domain: str, connection: str) -> tuple[Event, Person]:
    """Somebody wrote to us."""
    said = post(notification["status"], domain)
    remote_id = str(notification["id"])
    event = Event(
        id=f"mastodon:{server}:mention:{remote_id}",
        type="mention.received",
        at=moment(notification["created_at"]),
        data={**_data(notification["status"], said, server, connection), "notification_id": remote_id},
        source="mastodon.mentions",
    )
    return event, said.author


def seen(status: Json, server: str, domain: str, connection: str, source: str) -> tuple[Event, Person]:
    """Somebody wrote, or boosted, something; a boost stands for the post that it boosts."""
    original = status.get("reblog") or status
    said = post(original, domain)
    data = _data(original, said, server, connection)
    if original is not status:
        data["boosted_by"] = handle(status["account"], domain)
    event = Event(id=f"mastodon:{server}:status:{said.id}", type="post.seen", at=said.at, data=data, source=source)
    return event, said.author


def comment(notification: Json, server: str, domain: str, connection: str) -> tuple[Event, Person]:
    """Somebody answered us below a status of ours."""
    heard, author = mention(notification, server, domain, connection)
    event = replace(heard, id=f"mastodon:{server}:comment:{heard.data['id']}", type="comment.received")
    return event, author


def published(status: Json, server: str, domain: str, connection: str) -> tuple[Event, Person]:
    """We said something ourselves, here or elsewhere."""
    said = post(status, domain)
    event = Event(
        id=f"mastodon:{server}:own:{said.id}",
        type="post.published",
        at=said.at,
        data=_data(status, said, server, connection),
        source="mastodon.own",
    )
    return event, said.author


def metrics(status: Json, at: datetime) -> Metrics:
    """What became of a status; Mastodon counts no views."""
    return Metrics(
        at=at,
        likes=status.get("favourites_count"),
        shares=status.get("reblogs_count"),
        replies=status.get("replies_count"),
        quotes=status.get("quotes_count"),
        raw=status,
    )


def _data(status: Json, said: Post, server: str, connection: str) -> dict[str, Any]:
    data = said.as_event_data()
    return {
        **data,
        "author": {**data["author"], **said.author.facts},
        "visibility": str(status.get("visibility", "")),
        "content_warning": str(status.get("spoiler_text", "")),
        "account": connection,
        "server": server,
    }

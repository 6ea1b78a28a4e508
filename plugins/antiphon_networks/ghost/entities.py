"""Ghost's JSON as our nouns (docs.ghost.org/admin-api, 2026-11-24).

Every function here raises KeyError, TypeError or ValueError when the JSON is not what the reference says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from antiphon import Event, Person
from antiphon_networks.plain import plain

Json = Mapping[str, Any]

ROOM = "/ghost/api/admin"
"""Where the API is, below the address of a site."""

COMMENT = "comment-"
"""What stands before the id of a comment, since ids of posts look the same."""


def moment(text: str) -> datetime:
    """A time of the API, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def born(item: Json) -> datetime:
    """When an item came to the site, whatever date it bears: its id begins with the second (BSON's ObjectId)."""
    return datetime.fromtimestamp(int(str(item["id"])[:8], 16), UTC)


def out_at(post: Json) -> datetime:
    """When a post came out."""
    return moment(str(post["published_at"]))


def words(html: Any) -> str:
    """HTML as plain text; nothing for None."""
    return plain(str(html or ""), show_links=False).text


def address_of(member: Any) -> str:
    """The e-mail address of a member, in small letters; empty for one who is gone."""
    return str(member.get("email") or "").strip().lower() if isinstance(member, Mapping) else ""


def somebody(member: Any, server: str) -> Person:
    """A member of the site, the same person as in e-mail; one who is gone has no name."""
    address = address_of(member)
    if not address:
        return Person(id=f"ghost:nobody@{server}", network="ghost", handle=f"nobody@{server}", name="")
    name = str(member.get("name") or "")
    return Person(id=f"email:{address}", network="email", handle=address, name=name)


def comment(found: Json, server: str, connection: str) -> tuple[Event, Person]:
    """A member wrote below a post."""
    author = somebody(found.get("member"), server)
    post = found["post"]
    answered = found.get("in_reply_to_id") or found.get("parent_id")
    data = {
        **_origin(server, connection, f"{COMMENT}{found['id']}"),
        "url": permalink(found),
        "text": words(found.get("html")),
        "author": _told(author),
        "post": str(post["id"]),
        "parent": str(found.get("parent_id") or ""),
        "in_reply_to": f"{COMMENT}{answered}" if answered else str(post["id"]),
        "status": str(found.get("status") or ""),
    }
    at = moment(str(found["created_at"]))
    event_id = f"ghost:{server}:{COMMENT}{found['id']}"
    return Event(id=event_id, type="comment.received", at=at, data=data, source="ghost.comments"), author


def permalink(comment: Json) -> str:
    """Where a comment can be seen, as Ghost itself writes it in its e-mails; empty where its post is not told."""
    address = (comment.get("post") or {}).get("url")
    return f"{address}#ghost-comments-{comment['id']}" if address else ""


def published(found: Json, server: str, connection: str) -> Event:
    """A post has come out."""
    data = {
        **_origin(server, connection, str(found["id"])),
        "url": str(found["url"]),
        "title": str(found["title"]),
        "text": words(found.get("html")),
        "excerpt": str(found.get("custom_excerpt") or found.get("excerpt") or ""),
    }
    event_id = f"ghost:{server}:post:{found['id']}"
    return Event(id=event_id, type="post.published", at=out_at(found), data=data, source="ghost.posts")


def joined(found: Json, server: str, connection: str) -> tuple[Event, Person]:
    """Somebody has become a member."""
    author = somebody(found, server)
    attribution = found.get("attribution")
    data = {
        **_origin(server, connection, str(found["id"])),
        "author": _told(author),
        "status": str(found.get("status") or ""),
        "subscribed": bool(found.get("subscribed")),
        "labels": [str(label["name"]) for label in found.get("labels") or ()],
        "referrer": str(attribution.get("referrer_source") or "") if isinstance(attribution, Mapping) else "",
    }
    event_id = f"ghost:{server}:member:{found['id']}"
    return Event(id=event_id, type="member.joined", at=born(found), data=data, source="ghost.members"), author


def server_of(url: str) -> str:
    """The host of a site, with its port and folder if it has such."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].lower() + parts.path.removesuffix("/").removesuffix(ROOM)


def _origin(server: str, connection: str, remote_id: str) -> dict[str, Any]:
    return {"network": "ghost", "server": server, "account": connection, "id": remote_id}


def _told(person: Person) -> dict[str, Any]:
    return person.model_dump(include={"id", "network", "handle", "name"})

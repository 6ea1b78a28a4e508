"""WordPress's JSON as our nouns (developer.wordpress.org/rest-api/reference, 2026-11-24).

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

COMMENT = "comment-"
"""What stands before the number of a comment, as in WordPress's own addresses: posts have numbers too."""


def moment(text: str) -> datetime:
    """A time of the API that ends in `_gmt`, in UTC."""
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def words(field: Any) -> str:
    """A text as plain text: a title, a content or an excerpt, as it was written or as it is shown."""
    text = field.get("raw") or field.get("rendered") or "" if isinstance(field, Mapping) else str(field or "")
    return plain(str(text), show_links=False).text


def commenter(comment: Json, server: str) -> Person:
    """Who wrote a comment: an account of the site, somebody with an address, or somebody with a name only.

    Where the site tells the address (to those who may moderate), the person is the same as in e-mail.
    """
    name = words(comment.get("author_name"))
    address = str(comment.get("author_email") or "").strip().lower()
    number = int(comment.get("author") or 0)
    if address and not number:
        return Person(id=f"email:{address}", network="email", handle=address, name=name)
    handle = f"{number}@{server}" if number else f"{name or 'anonymous'}@{server}"
    return Person(id=f"wordpress:{handle}", network="wordpress", handle=handle, name=name)


def comment(found: Json, server: str, connection: str) -> tuple[Event, Person]:
    """Somebody wrote below a post."""
    author = commenter(found, server)
    number, parent = int(found["id"]), int(found.get("parent") or 0)
    data = {
        "network": "wordpress",
        "server": server,
        "account": connection,
        "id": f"{COMMENT}{number}",
        "url": str(found.get("link") or ""),
        "text": words(found["content"]),
        "author": author.model_dump(include={"id", "network", "handle", "name"}),
        "post": str(found["post"]),
        "in_reply_to": f"{COMMENT}{parent}" if parent else str(found["post"]),
        "status": str(found.get("status") or ""),
    }
    return (
        Event(
            id=f"wordpress:{server}:{COMMENT}{number}",
            type="comment.received",
            at=moment(str(found["date_gmt"])),
            data=data,
            source="wordpress.comments",
        ),
        author,
    )


def published(found: Json, server: str, connection: str) -> Event:
    """A post of the account has come out."""
    data = {
        "network": "wordpress",
        "server": server,
        "account": connection,
        "id": str(found["id"]),
        "url": str(found["link"]),
        "title": words(found["title"]),
        "text": words(found["content"]),
        "excerpt": words(found.get("excerpt")),
    }
    return Event(
        id=f"wordpress:{server}:post:{found['id']}",
        type="post.published",
        at=moment(str(found["date_gmt"])),
        data=data,
        source="wordpress.posts",
    )


def server_of(url: str) -> str:
    """The host of a site, with its port and folder if it has such: numbers of posts are its own."""
    parts = urlsplit(url)
    path = parts.path.removesuffix("/").removesuffix("/wp-json")
    return parts.netloc.rpartition("@")[2].lower() + path

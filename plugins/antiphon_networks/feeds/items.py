"""What a feed is once it is read, whichever format it came in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from antiphon import Event, Person, Post


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `guid` is what the feed calls it, if it does; `at` is None when the feed gives no date."""

    guid: str
    title: str
    text: str
    link: str
    author: str
    at: datetime | None
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Sixteen hexadecimal digits: by the guid, else by the link, else by what it says. An entry that is changed
        under the same guid or link stays the same."""
        named = self.guid or self.link or "\n".join((self.title, self.text))
        return short_hash(named)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as its server shows it now: `items` in its own order, the format such as `Atom 1.0`."""

    title: str
    home: str
    language: str
    format: str
    items: tuple[Item, ...]


def short_hash(text: str) -> str:
    """Sixteen hexadecimal digits of SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def event(item: Item, feed: Feed, url: str, connection: str, now: datetime) -> Event:
    """A piece of news. It has the shape of a post, plus `title` and `feed`; without a date it happened `now`."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower()
    said = Post(
        id=item.identity,
        network="feed",
        url=item.link,
        text=item.text or item.title,
        author=Person(
            id=f"feed:{host}:{short_hash(item.author or feed.title)}",
            network="feed",
            handle=host,
            name=item.author or feed.title,
            url=feed.home,
        ),
        at=min(item.at, now) if item.at else now,
        language=feed.language,
        tags=item.tags,
        links=item.links,
    )
    data = {
        **said.as_event_data(),
        "title": item.title,
        "feed": {"title": feed.title, "url": url},
        "account": connection,
    }
    place = short_hash(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return Event(f"feed:{host}/{place}:{item.identity}", "feed.item", said.at, data, "feed.items")

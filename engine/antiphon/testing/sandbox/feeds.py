"""News feeds: the same items as RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, with conditional requests (RFC 9110)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from xml.etree import ElementTree

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from antiphon.components.clock import Clock
from antiphon.testing.sandbox.identifiers import in_utc

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class FeedItem:
    """One piece of news. `id` is the link unless another is given; `published` is the time of adding unless given."""

    title: str
    link: str
    summary: str = ""
    published: datetime | None = None
    id: str = ""


@dataclass
class Feed:
    """A feed that the sandbox serves at `/feeds/<name>.rss`, `.atom` and `.json`; the newest item comes first."""

    name: str
    title: str
    link: str
    clock: Clock
    items: list[FeedItem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed_at = self.clock.now()

    def add(self, items: Iterable[FeedItem]) -> None:
        """Publish more items, in the order of time."""
        self.changed_at = self.clock.now()
        added = [
            replace(
                item,
                published=in_utc(item.published) if item.published else self.changed_at,
                id=item.id or item.link,
            )
            for item in items
        ]
        self.items = sorted([*self.items, *added], key=_published, reverse=True)


def _published(item: FeedItem) -> datetime:
    assert item.published is not None
    return item.published


def rss(feed: Feed) -> bytes:
    """RSS 2.0 (rssboard.org/rss-specification)."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    _texts(channel, title=feed.title, link=feed.link, description=feed.title)
    for item in feed.items:
        element = ElementTree.SubElement(channel, "item")
        _texts(element, title=item.title, link=item.link, description=item.summary)
        ElementTree.SubElement(element, "guid", isPermaLink=str(item.id == item.link).lower()).text = item.id
        _texts(element, pubDate=format_datetime(_published(item), usegmt=True))
    return _document(root)


def atom(feed: Feed) -> bytes:
    """Atom (RFC 4287)."""
    root = ElementTree.Element("feed", xmlns=ATOM)
    _texts(root, id=feed.link, title=feed.title, updated=_rfc3339(feed.changed_at))
    ElementTree.SubElement(root, "link", href=feed.link)
    _texts(ElementTree.SubElement(root, "author"), name=feed.title)
    for item in feed.items:
        entry = ElementTree.SubElement(root, "entry")
        at = _rfc3339(_published(item))
        _texts(entry, id=item.id, title=item.title, published=at, updated=at, summary=item.summary)
        ElementTree.SubElement(entry, "link", href=item.link)
    return _document(root)


def json_feed(feed: Feed) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    items = [
        {
            "id": item.id,
            "url": item.link,
            "title": item.title,
            "content_text": item.summary,
            "date_published": _rfc3339(_published(item)),
        }
        for item in feed.items
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": feed.title, "home_page_url": feed.link, "items": items}).encode()


FORMATS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "rss": ("application/rss+xml", rss),
    "atom": ("application/atom+xml", atom),
    "json": ("application/feed+json", json_feed),
}


def application(feeds: dict[str, Feed]) -> ASGIApp:
    """What serves these feeds, and those that are added to them later; it has nothing at other paths."""
    app = FastAPI(openapi_url=None)
    app.add_exception_handler(HTTPException, lambda _, error: JSONResponse({"error": "Not Found"}, 404))

    @app.get("/feeds/{name}.{format}")
    def serve(request: Request, name: str, format: str) -> Response:
        if name not in feeds or format not in FORMATS:
            return Response("There is no such feed.", 404, media_type="text/plain")
        feed, (media_type, written) = feeds[name], FORMATS[format]
        body = written(feed)
        validators = {
            "ETag": f'"{sha256(body).hexdigest()[:32]}"',
            "Last-Modified": format_datetime(feed.changed_at.astimezone(UTC), usegmt=True),
        }
        if _unchanged(request, validators["ETag"], feed.changed_at):
            return Response(status_code=304, headers=validators)
        return Response(body, media_type=media_type, headers=validators)

    return app


def _unchanged(request: Request, etag: str, changed_at: datetime) -> bool:
    """Whether the client has this version; `If-None-Match` is decisive when it is there (RFC 9110, 13.2.2)."""
    if known := request.headers.get("if-none-match"):
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return bool(tags & {etag, "*"})
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _texts(parent: ElementTree.Element, **texts: str) -> None:
    for name, value in texts.items():
        ElementTree.SubElement(parent, name).text = value


def _document(root: ElementTree.Element) -> bytes:
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

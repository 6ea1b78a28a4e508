"""The bytes of a feed as items: RSS 0.9 to 2.0 and Atom through feedparser, JSON Feed by its specification."""

from __future__ import annotations

import io
import json
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXParseException

import feedparser

from antiphon_networks.feeds.items import Feed, Item
from antiphon_networks.plain import plain

_FORMATS = {"rss": "RSS", "atom": "Atom", "cdf": "CDF"}
_LONGEST_TEXT = 20_000
_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|rdf)\b", re.IGNORECASE)


class NotAFeed(ValueError):
    """What came is something else; the message completes “The answer is …”."""


def parse(body: bytes, content_type: str, url: str) -> Feed:
    """Read a feed. Entities that a document defines itself are not expanded, and nothing is fetched.

    Raises:
        NotAFeed: it is empty, cut off, or something else.
    """
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise NotAFeed("empty")
    if start[:1] in b"{[":
        return _json_feed(body, url)
    return _xml_feed(body, content_type, url)


def _xml_feed(body: bytes, content_type: str, url: str) -> Feed:
    # A file object: feedparser takes bytes for the name of a file first, and would open it. It is not told the address,
    # since it would make guids part of it, and a feed that moves would bring all its items anew.
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version"):
        raise NotAFeed("a web page, not a feed" if _is_page(body) else "not a feed")
    if _is_cut_off(body, parsed.get("bozo_exception")):
        raise NotAFeed("a feed that breaks off before its end")
    head = parsed.feed
    return Feed(
        title=plain(str(head.get("title", ""))).text,
        home=_web(head.get("link"), url),
        language=_language(head.get("language")),
        format=_format_name(parsed.version),
        items=tuple(_entry(entry, url) for entry in parsed.entries),
    )


def _entry(entry: Any, url: str) -> Item:
    contents = [part.get("value", "") for part in entry.get("content", ())]
    said = plain(max((*contents, str(entry.get("summary", ""))), key=len), show_links=False)
    return Item(
        guid=str(entry.get("id", "")).strip(),
        title=plain(str(entry.get("title", "")), show_links=False).text,
        text=said.text[:_LONGEST_TEXT],
        link=_web(entry.get("link"), url),
        author=plain(str(entry.get("author", "")), show_links=False).text,
        at=_date(entry.get("published_parsed") or entry.get("updated_parsed")),
        tags=tuple(dict.fromkeys(str(tag["term"]) for tag in entry.get("tags", ()) if tag.get("term"))),
        links=said.links,
    )


def _json_feed(body: bytes, url: str) -> Feed:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1, 2020-08)."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAFeed("JSON that breaks off or is broken") from None
    version = feed.get("version") if isinstance(feed, Mapping) else None
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise NotAFeed("JSON of another kind than a JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise NotAFeed("a JSON Feed without items")
    return Feed(
        title=_text(feed, "title"),
        home=_web(feed.get("home_page_url"), url),
        language=_language(feed.get("language")),
        format=f"JSON Feed {version.rstrip('/').rpartition('/')[2]}",
        items=tuple(_json_item(item, feed, url) for item in items if isinstance(item, Mapping)),
    )


def _json_item(item: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Item:
    said = plain(_text(item, "content_html"), show_links=False)
    authors = item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author")
    names = [_text(author, "name") for author in (authors if isinstance(authors, list) else [authors])]
    tags = item.get("tags")
    return Item(
        guid=str(item.get("id") or "").strip(),
        title=_text(item, "title"),
        text=(_text(item, "content_text") or said.text or _text(item, "summary"))[:_LONGEST_TEXT],
        link=_web(item.get("url") or item.get("external_url"), url),
        author=", ".join(filter(None, names)),
        at=_iso(item.get("date_published") or item.get("date_modified")),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        links=said.links,
    )


def _text(mapping: Any, key: str) -> str:
    value = mapping.get(key) if isinstance(mapping, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def _web(link: Any, base: str) -> str:
    """A link made whole; empty when it does not lead to the web."""
    if not isinstance(link, str) or not link.strip():
        return ""
    try:
        whole = urljoin(base, link.strip())
    except ValueError:
        return ""
    return whole if whole.lower().startswith(("http://", "https://")) else ""


def _language(code: Any) -> str:
    return code.strip().replace("_", "-").partition("-")[0].lower()[:3] if isinstance(code, str) else ""


def _date(parsed: struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
        return at and (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _format_name(version: str) -> str:
    """`rss20` as `RSS 2.0`."""
    family = version.rstrip("0123456789un")
    digits = version[len(family) :]
    number = f"{digits[0]}.{digits[1:]}" if digits[1:].isdecimal() else ""
    return f"{_FORMATS.get(family, family)} {number}".strip()


def _is_page(body: bytes) -> bool:
    start = body[:2000].lower()
    return b"<html" in start or b"<!doctype html" in start


def _is_cut_off(body: bytes, error: Any) -> bool:
    """Whether the root element never ends. An unescaped sign in the middle is forgiven, as every reader does."""
    root = _ROOT.search(body)
    if not isinstance(error, SAXParseException) or root is None:
        return False
    return re.search(rb"</(?:\w+:)?" + root[1] + rb"\s*>\s*(?:<!--.*?-->\s*)*$", body[-4096:], re.I | re.S) is None

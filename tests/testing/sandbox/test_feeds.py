from __future__ import annotations

from datetime import UTC, datetime, timedelta

import feedparser
import httpx
import pytest

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import FeedItem, Sandbox

OLD = FeedItem("Old & <good>", "https://torrea.example/1", "One", datetime(2026, 1, 5, 8, 30, tzinfo=UTC))
NEW = FeedItem("New", "https://torrea.example/2", "Two", datetime(2026, 2, 5, 8, 30, tzinfo=UTC), id="tag:2")


@pytest.fixture
def feed(network: Sandbox) -> Sandbox:
    network.feed("news", [OLD, NEW], title="Torréa news")
    return network


@pytest.mark.parametrize(("format", "version"), [("rss", "rss20"), ("atom", "atom10")])
def test_xml(visitor: httpx.Client, feed: Sandbox, format: str, version: str) -> None:
    """RSS and Atom say the same to an independent reader, newest first."""
    parsed = feedparser.parse(visitor.get(f"/feeds/news.{format}").content)
    assert (parsed.bozo, parsed.version, parsed.feed.title) == (False, version, "Torréa news")
    assert [(NEW.title, NEW.link, "tag:2", NEW.summary), ("Old & <good>", OLD.link, OLD.link, OLD.summary)] == [
        (entry.title, entry.link, entry.id, entry.summary) for entry in parsed.entries
    ]
    assert [tuple(entry.published_parsed[:5]) for entry in parsed.entries] == [(2026, 2, 5, 8, 30), (2026, 1, 5, 8, 30)]


def test_json(visitor: httpx.Client, feed: Sandbox) -> None:
    """JSON Feed has the same items."""
    answer = visitor.get("/feeds/news.json")
    assert (answer.headers["content-type"], answer.json()["version"]) == (
        "application/feed+json",
        "https://jsonfeed.org/version/1.1",
    )
    assert {
        "id": "tag:2",
        "url": NEW.link,
        "title": "New",
        "content_text": "Two",
        "date_published": "2026-02-05T08:30:00Z",
    } == answer.json()["items"][0]


@pytest.mark.parametrize("format", ["rss", "atom", "json"])
@pytest.mark.parametrize(
    ("asked", "told"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")], ids=["etag", "date"]
)
def test_not_modified(
    visitor: httpx.Client, feed: Sandbox, clock: VirtualClock, format: str, asked: str, told: str
) -> None:
    """Who has the newest version gets 304 and no body, until an item is added."""
    url = f"/feeds/news.{format}"
    known = {asked: visitor.get(url).headers[told]}
    again = visitor.get(url, headers=known)
    assert (again.status_code, again.content, again.headers[told]) == (304, b"", known[asked])
    clock.advance(timedelta(seconds=1))
    feed.feed("news", [FeedItem("Third", "https://torrea.example/3")])
    changed = visitor.get(url, headers=known)
    assert (changed.status_code, b"Third" in changed.content) == (200, True)


def test_etag_decides(visitor: httpx.Client, feed: Sandbox) -> None:
    """A date is not looked at when a tag is given."""
    date = visitor.get("/feeds/news.rss").headers["Last-Modified"]
    headers = {"If-None-Match": '"other"', "If-Modified-Since": date}
    assert visitor.get("/feeds/news.rss", headers=headers).status_code == 200


def test_unreadable_date(visitor: httpx.Client, feed: Sandbox) -> None:
    """A date that cannot be read is as if it were not there."""
    assert visitor.get("/feeds/news.rss", headers={"If-Modified-Since": "yesterday"}).status_code == 200


@pytest.mark.parametrize("path", ["/feeds/other.rss", "/feeds/news.xml"])
def test_unknown(visitor: httpx.Client, feed: Sandbox, path: str) -> None:
    """There is no feed of another name or in another format."""
    assert visitor.get(path).status_code == 404

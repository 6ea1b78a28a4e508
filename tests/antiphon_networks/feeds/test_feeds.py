from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from antiphon import GiveUp, NoOptions, Page, RetryLater
from antiphon.components.http import Http
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind, FeedItem, Sandbox
from antiphon_networks.feeds.connector import FeedOptions, Feeds, Items

FORMATS = ["rss", "atom", "json"]
Connect = Callable[[str], Feeds]


@pytest.fixture
def connect(network: Sandbox, clock: VirtualClock, http: Http) -> Connect:
    def to(path: str) -> Feeds:
        return Feeds("blog", FeedOptions.model_validate({"url": f"{network.url}{path}"}), http, clock)

    return to


def fetch(feeds: Feeds, cursor: str | None) -> Page:
    return Items().fetch(NoOptions(), feeds.reader(), cursor)


def item(number: int, at: datetime | None = None) -> FeedItem:
    return FeedItem(f"News {number}", f"https://torrea.example/{number}", f"<p>Text &amp; {number}</p>", at)


@pytest.mark.parametrize("form", FORMATS)
def test_items(network: Sandbox, connect: Connect, form: str) -> None:
    """Every format gives the same news, oldest first."""
    start = datetime(2026, 3, 1, 8, tzinfo=UTC)
    network.feed("news", [item(number, start + timedelta(hours=number)) for number in range(3)], title="Torréa")
    page = fetch(connect(f"/feeds/news.{form}"), None)
    assert [(event.data["title"], event.at) for event in page.events] == [
        (f"News {number}", start + timedelta(hours=number)) for number in range(3)
    ]
    data = page.events[0].data
    assert (data["url"], data["network"], data["account"]) == ("https://torrea.example/0", "feed", "blog")
    assert (data["author"]["name"], data["feed"]["title"]) == ("Torréa", "Torréa")
    assert {event.type for event in page.events} == {"feed.item"}


@pytest.mark.parametrize("form", FORMATS)
def test_only_new(network: Sandbox, connect: Connect, form: str) -> None:
    """What was shown before is not news again; what was added since is."""
    network.feed("news", [item(1)])
    feeds = connect(f"/feeds/news.{form}")
    first = fetch(feeds, None)
    network.feed("news", [item(2)])
    second = fetch(feeds, first.cursor)
    assert [event.data["title"] for event in second.events] == ["News 2"]
    assert fetch(feeds, second.cursor).events == ()


@pytest.mark.parametrize("form", FORMATS)
def test_not_asked_for_nothing(network: Sandbox, connect: Connect, form: str) -> None:
    """A feed that has not changed is not sent again."""
    network.feed("news", [item(1)])
    feeds = connect(f"/feeds/news.{form}")
    first = fetch(feeds, None)
    again = fetch(feeds, first.cursor)
    assert (again.events, again.cursor) == ((), first.cursor)
    assert [request.status for request in network.requests] == [200, 304]


def test_changed_item(network: Sandbox, connect: Connect) -> None:
    """An item whose text or title is changed is not news."""
    network.feed("news", [item(1)])
    feeds = connect("/feeds/news.atom")
    first = fetch(feeds, None)
    feed = network.feed("news")
    feed.items = [FeedItem("Corrected", one.link, "other", one.published, one.id) for one in feed.items]
    assert list(fetch(feeds, first.cursor).events) == []


def test_item_comes_back(network: Sandbox, connect: Connect) -> None:
    """An item that leaves the feed and comes back is not news."""
    network.feed("news", [item(1), item(2)])
    feeds = connect("/feeds/news.rss")
    cursor = fetch(feeds, None).cursor
    feed = network.feed("news")
    items, feed.items = feed.items, feed.items[:1]
    cursor = fetch(feeds, cursor).cursor
    feed.items = items
    assert list(fetch(feeds, cursor).events) == []


def test_same_event_by_any_way(network: Sandbox, connect: Connect) -> None:
    """One item of one feed is one event, whoever polls it."""
    network.feed("news", [item(1)])
    one, other = (fetch(connect("/feeds/news.rss"), None).events[0] for _ in range(2))
    assert one.id == other.id


def test_moved_connection(network: Sandbox, connect: Connect) -> None:
    """When the address of a feed is changed, what was seen stays seen, and nothing of the old address is asked for."""
    network.feed("news", [item(1)])
    cursor = fetch(connect("/feeds/news.rss"), None).cursor
    assert list(fetch(connect("/feeds/news.atom"), cursor).events) == []
    assert network.requests[-1].status == 200


def test_check(network: Sandbox, connect: Connect) -> None:
    """A check says what is there."""
    network.feed("news", [item(1)], title="Torréa")
    assert connect("/feeds/news.rss").check() == "“Torréa”, RSS 2.0, 1 items, the newest of 2026-03-02 09:00 UTC"


def test_missing(connect: Connect) -> None:
    """A feed that is not there is given up."""
    with pytest.raises(GiveUp, match=r"has nothing at /feeds/none\.rss"):
        fetch(connect("/feeds/none.rss"), None)


def test_away(network: Sandbox, connect: Connect) -> None:
    """A server that fails for the moment is asked later."""
    network.feed("news", [item(1)])
    network.faults.add(Fault("GET /feeds/news.rss", FaultKind.SERVER_ERROR))
    with pytest.raises(RetryLater):
        fetch(connect("/feeds/news.rss"), None)


def test_web_page(network: Sandbox, connect: Connect) -> None:
    """A web page is told apart, with its first words and what to do."""
    network.faults.add(Fault("GET /feeds/news.rss", FaultKind.HTML_INSTEAD_OF_JSON))
    with pytest.raises(GiveUp, match=r"There is no feed at .*; the answer is a web page, not a feed: text/html, “<"):
        fetch(connect("/feeds/news.rss"), None)


@pytest.mark.parametrize("cursor", ["", "null", "[]", "{}", "not json", json.dumps({"url": 1})])
def test_foreign_cursor(network: Sandbox, connect: Connect, cursor: str) -> None:
    """A cursor of another make counts as none."""
    network.feed("news", [item(1)])
    assert len(fetch(connect("/feeds/news.rss"), cursor).events) == 1


def test_writer(connect: Connect) -> None:
    """Nobody writes to a feed."""
    assert connect("/feeds/news.rss").writer() is None

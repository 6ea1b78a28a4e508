"""A connection to a feed, and the source of its items."""

from __future__ import annotations

from pydantic import AnyHttpUrl, Field

from antiphon import Clock, Connector, Http, NoOptions, Options, Page, Source
from antiphon_networks.feeds.client import FeedReader
from antiphon_networks.feeds.cursor import Cursor
from antiphon_networks.feeds.items import event

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)


class Items(Source):
    """News of a feed; an item that is changed later is not news.

    poll:
      source: feed.items
      with: {connection: news}
      every: 15m
    """

    name = "feed.items"
    event = "feed.item"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: FeedReader, cursor: str | None) -> Page:  # noqa: D102
        before = Cursor.read(cursor)
        answer = client.get(before)
        if answer is None:
            return Page((), before.write())
        feed, after = answer
        now = client.clock.now()
        # A feed shows the newest first; what it does not date keeps that order.
        new = {item.identity: item for item in reversed(feed.items) if item.identity not in set(before.seen)}
        events = sorted(
            (event(item, feed, client.url, client.connection, now) for item in new.values()), key=lambda heard: heard.at
        )
        return Page(events, after.write())


class FeedOptions(Options):
    """Which feed."""

    url: AnyHttpUrl = Field(description="The address of an RSS, Atom or JSON feed.")


class Feeds(Connector):
    """A feed of news: RSS, Atom or JSON Feed.

    [connections.news]
    connector = "feed"
    url = "https://example.org/news.atom"
    """

    name = "feed"
    Options = FeedOptions
    sources = (Items,)

    def __init__(self, connection: str, options: FeedOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        self._reader = FeedReader(connection, str(options.url), http.client(headers={"Accept": ACCEPT}), clock)

    def reader(self) -> FeedReader:  # noqa: D102
        return self._reader

    def check(self) -> str:  # noqa: D102
        answer = self._reader.get(Cursor())
        assert answer is not None, "a request without validators was answered 304"
        feed = answer[0]
        newest = max((item.at for item in feed.items if item.at), default=None)
        dated = f", the newest of {newest:%Y-%m-%d %H:%M} UTC" if newest else ""
        return f"“{feed.title or self._reader.url}”, {feed.format}, {len(feed.items)} items{dated}"

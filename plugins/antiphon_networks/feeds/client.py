"""Asking a feed's server, no more than needed."""

from __future__ import annotations

import httpx

from antiphon import Clock, GiveUp, attempt, shown, trouble_of
from antiphon_networks.feeds.cursor import Cursor
from antiphon_networks.feeds.items import Feed
from antiphon_networks.feeds.parsing import NotAFeed, parse


class FeedReader:
    """One feed at one address."""

    def __init__(self, connection: str, url: str, client: httpx.Client, clock: Clock) -> None:
        self.connection = connection
        self.url = url
        self.clock = clock
        self._client = client

    def get(self, cursor: Cursor) -> tuple[Feed, Cursor] | None:
        """The feed and where its reading stands then, or None when it has not changed.

        Raises:
            RetryLater: the server is not there or asks for patience.
            GiveUp: there is no feed at the address.
        """
        known = cursor if cursor.url == self.url else Cursor()
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        asked = {name: value for name, value in headers.items() if value}
        answer = attempt(lambda: self._client.get(self.url, headers=asked))
        trouble = trouble_of(answer, self.clock)
        if trouble is not None or isinstance(answer, httpx.HTTPError):
            raise trouble or GiveUp(str(answer))
        if answer.status_code == 304:
            return None
        feed = self._parsed(answer)
        etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        return feed, cursor.moved(self.url, etag, modified, [item.identity for item in feed.items])

    def _parsed(self, answer: httpx.Response) -> Feed:
        try:
            return parse(answer.content, answer.headers.get("content-type", ""), str(answer.url))
        except NotAFeed as error:
            raise GiveUp(
                f"There is no feed at {self.url}; the answer is {error}: {shown(answer)}.",
                hint="Check the `url` of the connection; a site often names its feed in a link of type "
                "application/rss+xml or application/atom+xml.",
            ) from None

"""What Bluesky lets us ask for again and again. What begins with app.bsky comes from its index, some seconds late."""

from __future__ import annotations

from antiphon import CommentsSource, MentionsSource, NoOptions, Page, SearchSource, Source
from antiphon_networks.bluesky.abilities import Reader


class Mentions(MentionsSource):
    """Posts that mention, answer or quote the account.

    poll:
      source: bluesky.mentions
      with: {connection: sky}
      every: 1m
    """

    name = "bluesky.mentions"


class Comments(CommentsSource):
    """Answers to posts of the account.

    poll:
      source: bluesky.comments
      with: {connection: sky}
      every: 1m
    """

    name = "bluesky.comments"


class Timeline(Source):
    """Posts and reposts of those whom the account follows.

    poll:
      source: bluesky.timeline
      with: {connection: sky}
    """

    name = "bluesky.timeline"
    event = "post.seen"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: Reader, cursor: str | None) -> Page:  # noqa: D102
        return client.timeline(cursor)


class Search(SearchSource):
    """Posts that Bluesky's search finds, such as `torréa lang:fr -from:torrea.example`.

    poll:
      source: bluesky.search
      with: {connection: sky, q: "torréa espresso"}
      every: 15m
    """

    name = "bluesky.search"

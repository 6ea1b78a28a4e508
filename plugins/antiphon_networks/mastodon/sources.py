"""What a Mastodon server lets us ask for again and again."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from antiphon import MentionsSource, Options, Page, SearchSource, Source
from antiphon_networks.mastodon.client import MastodonReader
from antiphon_networks.mastodon.entities import seen
from antiphon_networks.mastodon.pages import page_of


class Mentions(MentionsSource):
    """Posts that mention the account.

    poll:
      source: mastodon.mentions
      with: {connection: brand}
      every: 1m
    """

    name = "mastodon.mentions"


class TimelineOptions(Options):
    """Which timeline."""

    timeline: Literal["public", "home", "tag"] = Field(
        "public", description="All public posts that the server knows, those the account follows, or those with a tag."
    )
    tag: str = Field("", description="The hashtag, without #; only with `timeline: tag`.", pattern=r"^#?\w*$")

    @model_validator(mode="after")
    def _tag_where_it_belongs(self) -> TimelineOptions:
        if (self.timeline == "tag") != bool(self.tag.lstrip("#")):
            raise ValueError("`tag` and `timeline: tag` belong together; write both or neither")
        return self


class Timeline(Source):
    """Posts of a timeline: the public one, that of the account, or that of a hashtag.

    poll:
      source: mastodon.timeline
      with: {connection: brand, timeline: tag, tag: coffee}
    """

    name = "mastodon.timeline"
    event = "post.seen"
    Options = TimelineOptions

    def fetch(self, options: TimelineOptions, client: MastodonReader, cursor: str | None) -> Page:  # noqa: D102
        domain = client.instance().domain
        items = client.timeline(options.timeline, cursor, options.tag.lstrip("#"))
        return page_of(items, cursor, lambda item: seen(item, client.server, domain, client.connection, self.name))


class Search(SearchSource):
    """Posts that the server's search finds; what it searches is up to the server.

    poll:
      source: mastodon.search
      with: {connection: brand, q: "torréa espresso"}
      every: 15m
    """

    name = "mastodon.search"

"""What a Mastodon server lets us ask for again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import Field, model_validator

from antiphon import Event, GiveUp, NoOptions, Options, Page, Person, Source
from antiphon_networks.mastodon.client import MastodonReader, order
from antiphon_networks.mastodon.entities import Json, mention, seen

FROM_THE_START = "0"
"""The cursor of a source that had nothing to show: every id is above it."""


class Mentions(Source):
    """Posts that mention the account.

    poll:
      source: mastodon.mentions
      with: {connection: brand}
      every: 1m
    """

    name = "mastodon.mentions"
    event = "mention.received"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: MastodonReader, cursor: str | None) -> Page:  # noqa: D102
        domain = client.instance().domain
        # A mention whose post was deleted in the meantime says nothing any more.
        return _page(
            client.mentions(cursor),
            cursor,
            lambda item: mention(item, client.server, domain, client.connection) if item.get("status") else None,
        )


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
        return _page(items, cursor, lambda item: seen(item, client.server, domain, client.connection, self.name))


class SearchOptions(Options):
    """What to look for."""

    q: str = Field(description="The words to look for, in the server's own search language.", min_length=1)


class Search(Source):
    """Posts that the server's search finds; what it searches is up to the server.

    poll:
      source: mastodon.search
      with: {connection: brand, q: "torréa espresso"}
      every: 15m
    """

    name = "mastodon.search"
    event = "post.seen"
    Options = SearchOptions

    def fetch(self, options: SearchOptions, client: MastodonReader, cursor: str | None) -> Page:  # noqa: D102
        domain = client.instance().domain
        items = client.search(options.q, cursor)
        return _page(items, cursor, lambda item: seen(item, client.server, domain, client.connection, self.name))


def _page(items: Sequence[Json], cursor: str | None, heard: Callable[[Json], tuple[Event, Person] | None]) -> Page:
    """A page of what was heard. Pages are asked for until one is empty: servers may give less than was asked."""
    try:
        pairs = [pair for pair in map(heard, items) if pair]
        newest = max((str(item["id"]) for item in items), key=order, default=cursor or FROM_THE_START)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GiveUp(
            f"The server sent something that is not as Mastodon documents it: {type(error).__name__} {error}.",
            hint="Check the `server` of the connection.",
        ) from error
    people = {person.id: person for _, person in pairs}
    return Page(
        events=[event for event, _ in pairs],
        cursor=newest,
        more=bool(items) and cursor is not None,
        people=tuple(people.values()),
    )

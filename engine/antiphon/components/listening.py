"""Listening: sources that ask whatever network a connection leads to."""

from __future__ import annotations

from pydantic import Field

from antiphon.components.capabilities import Ability, ReadsComments, ReadsMentions, ReadsOwnPosts, Searches
from antiphon.components.component import Options
from antiphon.components.connector import NoOptions
from antiphon.components.source import Page, Source
from antiphon.errors import GiveUp


class SearchOptions(Options):
    """What to look for."""

    q: str = Field(description="The words to look for, in the network's own search language.", min_length=1)


class MentionsSource(Source):
    """What mentions the account."""

    ability = Ability.MENTIONS
    event = "mention.received"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: object, cursor: str | None) -> Page:  # noqa: D102
        if not isinstance(client, ReadsMentions):
            raise _cannot(Ability.MENTIONS)
        return client.mentions(cursor)


class CommentsSource(Source):
    """What is said below the account's posts."""

    ability = Ability.COMMENTS
    event = "comment.received"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: object, cursor: str | None) -> Page:  # noqa: D102
        if not isinstance(client, ReadsComments):
            raise _cannot(Ability.COMMENTS)
        return client.comments(cursor)


class OwnPostsSource(Source):
    """What the account publishes, from wherever."""

    ability = Ability.OWN_POSTS
    event = "post.published"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: object, cursor: str | None) -> Page:  # noqa: D102
        if not isinstance(client, ReadsOwnPosts):
            raise _cannot(Ability.OWN_POSTS)
        return client.own_posts(cursor)


class SearchSource(Source):
    """What a network's search finds."""

    ability = Ability.SEARCH
    event = "post.seen"
    Options = SearchOptions

    def fetch(self, options: SearchOptions, client: object, cursor: str | None) -> Page:  # noqa: D102
        if not isinstance(client, Searches):
            raise _cannot(Ability.SEARCH)
        return client.search(options.q, cursor)


def _cannot(ability: Ability) -> GiveUp:
    return GiveUp(f"The network of this connection cannot {ability}.", hint="`antiphon show` tells what each can.")

"""What a Ghost site lets us ask for again and again."""

from __future__ import annotations

from antiphon import CommentsSource, GiveUp, NoOptions, OwnPostsSource, Page, Source
from antiphon_networks.ghost.abilities import Reader


class Comments(CommentsSource):
    """Comments of members below the posts of the site, hidden ones too, but for our own.

    poll:
      source: ghost.comments
      with: {connection: magazine}
      every: 5m

    `status` is `published` or `hidden`; `post` is the id of the post.
    """

    name = "ghost.comments"


class Posts(OwnPostsSource):
    """Posts of the site that have come out, by Antiphon or by hand.

    poll:
      source: ghost.posts
      with: {connection: magazine}
      every: 15m
    """

    name = "ghost.posts"


class Members(Source):
    """Those who have become members of the site, by signing up or by somebody's hand.

    poll:
      source: ghost.members
      with: {connection: magazine}
      every: 15m

    `status` is `free`, `paid` or `comped`, `subscribed` tells whether a newsletter goes there, `referrer` where they
    came from as Ghost counts it.
    """

    name = "ghost.members"
    event = "member.joined"
    Options = NoOptions

    def fetch(self, options: NoOptions, client: object, cursor: str | None) -> Page:  # noqa: D102
        if not isinstance(client, Reader):
            raise GiveUp("Only a connection to a Ghost site has members.")
        return client.members(cursor)

"""What a WordPress site lets us ask for again and again."""

from __future__ import annotations

from antiphon import CommentsSource, OwnPostsSource


class Comments(CommentsSource):
    """Comments below the posts of the site, held back or not, but for those of the account.

    poll:
      source: wordpress.comments
      with: {connection: blog}
      every: 5m

    `status` is `approved` or `hold`; `post` is the number of the post. Spam is not told of.
    """

    name = "wordpress.comments"


class Posts(OwnPostsSource):
    """Posts of the account that have come out, by Antiphon or by hand.

    poll:
      source: wordpress.posts
      with: {connection: blog}
      every: 15m
    """

    name = "wordpress.posts"

"""Somebody's account, as its network shows it."""

from __future__ import annotations

from datetime import datetime

from antiphon.model.base import Noun
from antiphon.model.person import Person


class Account(Noun):
    """An account at a moment. A number that the network does not tell is None, never 0.

    `bio` is plain text, `posts` counts all that it ever posted, `pictured` tells whether it has a picture of its own.
    """

    person: Person
    bio: str = ""
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    created_at: datetime | None = None
    last_post_at: datetime | None = None
    pictured: bool | None = None
    bot: bool | None = None

"""A profile: how an account presents itself."""

from __future__ import annotations

from antiphon.model.base import Noun
from antiphon.model.draft import Medium


class Profile(Noun):
    """What an account says of itself; None leaves a part as it is, and an empty text empties it.

    `fields` are the lines of a table, such as a website, where a network has one.
    """

    name: str | None = None
    bio: str | None = None
    fields: dict[str, str] | None = None
    avatar: Medium | None = None
    banner: Medium | None = None

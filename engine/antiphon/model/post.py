"""A post as every network has it, in one shape."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from antiphon.model.base import Noun
from antiphon.model.person import Person


class Post(Noun):
    """Something somebody said in public. `text` is plain, without markup; a count that is not known is None."""

    id: str
    network: str
    url: str = ""
    text: str
    author: Person
    at: datetime
    language: str = ""
    in_reply_to: str = ""
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    likes: int | None = None
    shares: int | None = None
    replies: int | None = None

    def as_event_data(self) -> dict[str, Any]:
        """The keys that expressions see: `event.text`, `event.url`, `event.author.handle` and so on."""
        return self.model_dump(mode="json", exclude={"author": {"facts", "first_seen", "last_seen"}})

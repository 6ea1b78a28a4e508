"""A person: someone the brand meets on a network."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from antiphon.model.base import Noun


class Person(Noun):
    """One account of one person on one network; `id` is `network:remote id`, unique in a workspace."""

    id: str
    network: str
    handle: str
    name: str = ""
    url: str = ""
    language: str = ""
    timezone: str = ""
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    facts: dict[str, Any] = {}

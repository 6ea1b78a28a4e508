"""Contacts with the history of each property, as a CRM keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

PROPERTIES = frozenset({
    "email", "firstname", "lastname", "phone", "company", "website", "jobtitle", "city", "country", "lifecyclestage",
    "hs_lead_status", "twitterhandle", "createdate", "lastmodifieddate", "hs_object_id",
})  # fmt: skip
"""Properties that there are."""

READ_ONLY = frozenset({"createdate", "lastmodifieddate", "hs_object_id"})

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Wrong(Exception):
    """A request that is refused: the status, the category, and a sentence."""

    def __init__(self, status: int, category: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.category = category


@dataclass
class Contact:
    """One contact. `history` has the values of each property, the newest first."""

    id: str
    created_at: datetime
    updated_at: datetime
    history: dict[str, list[tuple[str, datetime]]] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """The properties as they are."""
        return {name: said[0][0] for name, said in self.history.items()}

    def write(self, properties: Mapping[str, str], now: datetime) -> None:
        """Set some properties; one that has the value already keeps its time."""
        for name, value in properties.items():
            if name not in PROPERTIES:
                raise Wrong(400, "VALIDATION_ERROR", f'Property "{name}" does not exist')
            if name in READ_ONLY:
                raise Wrong(400, "VALIDATION_ERROR", f'"{name}" is a read only property; its value cannot be set.')
            if name == "email" and not _EMAIL.fullmatch(value):
                raise Wrong(400, "VALIDATION_ERROR", f"Email address {value} is invalid")
        for name, value in properties.items():
            kept = value.lower() if name == "email" else value
            if self.values.get(name) != kept:
                self.history.setdefault(name, []).insert(0, (kept, now))
                self.updated_at = now

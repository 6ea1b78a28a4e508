"""Contacts of a CRM, and who is right where it says something else than we do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from antiphon import Outcome

Wins = Literal["newest", "crm", "ours"]
"""Who is right about a property: whoever said it last, the CRM where it says anything, or we."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as the CRM has it: its id there, its properties, and since when each of them says so (UTC)."""

    id: str
    properties: Mapping[str, str]
    set_at: Mapping[str, datetime] = field(default_factory=dict)


@runtime_checkable
class KeepsContacts(Protocol):
    """A CRM that can be asked for a contact by e-mail address."""

    def contact(self, email: str, properties: Sequence[str]) -> Contact | None:
        """One contact with some properties and their times, or None. Raises as `checked` and `json_of` do."""


@runtime_checkable
class WritesContacts(KeepsContacts, Protocol):
    """A CRM in which contacts can be written."""

    def write(self, email: str, properties: Mapping[str, str]) -> Outcome:
        """Write properties of the contact with this address, who is made when there is none. Sent once."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be written, and what stays as the CRM has it: each property with the reason."""

    written: Mapping[str, str]
    left: Mapping[str, str]


def settled(ours: Mapping[str, str], theirs: Contact | None, wins: Mapping[str, Wins], at: datetime) -> Settled:
    """Who is right, property by property. What is known here was known `at` a moment; what is empty says nothing."""
    written: dict[str, str] = {}
    left: dict[str, str] = {}
    for name, value in ours.items():
        there = theirs.properties.get(name, "") if theirs else ""
        if not value or value == there:
            continue
        rule = wins[name]
        since = theirs.set_at.get(name) if theirs else None
        if there and rule == "crm":
            left[name] = "the CRM is right about it"
        elif there and rule == "newest" and since is not None and since > at:
            left[name] = f"the CRM has it since {since:%F %H:%M} UTC, which is newer"
        else:
            written[name] = value
    return Settled(written, left)


def as_text(value: Any) -> str:
    """A value as a CRM takes it: a text, on as many lines as it has, without what cannot be seen."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return "".join(one for one in text if one in "\n\t" or one.isprintable()).strip()

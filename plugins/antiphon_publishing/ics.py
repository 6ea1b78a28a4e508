"""The calendar as a file that every calendar program reads (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

import icalendar

from antiphon import one_line
from antiphon_publishing.calendar import Entry, State

_STATUS: dict[State, str] = {"published": "CONFIRMED", "cancelled": "CANCELLED", "failed": "CANCELLED"}
"""What is certain and what is off; all else is TENTATIVE (RFC 5545, 3.8.1.11)."""


def written(found: Iterable[Entry], name: str, now: datetime) -> bytes:
    """The file. An entry keeps its UID for as long as it is the same act, so a program that reads it again changes it
    instead of adding another."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Antiphon//Calendar//EN")
    calendar.add("x-wr-calname", one_line(name))
    for one in found:
        event = icalendar.Event()
        event.add("uid", f"{hashlib.sha256(one.key.encode()).hexdigest()[:32]}@antiphon")
        event.add("dtstamp", now)
        event.add("dtstart", one.at)
        event.add("summary", one_line(f"{one.state}: {one.where}: {one.what}"))
        event.add("status", _STATUS.get(one.state, "TENTATIVE"))
        event.add("categories", [one.state])
        if one.url.startswith(("https://", "http://")):
            event.add("url", one_line(one.url))
        calendar.add_component(event)
    return bytes(calendar.to_ical())

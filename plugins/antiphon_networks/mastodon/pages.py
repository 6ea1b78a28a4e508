"""Pages of what was heard on a Mastodon server."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from antiphon import Event, GiveUp, Page, Person
from antiphon_networks.mastodon.client import order
from antiphon_networks.mastodon.entities import Json

FROM_THE_START = "0"
"""The cursor of a source that had nothing to show: every id is above it."""


def page_of(items: Sequence[Json], cursor: str | None, heard: Callable[[Json], tuple[Event, Person] | None]) -> Page:
    """A page of what was heard. Pages are asked for until one is empty: servers may give less than was asked."""
    try:
        pairs = [pair for pair in map(heard, items) if pair]
        newest = max((str(item["id"]) for item in items), key=order, default=cursor or FROM_THE_START)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GiveUp(
            f"The server sent something that is not as Mastodon documents it: {type(error).__name__} {error}.",
            hint="Check the `server` of the connection.",
        ) from error
    people = {person.id: person for _, person in pairs}
    return Page(
        events=[event for event, _ in pairs],
        cursor=newest,
        more=bool(items) and cursor is not None,
        people=tuple(people.values()),
    )

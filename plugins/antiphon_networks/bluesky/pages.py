"""Pages of what was heard, out of lists that show the newest first.

A list is read from its top down to where it was read before, and a little further: the network sorts a post by the
author's own clock when that is behind (`sortAt`), and its index is not always quick. What was given already is
remembered, so that nothing is given twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from antiphon import Event, GiveUp, Page, Person
from antiphon_networks.bluesky.entities import Json, listed_as, listed_at
from antiphon_networks.bluesky.identifiers import moment, written
from antiphon_networks.bluesky.rules import LIMITS

_LATE = timedelta(hours=1)
"""How much later than its place in the list an item may appear there: what is later still is never heard."""

_MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """The time of the newest item that was given; and what was given of the time just before it, with its own time in
    seconds since 1970."""

    until: datetime
    seen: Mapping[str, int]

    @classmethod
    def read(cls, text: str | None) -> Cursor | None:
        """The cursor of a text; None when there is none, or it is of another make."""
        try:
            kept = json.loads(text or "{}")
            return cls(moment(kept["until"]), {str(name): int(at) for name, at in kept["seen"].items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self) -> str:
        """The text of the cursor."""
        return json.dumps({"until": written(self.until), "seen": self.seen}, separators=(",", ":"))

    def moved(self, items: Iterable[Json], now: datetime) -> Cursor:
        """The cursor after these items. It is never ahead of our clock: a server's that is would hide what comes."""
        times = {_name(item): listed_at(item) for item in items}
        until = max(self.until, min(max(times.values(), default=self.until), now))
        seen = {**self.seen, **{name: int(at.timestamp()) for name, at in times.items()}}
        oldest = (until - _LATE).timestamp()
        return Cursor(until, {name: at for name, at in seen.items() if at >= oldest - 1})


def page_of(
    items: Iterable[Json],
    cursor: str | None,
    heard: Callable[[Json], tuple[Event, Person]],
    now: datetime,
    keep: Callable[[Json], bool] = lambda item: True,
) -> Page:
    """What a list shows that was not given yet, oldest first; without a cursor, the first page of it.

    `heard` makes an event of an item, `keep` leaves out those that are none. Raises GiveUp when more than 10,000 items
    are new, since older ones would be lost.
    """
    before = Cursor.read(cursor)
    try:
        new = list(islice(items, LIMITS.number("page.longest"))) if before is None else _new(items, before)
        new.reverse()  # of the same time, what stands lower is older
        new.sort(key=listed_at)
        pairs = [heard(item) for item in new if keep(item)]
        start = before or Cursor(min(listed_at(new[-1]), now) if new else now, {})
        after = start.moved(new, now)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GiveUp(
            f"The network sent something that is not as its lexicons say: {type(error).__name__} {error}.",
            hint="Check the `server` of the connection.",
        ) from error
    people = {person.id: person for _, person in pairs}
    return Page([event for event, _ in pairs], after.write(), people=tuple(people.values()))


def _new(items: Iterable[Json], before: Cursor) -> list[Json]:
    new: dict[str, Json] = {}
    for item in items:
        if listed_at(item) < before.until - _LATE:
            break
        if (name := _name(item)) not in before.seen:
            new[name] = item
        if len(new) > _MOST_ITEMS:
            raise GiveUp(
                f"More than {_MOST_ITEMS:,} items are new since {before.until:%Y-%m-%d %H:%M} UTC.",
                hint="Narrow the search, or begin anew by giving the trigger another id.",
            )
    return list(new.values())


def _name(item: Json) -> str:
    return hashlib.sha256(listed_as(item).encode()).hexdigest()[:12]

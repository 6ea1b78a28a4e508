"""How far a list has been read, so that nothing is missed and nothing comes twice.

Items that bear the same second have no order, and one may be seen after another that is younger. So a place is a
moment and the ids that were given around it: what lies a little further back is asked for again, and what was given is
left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from antiphon_networks.ghost.entities import Json

When = Callable[[Json], datetime]

_BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """The newest moment that was read, and the ids that were given since `overlap` before it."""

    at: datetime = _BEGINNING
    given: frozenset[str] = frozenset()

    @classmethod
    def read(cls, cursor: str) -> Place:
        """A place that was written. Raises ValueError, KeyError or TypeError for anything else."""
        told = json.loads(cursor)
        return cls(datetime.fromisoformat(told["at"]), frozenset(told["given"]))

    def written(self) -> str:
        """The place as a cursor."""
        return json.dumps({"at": self.at.isoformat(), "given": sorted(self.given)})

    def go_on(self, items: Iterable[Json], when: When, overlap: timedelta) -> tuple[list[Json], Place]:
        """What is new of the items since `overlap` before this place, in their order, and the place after them."""
        found = list(items)
        newest = max([self.at, *map(when, found)])
        near = frozenset(str(item["id"]) for item in found if when(item) >= newest - overlap)
        return [item for item in found if item["id"] not in self.given], Place(newest, near)

    @classmethod
    def begin(cls, newest_first: Iterable[Json], when: When, overlap: timedelta, most: int) -> tuple[list[Json], Place]:
        """The newest items at most so many, oldest first, and the place after all that there are."""
        found: list[Json] = []
        for item in newest_first:
            if len(found) >= most and when(item) < when(found[0]) - overlap:
                break
            found.append(item)
        _, place = cls().go_on(found, when, overlap)
        return found[:most][::-1], place

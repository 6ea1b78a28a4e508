"""Bursts: so many events within so long."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from pydantic import Field

from antiphon.builtins.patterns.memory import Seen, horizon, inserted, newest
from antiphon.components.component import Options
from antiphon.components.interest import Interest
from antiphon.components.pattern import Pattern
from antiphon.components.trigger import Trigger
from antiphon.components.watch import Firing, Memory, Sighting, Watch
from antiphon.model.duration import Duration, format_duration
from antiphon.model.run import Verdict
from antiphon.model.waiting import EventType

Storm = tuple[datetime, datetime]

SPARE = 64
"""How many more events than are needed are remembered before the memory is put in order."""


class BurstMemory(Memory):
    """The events of late, and the bursts that have been told: when each was first full, and when last."""

    newest: datetime | None = None
    seen: Seen = ()
    storms: tuple[Storm, ...] = ()


@dataclass(frozen=True)
class BurstWatch(Watch[BurstMemory]):
    """`at_least` events within `within`, by the time at which they happened; `what` says in words what they are.

    An event is *full* when it and those before it within `within` (its beginning included) are at least so many. Full
    events that follow one another at no more than `within` are one burst, and a burst is told once, by its first full
    event. That is all, and independent of the order of arrival but for this: what was told stays told. So a late event
    may complete a burst, which is told then, or join two that were told.

    What came far too late is passed over (`horizon`). Inside a burst that was told only the newest `at_least - 1`
    events need be remembered: they decide whether it goes on. Everywhere else there are fewer than that within any
    `within`, so the memory stays small however many events there are.
    """

    interests: Sequence[Interest]
    at_least: int
    within: timedelta
    per: str = ""
    what: str = ""
    Memory = BurstMemory

    @property
    def lasts(self) -> timedelta:
        """Long enough for any event that would still be taken in."""
        return timedelta(days=1) + sum(horizon(self.within), timedelta())

    def begin(self, now: datetime) -> BurstMemory:
        """Nothing."""
        return BurstMemory()

    def absorb(self, memory: BurstMemory, sighting: Sighting) -> tuple[BurstMemory, Sequence[Firing]]:
        """See whether it, or one after it, is full now."""
        late, back = horizon(self.within)
        latest = newest(memory.newest, sighting)
        if sighting.at < latest - late or (found := inserted(memory.seen, sighting)) is None:
            return memory, ()
        seen, index = found
        storms, firings = list(memory.storms), []
        if full := self._full(seen, index):
            # All of them are near the one that came, and so near one another: they are one burst.
            first, last = seen[full[0]].at, seen[full[-1]].at
            near = [storm for storm in storms if storm[0] - self.within <= last and first <= storm[1] + self.within]
            storms = [storm for storm in storms if storm not in near]
            storms.append((min([first, *(one[0] for one in near)]), max([last, *(one[1] for one in near)])))
            firings = [] if near else [self._firing(seen[full[0] - self.at_least + 1 : full[0] + 1])]
        kept = tuple(storm for storm in storms if storm[1] >= latest - back)
        if len(seen) > 2 * self.at_least + SPARE:
            seen = self._thinned(seen, kept, latest - back)
        return BurstMemory.model_construct(newest=latest, seen=seen, storms=kept), firings

    def _full(self, seen: Seen, index: int) -> list[int]:
        """The places of the full events among those that one at a place counts for."""
        end = bisect_right(seen, seen[index].at + self.within, key=itemgetter(0))
        places = range(max(index, self.at_least - 1), end)
        return [place for place in places if seen[place].at - seen[place - self.at_least + 1].at <= self.within]

    def _thinned(self, seen: Seen, storms: Sequence[Storm], since: datetime) -> Seen:
        seen = tuple(sighting for sighting in seen if sighting.at >= since)
        for first, last in storms:
            inside = [place for place, one in enumerate(seen) if first <= one.at <= last]
            if unneeded := inside[: max(0, len(inside) - self.at_least + 1)]:
                seen = (*seen[: unneeded[0]], *seen[unneeded[-1] + 1 :])
        return seen

    def _firing(self, events: Seen) -> Firing:
        what = self.what or " or ".join(interest.type for interest in self.interests)
        told = f"{self.at_least} × {what} within {format_duration(self.within)}"
        first, last = events[0], events[-1]
        return Firing(cause=first.id, since=first.at, at=last.at, count=len(events), events=events, summary=told)

    def explain(self, memory: BurstMemory, at: datetime) -> Verdict:
        """How many there were within the time before, and the most there ever were."""
        within = format_duration(self.within)
        for first, last in memory.storms:
            if first <= at <= last + self.within:
                return Verdict(holds=True, because=f"at least {self.at_least} within {within} since {first:%F %T} UTC")
        count = sum(at - self.within <= one.at <= at for one in memory.seen)
        told = f"{count} of {self.at_least} within {within}"
        counts = (
            (place - bisect_left(memory.seen, (one.at - self.within,)) + 1, one.at)
            for place, one in enumerate(memory.seen)
        )
        if (nearest := max(counts, default=None)) is not None:
            told += f"; the nearest was {nearest[1]:%F %T} UTC with {nearest[0]}"
        return Verdict(holds=False, because=told)


class BurstOptions(Options):
    """Which events, how many of them, and within how long."""

    event: EventType = Field(description="The type of event, such as mention.received; mention.* is any such.")
    match: Pattern = Field(Pattern(), description="What the event's data must look like.")
    at_least: int = Field(ge=2, le=10_000, description="How many there must be.")
    within: Duration = Field(gt=timedelta(), description="Within how long, by the time at which they happened.")
    per: str = Field("", description="An expression over `event`: events are counted apart for each of its values.")


class Burst(Trigger):
    """Wakes the workflow when there are so many events within so long, once for each such burst.

        burst: {event: mention.received, match: {sentiment: negative}, at_least: 25, within: 30m}

    A burst is over when for as long as `within` there were never so many; the next one wakes the workflow again.
    `event` is the one that completed it.
    """

    name = "burst"
    computes = frozenset({"per"})
    Options = BurstOptions

    def watch(self, options: BurstOptions) -> BurstWatch:
        """The counting."""
        return BurstWatch((Interest(options.event, options.match),), options.at_least, options.within, options.per)

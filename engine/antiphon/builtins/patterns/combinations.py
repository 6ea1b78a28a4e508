"""Combinations: several different events, in any order or in a given one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

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

REMEMBERED = 100
"""How many events are remembered beside those of which the next combination would be made, and how many told ones."""

Span = tuple[Sighting, Sighting]

Standing = list[Seen]
"""For each interest, the events by which it is met so far; empty where it is not."""


class CombinationMemory(Memory):
    """The events of late, and the first and the last event of each combination that was told."""

    newest: datetime | None = None
    seen: Seen = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class CombinationWatch(Watch[CombinationMemory]):
    """One event for each interest, no more than `within` apart, by the time at which they happened.

    It is told with the event that completes it, and then looked for anew: combinations do not overlap in time, and what
    happened between the first and the last event of one that was told is part of no other. In what lies between those
    that were told, the one that is complete first is found. So a late event may complete one that comes before others.

    What came far too late is passed over (`horizon`). Remembered are the events of which the next one would be made,
    and for those that come late the newest `REMEMBERED` beside them, and as many of those that were told.
    """

    interests: Sequence[Interest]
    within: timedelta
    per: str = ""
    Memory = CombinationMemory
    joint: ClassVar[str]

    @abstractmethod
    def step(self, standing: Standing, sighting: Sighting) -> None:
        """Let an event that is later than all before it meet its interests."""

    @abstractmethod
    def whole(self, standing: Standing) -> Seen:
        """The events of the combination that is complete, in the order of time; empty when none is."""

    @property
    def lasts(self) -> timedelta:
        """Long enough for any event that would still be taken in."""
        return timedelta(days=1) + sum(horizon(self.within), timedelta())

    def begin(self, now: datetime) -> CombinationMemory:
        """Nothing."""
        return CombinationMemory()

    def absorb(self, memory: CombinationMemory, sighting: Sighting) -> tuple[CombinationMemory, Sequence[Firing]]:
        """See whether it completes what lies between those that were told before it and after it."""
        late, back = horizon(self.within)
        latest = newest(memory.newest, sighting)
        told = any(first <= sighting <= last for first, last in memory.spans)
        if told or sighting.at < latest - late or (found := inserted(memory.seen, sighting)) is None:
            return memory, ()
        seen, spans, firings = found[0], memory.spans, []
        before = max((last for _, last in spans if last < sighting), default=None)
        after = min((first for first, _ in spans if first > sighting), default=None)
        free = (one for one in seen if (before is None or one > before) and (after is None or one < after))
        if whole := self._read(free)[1]:
            firings.append(self._firing(whole))
            spans = self._told([*spans, (whole[0], whole[-1])])
            seen = tuple(one for one in seen if not whole[0] <= one <= whole[-1])
        # Both together: what lies before a combination that is forgotten must not meet what lies behind it.
        spans = tuple(span for span in spans if span[1].at >= latest - back)
        seen = self._thinned(tuple(one for one in seen if one.at >= latest - back), spans)
        return CombinationMemory.model_construct(newest=latest, seen=seen, spans=spans), firings

    def explain(self, memory: CombinationMemory, at: datetime) -> Verdict:
        """Which of the events there have been, and which have not."""
        for first, last in memory.spans:
            if first.at <= at <= last.at + self.within:
                return Verdict(holds=True, because=f"it was complete at {last.at:%F %T} UTC")
        begun = at - self.within
        standing, _ = self._read(one for one in self._open(memory.seen, memory.spans) if begun <= one.at <= at)
        met = [f"{self.interests[i].type} at {events[-1].at:%F %T} UTC" for i, events in enumerate(standing) if events]
        unmet = [f"no {self.interests[i].type}" for i, events in enumerate(standing) if not events]
        count = f"{len(met)} of {len(self.interests)}{self.joint} within {format_duration(self.within)}"
        return Verdict(holds=False, because=f"{count}: {', '.join([*met, *unmet])}")

    def _read(self, events: Iterable[Sighting]) -> tuple[Standing, Seen]:
        """What some events come to, up to the first combination that is complete."""
        standing: Standing = [()] * len(self.interests)
        for one in events:
            self.step(standing, one)
            if whole := self.whole(standing):
                return standing, whole
        return standing, ()

    def _told(self, spans: list[Span]) -> tuple[Span, ...]:
        """The combinations that were told; of very many the oldest are taken for one, with all that lies between."""
        first, *rest = sorted(spans)
        return (
            ((first[0], rest[-REMEMBERED][1]), *rest[1 - REMEMBERED :]) if len(rest) >= REMEMBERED else (first, *rest)
        )

    def _open(self, seen: Seen, spans: Sequence[Span]) -> Iterable[Sighting]:
        """The events that come after all that was told."""
        last = max((last for _, last in spans), default=None)
        return (one for one in seen if last is None or one > last)

    def _thinned(self, seen: Seen, spans: Sequence[Span]) -> Seen:
        if len(seen) <= REMEMBERED:
            return seen
        standing, _ = self._read(self._open(seen, spans))
        needed = {one for events in standing for one in events}
        return tuple(one for one in seen if one >= seen[-REMEMBERED] or one in needed)

    def _firing(self, events: Seen) -> Firing:
        what = ", ".join(interest.type for interest in self.interests)
        told = f"{what}{self.joint} within {format_duration(self.within)}"
        first, last = events[0], events[-1]
        return Firing(cause=first.id, since=first.at, at=last.at, count=len(events), events=events, summary=told)


class AllOfWatch(CombinationWatch):
    """In any order: the latest event for each interest; one may meet several."""

    joint = ""

    def step(self, standing: Standing, sighting: Sighting) -> None:
        """The latest of each counts."""
        for index in sighting.fits:
            standing[index] = (sighting,)

    def whole(self, standing: Standing) -> Seen:
        """All are there, and near enough."""
        if not all(standing):
            return ()
        events = tuple(sorted({events[0] for events in standing}))
        return events if events[-1].at - events[0].at <= self.within else ()


class InOrderWatch(CombinationWatch):
    """One after the other: of all beginnings of the order, for each length the one that began last."""

    joint = " in this order"

    def step(self, standing: Standing, sighting: Sighting) -> None:
        """Go on with every beginning that it follows; one event is one step only."""
        for index in sorted(sighting.fits, reverse=True):
            before = standing[index - 1] if index else ()
            if index == 0 or (before and sighting.at - before[0].at <= self.within):
                standing[index] = (*before, sighting)

    def whole(self, standing: Standing) -> Seen:
        """The last step was taken."""
        return standing[-1]


class Wanted(Options):
    """One of the events."""

    type: EventType = Field(description="The type of event, such as post.published; post.* is any such.")
    match: Pattern = Field(Pattern(), description="What the event's data must look like.")


class CombinationOptions(Options):
    """Which events, and within how long."""

    events: list[Wanted] = Field(min_length=2, max_length=20, description="The events, each a type and a match.")
    within: Duration = Field(gt=timedelta(), description="Within how long, by the time at which they happened.")
    per: str = Field("", description="An expression over `event`: events belong together that have the same value.")

    @property
    def interests(self) -> tuple[Interest, ...]:
        """The events as interests."""
        return tuple(Interest(one.type, one.match) for one in self.events)


class AllOf(Trigger):
    """Wakes the workflow when several events have happened, in any order.

        all_of: {events: [{type: product.listed}, {type: post.published, match: {tag: launch}}], within: 2d}

    Once all have happened, they are waited for anew. `event` is the one that completed them.
    """

    name = "all_of"
    computes = frozenset({"per"})
    Options = CombinationOptions

    def watch(self, options: CombinationOptions) -> AllOfWatch:
        """The combination."""
        return AllOfWatch(options.interests, options.within, options.per)


class InOrder(Trigger):
    """Wakes the workflow when several events have happened one after the other.

        in_order:
          events: [{type: mention.received}, {type: message.received}, {type: order.placed}]
          within: 7d
          per: ${{ event.author.id }}

    Other events may come between them. Once all have happened, the first is waited for anew.
    """

    name = "in_order"
    computes = frozenset({"per"})
    Options = CombinationOptions

    def watch(self, options: CombinationOptions) -> InOrderWatch:
        """The sequence."""
        return InOrderWatch(options.interests, options.within, options.per)

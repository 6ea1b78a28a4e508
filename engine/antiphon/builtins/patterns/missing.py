"""Absence: nothing of a kind for so long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import Field

from antiphon.components.component import Options
from antiphon.components.interest import Interest
from antiphon.components.pattern import Pattern
from antiphon.components.trigger import Trigger
from antiphon.components.watch import Firing, Memory, Sighting, Watch
from antiphon.model.duration import Duration, format_duration
from antiphon.model.run import Verdict
from antiphon.model.waiting import EventType


class SilenceMemory(Memory):
    """When the watch began, the last event, and which silence was told: its beginning, and how many times over."""

    begun: datetime
    last: Sighting | None = None
    told: tuple[datetime, int] | None = None

    @property
    def since(self) -> datetime:
        """When the silence began that there is now, if it is one."""
        return max(self.begun, self.last.at) if self.last else self.begun


@dataclass(frozen=True)
class SilenceWatch(Watch[SilenceMemory]):
    """Nothing for `length`, by the time at which events happened.

    A silence begins with the last event, or when the watch began if that was later. It is told when it has lasted for
    `length` and `grace` has passed, once; with `every`, once more for each further `length`, the latest only of those
    that are due at once. An event that comes late ends no silence that began after it, and takes back nothing that was
    told; one that came in time, but was heard too late, begins the next silence all the same.
    """

    interests: Sequence[Interest]
    length: timedelta
    grace: timedelta
    every: bool
    per: str = ""
    Memory = SilenceMemory
    own = True

    @property
    def waits(self) -> bool:
        """Without keys it counts from the beginning; what was never heard of cannot be missed."""
        return not self.per

    @property
    def lasts(self) -> timedelta | None:
        """A silence that was told is remembered for ever, or else it would begin anew."""
        return self.length + timedelta(days=1) if self.per else None

    def begin(self, now: datetime) -> SilenceMemory:
        """Silence from now on."""
        return SilenceMemory(begun=now)

    def absorb(self, memory: SilenceMemory, sighting: Sighting) -> tuple[SilenceMemory, Sequence[Firing]]:
        """Count from it, if it is the latest."""
        if memory.last is not None and sighting <= memory.last:
            return memory, ()
        return memory.model_copy(update={"last": sighting}), ()

    def due(self, memory: SilenceMemory) -> datetime | None:
        """The end of the next `length` that is to be told."""
        times = self._told(memory) + 1
        return memory.since + times * self.length + self.grace if times == 1 or self.every else None

    def elapse(self, memory: SilenceMemory, now: datetime) -> tuple[SilenceMemory, Sequence[Firing]]:
        """Tell the silence that has lasted long enough."""
        if (due := self.due(memory)) is None or now < due:
            return memory, ()
        since = memory.since
        times = (now - self.grace - since) // self.length if self.every else 1
        at = since + times * self.length
        what = " or ".join(interest.type for interest in self.interests)
        firing = Firing(
            cause=at.astimezone(UTC).isoformat(),
            since=since,
            at=at,
            count=0,
            events=(memory.last,) if memory.last else (),
            summary=f"no {what} for {format_duration(times * self.length)}",
        )
        return memory.model_copy(update={"told": (since, times)}), (firing,)

    def explain(self, memory: SilenceMemory, at: datetime) -> Verdict:
        """For how long there has been nothing."""
        quiet = timedelta(seconds=max(0, (at - memory.since) // timedelta(seconds=1)))
        since = f"since {memory.since:%F %T} UTC"
        if self._told(memory):
            return Verdict(holds=True, because=f"nothing {since}; that was told")
        told = f"nothing {since}: {format_duration(quiet)} of {format_duration(self.length + self.grace)}"
        return Verdict(holds=quiet >= self.length + self.grace, because=told)

    def _told(self, memory: SilenceMemory) -> int:
        return memory.told[1] if memory.told and memory.told[0] == memory.since else 0


class MissingOptions(Options):
    """Which events, and for how long there may be none."""

    event: EventType = Field(description="The type of event, such as post.published; post.* is any such.")
    match: Pattern = Field(Pattern(), description="What the event's data must look like.")
    for_: Duration = Field(gt=timedelta(), alias="for", description="How long there must be none.")
    grace: Duration = Field(
        timedelta(), ge=timedelta(), description="How long to wait beyond that for events that are heard late."
    )
    every: bool = Field(False, description="Whether to wake the workflow again after each further `for` of silence.")
    per: str = Field("", description="An expression over `event`: each of its values is missed by itself.")


class Missing(Trigger):
    """Wakes the workflow when something has not happened for so long, once for each such silence.

        missing: {event: post.published, match: {connection: brand}, for: 48h}

    It is counted from the last such event, and from the moment at which the workflow was first at work if there was
    none since. With `per`, what was never heard of is not missed. `event` is the last one, if there was any.
    """

    name = "missing"
    computes = frozenset({"per"})
    Options = MissingOptions

    def watch(self, options: MissingOptions) -> SilenceWatch:
        """The waiting."""
        interests = (Interest(options.event, options.match),)
        return SilenceWatch(interests, options.for_, options.grace, options.every, options.per)

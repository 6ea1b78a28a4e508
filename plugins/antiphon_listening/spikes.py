"""Spikes: more is said than is usual for the hour, or worse, until it is quiet again.

One spike is told once, however long it lasts and in whatever order its mentions are heard.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from antiphon import Firing, Interest, Memory, Pattern, Sighting, Verdict, Watch
from antiphon_listening.baseline import ENOUGH, Count, deviation, hour_of, moment_of, negative_share, past

LATE = 24
"""How many hours older than the newest mention one may be to be counted: so long it is known which ones were."""

SHOWN = 20
"""How many mentions of a spike are remembered to be shown: the newest."""

LEAST_USUAL = 0.1
"""What share of negative mentions is taken for usual at least: where there were none, the first are no storm."""

ALL, NEGATIVE, INFLUENTIAL = range(3)


class Spike(Memory):
    """One that has begun: its first hour, and the last one that was not quiet."""

    first: int
    last: int


class Spiking(Memory):
    """The counts of the weeks, what was counted of late, and the spike that is on."""

    begun: int | None = None
    counts: dict[int, Count] = {}
    ids: dict[int, tuple[str, ...]] = {}
    newest: tuple[Sighting, ...] = ()
    on: Spike | None = None
    over: int = 0


@dataclass(frozen=True)
class SpikeWatch(Watch[Spiking]):
    """Counts mentions by the hour, and compares each hour with the same one of the weeks before.

    A spike begins when two hours in a row are `sensitivity` deviations above what is usual and have `floor` mentions;
    or when an hour of `negative_floor` has `negative_times` the usual share of negative ones; or with one negative
    mention of somebody influential. It ends when for `calm` hours none was more than one deviation above.
    """

    interests: Sequence[Interest]
    when: Literal["begins", "ends"]
    sensitivity: float
    floor: int
    negative_times: float
    negative_floor: int
    calm: int
    weeks: int
    per: str = ""
    Memory = Spiking

    @property
    def waits(self) -> bool:
        """Silence from the first day on is a part of what is usual, where nothing is counted apart."""
        return not self.per

    @property
    def lasts(self) -> timedelta:
        """As long as the past that is compared with."""
        return timedelta(weeks=self.weeks, days=2)

    def begin(self, now: datetime) -> Spiking:
        """Nothing was heard."""
        return Spiking(begun=hour_of(now))

    def absorb(self, memory: Spiking, sighting: Sighting) -> tuple[Spiking, Sequence[Firing]]:
        """Count it, and see what that makes of its hour."""
        hour, known = hour_of(sighting.at), _digest(sighting.id)
        latest = max(memory.counts, default=hour)
        if hour < latest - LATE or known in memory.ids.get(hour, ()):
            return memory, ()
        n, negative = memory.counts.get(hour, (0, 0))
        counts = {**memory.counts, hour: (n + 1, negative + (NEGATIVE in sighting.fits))}
        ids = {**memory.ids, hour: (*memory.ids.get(hour, ()), known)}
        if not n:  # an hour has begun, and another one is of the past for good
            counts = {one: count for one, count in counts.items() if one >= latest - self.weeks * 168 - LATE}
            ids = {one: some for one, some in ids.items() if one >= latest - LATE}
        after = Spiking.model_construct(
            begun=hour if memory.begun is None else min(memory.begun, hour),
            counts=counts,
            ids=ids,
            newest=tuple(sorted((*memory.newest, sighting))[-SHOWN:]),
            on=memory.on,
            over=memory.over,
        )
        if after.on is not None:
            loud = self._z(after, hour) >= 1 or self._bad(after, hour)
            return after.model_copy(update={"on": _longer(after.on, hour) if loud else after.on}), ()
        why, first = self._why(after, hour, sighting)
        if not why or hour <= memory.over:
            return after, ()
        begun = after.model_copy(update={"on": Spike(first=first, last=hour)})
        return begun, [self._firing(begun, hour, sighting.at, why)] if self.when == "begins" else []

    def due(self, memory: Spiking) -> datetime | None:
        """When it is over if nothing more is said."""
        return moment_of(memory.on.last + 1 + self.calm) if memory.on else None

    def elapse(self, memory: Spiking, now: datetime) -> tuple[Spiking, Sequence[Firing]]:
        """See whether it has been quiet for long enough."""
        due = self.due(memory)
        if memory.on is None or due is None or due > now:
            return memory, ()
        after = memory.model_copy(update={"on": None, "over": memory.on.last})
        if self.when == "begins":
            return after, ()
        last, first = memory.on.last, memory.on.first
        count = sum(n for hour, (n, _) in memory.counts.items() if first <= hour <= last)
        told = f"quiet for {self.calm}h, after {count} mentions in {last - first + 1}h"
        firing = Firing(
            cause=f"quiet:{moment_of(first):%Y-%m-%dT%H}", since=moment_of(first), at=due, count=count, summary=told
        )
        return after, [firing.model_copy(update={"events": memory.newest})]

    def explain(self, memory: Spiking, at: datetime) -> Verdict:
        """How far the hour of a moment is from what is usual."""
        hour = hour_of(at)
        n, negative = memory.counts.get(hour, (0, 0))
        usual = past(memory.counts, hour, memory.begun if memory.begun is not None else hour, self.weeks)
        if memory.on is not None:
            return Verdict(holds=True, because=f"a spike is on since {moment_of(memory.on.first):%Y-%m-%d %H:%M} UTC")
        if not usual:
            return Verdict(holds=False, because=f"there is too little to compare with: it takes {ENOUGH} days")
        told = f"{n} mentions in the hour, {negative} of them negative; z is {deviation(n, usual):.1f}"
        return Verdict(holds=False, because=f"{told}, and {self.sensitivity:g} in two hours is asked for")

    def _z(self, memory: Spiking, hour: int) -> float:
        usual = past(memory.counts, hour, memory.begun if memory.begun is not None else hour, self.weeks)
        return deviation(memory.counts.get(hour, (0, 0))[0], usual) if usual else 0.0

    def _high(self, memory: Spiking, hour: int) -> bool:
        return memory.counts.get(hour, (0, 0))[0] >= self.floor and self._z(memory, hour) >= self.sensitivity

    def _bad(self, memory: Spiking, hour: int) -> bool:
        n, negative = memory.counts.get(hour, (0, 0))
        if n < self.negative_floor or not past(memory.counts, hour, memory.begun or hour, self.weeks):
            return False
        first = memory.on.first if memory.on else hour
        return negative / n >= self.negative_times * max(negative_share(memory.counts, first), LEAST_USUAL)

    def _why(self, memory: Spiking, hour: int, sighting: Sighting) -> tuple[str, int]:
        """What makes a spike of an hour, in words, and which hour it began with."""
        if INFLUENTIAL in sighting.fits:
            return "somebody influential is negative", hour
        if self._bad(memory, hour):
            n, negative = memory.counts[hour]
            return f"{negative} of {n} mentions are negative", hour
        for first in (hour - 1, hour):
            if self._high(memory, first) and self._high(memory, first + 1):
                return "more is said than usual, two hours in a row", first
        return "", hour

    def _firing(self, memory: Spiking, hour: int, at: datetime, why: str) -> Firing:
        first = memory.on.first if memory.on else hour
        counts = [count for one, count in memory.counts.items() if one >= first]
        n, negative = sum(n for n, _ in counts), sum(negative for _, negative in counts)
        z = max(self._z(memory, one) for one in (first, hour))
        return Firing(
            cause=f"spike:{moment_of(first):%Y-%m-%dT%H}",
            since=moment_of(first),
            at=max(at, moment_of(first)),
            count=n,
            events=memory.newest,
            summary=f"{why}: {n} mentions since {moment_of(first):%H:%M} UTC (z {z:.1f})",
            told={"z": round(z, 2), "negative_share": round(negative / n, 3)},
        )


def _longer(on: Spike, hour: int) -> Spike:
    return on if hour <= on.last else on.model_copy(update={"last": hour})


def _digest(id: str) -> str:
    return hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def interests(event: str, match: Mapping[str, object], followers: int) -> Sequence[Interest]:
    """What is counted: every mention, those that are negative, and those of somebody influential, if that is asked."""
    negative = {**match, "sentiment": "negative"}
    loud = [{**negative, "author.followers": {"at_least": followers}}] if followers else []
    return [Interest(event, Pattern.model_validate(one)) for one in (match, negative, *loud)]

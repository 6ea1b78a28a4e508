"""Evaluations: what events came to for the triggers that they did not wake, counted batch by batch.

The index of the matcher compares an event with few triggers, and that is not undone here. A trigger that the index has
not led to is known to miss by the field that it is filed by, so it is only counted. Those that were compared are told
apart by the first field that was not as asked. How near an event came is looked at for a bounded number of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from antiphon.components.misses import distance
from antiphon.components.pattern import Pattern
from antiphon.model.evaluation import LONGEST_REASON, Evaluation, EvaluationKind, Near, hour_of
from antiphon.model.event import Event
from antiphon.runtime.causes import chain_of
from antiphon.runtime.match import Filed, Matcher, Woken

LOOKED_AT = 2000
"""How many misses of one batch are measured for how near they came, shared out evenly among the triggers."""

SAMPLED = 3
"""How many of the events that the index has ruled out for a trigger are measured."""

EXAMPLES = 3
"""How many events are named as examples of a reason."""


@dataclass
class _Rolled:
    """One reason of one trigger, so far."""

    count: int = 0
    examples: list[str] = field(default_factory=list)
    near: Near | None = None

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)

    def look(self, pattern: Pattern, event: Event) -> None:
        """Measure how near an event came."""
        found = distance(pattern, event.data)
        if self.near is None or found < self.near.distance:
            self.near = Near(event=event.id, because=pattern.judge(event.data).because, distance=found)


class Rolling:
    """Rolls up what one trigger came to at one moment."""

    def __init__(self, workflow: str, trigger: str, now: datetime) -> None:
        self._workflow = workflow
        self._trigger = trigger
        self._now = now
        self._rolled: dict[tuple[EvaluationKind, str], _Rolled] = defaultdict(_Rolled)
        self._reasons: dict[str, str] = {}

    def add(self, kind: EvaluationKind, *, reason: str = "", count: int = 1, example: str = "") -> None:
        """Count something whose reason is known, or that has no other than its kind."""
        rolled = self._rolled[kind, reason[:LONGEST_REASON]]
        rolled.count += count
        rolled.examples += [example] if example and len(rolled.examples) < EXAMPLES else []

    def miss(self, pattern: Pattern, path: str) -> _Rolled:
        """The misses by one field of the trigger's pattern."""
        if path not in self._reasons:
            self._reasons[path] = f"{path} {pattern.root[path].in_words()}"[:LONGEST_REASON]
        return self._rolled[EvaluationKind.MISSED, self._reasons[path]]

    def fitting(self, pattern: Pattern, events: Iterable[Event]) -> list[Event]:
        """Those events that are as asked; the others are counted and measured."""
        found = []
        for event in events:
            path = pattern.refuses(event.data)
            if path is None:
                found.append(event)
            else:
                rolled = self.miss(pattern, path)
                rolled.add(event.id)
                rolled.look(pattern, event)
        return found

    def taken(self) -> list[Evaluation]:
        """What it came to since this was asked last, ready to be kept."""
        rolled, self._rolled = self._rolled, defaultdict(_Rolled)
        return [
            Evaluation(
                workflow=self._workflow,
                trigger=self._trigger,
                hour=hour_of(self._now),
                kind=kind,
                reason=reason,
                count=one.count,
                first_at=self._now,
                last_at=self._now,
                examples=tuple(one.examples),
                near=one.near,
            )
            for (kind, reason), one in rolled.items()
            if one.count
        ]


class Offering:
    """One batch of events on its way past all triggers."""

    def __init__(self, matcher: Matcher, now: datetime) -> None:
        self._matcher = matcher
        self._now = now
        self._rolling: dict[int, Rolling] = {}
        self._heard: dict[str, list[Event]] = defaultdict(list)
        self._touched: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._looked: Counter[int] = Counter()
        self._most = max(1, LOOKED_AT // max(1, matcher.size))

    def woken(self, event: Event) -> list[Woken]:
        """The triggers that the event wakes; no workflow is woken by what it has caused itself."""
        refused: dict[int, tuple[Filed, str]] = {}
        found = self._matcher.match(event, refused)
        self._heard[event.type].append(event)
        for filed, path in refused.values():
            self._refuse(event, filed, path)
        chain = chain_of(event)
        for one in found:
            self._touched[event.type, id(one)].add(event.id)
            if one.program.id in chain:
                self._roll(one).add(EvaluationKind.OWN, example=event.id)
        return [one for one in found if one.program.id not in chain]

    def missed(self) -> list[Evaluation]:
        """Why the events woke some triggers not."""
        for type, events in self._heard.items():
            for filed in self._matcher.waiting(type):
                if filed.by:
                    self._rule_out(filed, events, self._touched.get((type, id(filed.woken)), set()))
        return [one for rolling in self._rolling.values() for one in rolling.taken()]

    def _refuse(self, event: Event, filed: Filed, path: str) -> None:
        """Count an event that was compared in vain."""
        self._touched[event.type, id(filed.woken)].add(event.id)
        rolled = self._roll(filed.woken).miss(filed.pattern, path)
        rolled.add(event.id)
        self._looked[id(filed.woken)] += 1
        if self._looked[id(filed.woken)] <= self._most:
            rolled.look(filed.pattern, event)

    def _rule_out(self, filed: Filed, events: list[Event], touched: set[str]) -> None:
        """Count the events of which the index has not led to this trigger: the field that it is filed by misses."""
        if len(events) == len(touched):
            return
        rolled = self._roll(filed.woken).miss(filed.pattern, filed.by)
        rolled.count += len(events) - len(touched)
        sample = (event for event in events if event.id not in touched)
        for event in islice(sample, min(SAMPLED, self._most)):
            rolled.look(filed.pattern, event)
            rolled.examples += [event.id] if len(rolled.examples) < EXAMPLES else []

    def _roll(self, woken: Woken) -> Rolling:
        if id(woken) not in self._rolling:
            self._rolling[id(woken)] = Rolling(woken.program.id, woken.trigger, self._now)
        return self._rolling[id(woken)]

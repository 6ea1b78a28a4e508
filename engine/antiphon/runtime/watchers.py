"""Watchers: the triggers of some programs that no single event wakes, and which events are for them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from antiphon.components.trigger import Trigger as Kind
from antiphon.components.watch import Sighting, Watch
from antiphon.language import Evaluator, ExpressionError
from antiphon.model.event import Event
from antiphon.model.program import Program, Trigger
from antiphon.runtime.causes import chain_of, scope_of
from antiphon.runtime.kit import storable
from antiphon.runtime.match import Matcher, watching


@dataclass(frozen=True, slots=True)
class Watcher:
    """A trigger of a program that watches.

    Its `name` is unique in the workspace, and holds what its author has asked for: a trigger that asks for something
    else begins anew.
    """

    program: Program
    trigger: Trigger
    watch: Watch[Any]
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An event that is for a watcher, as the memory of its key is to take it in."""

    watcher: Watcher
    key: str
    sighting: Sighting


class Watchers(Mapping[str, Watcher]):
    """The watchers of some programs, by name."""

    def __init__(self, programs: Iterable[Program], kinds: Mapping[str, type[Kind]], evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._by_name: dict[str, Watcher] = {}
        self._by_trigger: dict[tuple[str, str], Watcher] = {}
        self.programs = {program.id: program for program in programs}
        for program in self.programs.values():
            for trigger in program.triggers:
                kind = kinds[trigger.kind]
                if (watch := kind().watch(kind.Options.model_validate(trigger.options))) is not None:
                    name = f"{program.id}/{trigger.id}/{_digest(trigger)}"
                    watcher = Watcher(program, trigger, watch, name)
                    self._by_name[name] = self._by_trigger[program.id, trigger.id] = watcher
        self._matcher = Matcher(self.programs.values(), kinds, watching)

    def __getitem__(self, name: str) -> Watcher:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def of(self, program: str, trigger: str) -> Watcher | None:
        """The watcher that a trigger is; None when a single event, or something else, wakes it."""
        return self._by_trigger.get((program, trigger))

    def see(self, event: Event, now: datetime) -> Iterator[Seen]:
        """Everybody whom an event is for.

        An event that is dated in the future happens now: it must not put off what is to come. One that gives no key is
        for nobody, and one that a workflow has brought about itself is not for its own watches, unless they say so.
        """
        met: dict[tuple[str, str], list[int]] = defaultdict(list)
        for one in self._matcher.match(event):
            met[one.program.id, one.trigger].append(one.place)
        chain = chain_of(event)
        for trigger, places in met.items():
            watcher = self._by_trigger[trigger]
            if watcher.program.id in chain and not watcher.watch.own:
                continue
            if (key := self._key(watcher, event, now)) is not None:
                sighting = Sighting(min(event.at, now), event.id, tuple(sorted(places)), chain)
                yield Seen(watcher, key, sighting)

    def _key(self, watcher: Watcher, event: Event, now: datetime) -> str | None:
        if not watcher.watch.per:
            return ""
        try:
            value = self._evaluator.evaluate(watcher.watch.per, {"event": scope_of(event)["event"]}, now)
        except ExpressionError:
            return None
        if value in (None, ""):
            return None
        return storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))


def _digest(trigger: Trigger) -> str:
    asked = json.dumps([trigger.kind, trigger.options], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:12]

"""Wakings: which triggers are woken from outside the event store, by the clock or by polling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.model.program import Program, Trigger


@dataclass(frozen=True)
class Waking:
    """A trigger that is woken from outside the event store: by the clock or by polling `every` so often."""

    workflow: str
    trigger: str
    every: timedelta | None = None


@dataclass(frozen=True)
class Wakings:
    """Knows when triggers are to be woken."""

    catalogue: Catalogue
    clock: Clock

    def of(self, programs: Iterable[Program]) -> Iterator[Waking]:
        """Every trigger that asks a source, with how often, and every trigger that the clock wakes."""
        for program in programs:
            for trigger in program.triggers:
                kind, options = self._kind(trigger)
                if question := kind.question(options):
                    yield Waking(program.id, trigger.id, question.every)
                elif self.ticks(program, trigger, self.clock.now(), 1):
                    yield Waking(program.id, trigger.id)

    def ticks(self, program: Program, trigger: Trigger, after: datetime, count: int) -> list[datetime]:
        """The next instants (UTC) at which the clock wakes a trigger."""
        kind, options = self._kind(trigger)
        return list(islice(kind.ticks(options, after, ZoneInfo(program.timezone)), count))

    def _kind(self, trigger: Trigger) -> tuple[Any, Any]:
        kind = self.catalogue.triggers[trigger.kind]
        return kind(), kind.Options.model_validate(trigger.options)

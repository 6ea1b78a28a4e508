"""Replay: what was heard in a period, heard once more by one version of a workflow, on a clock that is moved.

Most events of a store are nothing to a workflow. Those are counted and passed over; what the workflow waits for is
offered to it in the order and at the moment in which it was heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from antiphon.app import Antiphon
from antiphon.components.trigger import Trigger
from antiphon.model.activation import Activation
from antiphon.model.event import Event
from antiphon.model.overlap import RunOptions
from antiphon.model.program import Program
from antiphon.rehearsal.counting import Counting
from antiphon.rehearsal.timeline import Happening, Timeline
from antiphon.rehearsal.workspace import RehearsedWorkspace
from antiphon.runtime.causes import chain_of, scope_of
from antiphon.runtime.match import Matcher, Woken, watching


class Replay:
    """One version of a workflow in a workspace of its own. Close it when its store was looked into."""

    def __init__(
        self, real: Antiphon, program: Program, since: datetime, *, in_memory: bool, compared: bool = False
    ) -> None:
        """`in_memory` is quicker by far, and may raise Forgotten; then it is begun anew without. One that is to be
        `compared` remembers what became of each call."""
        self.workspace = RehearsedWorkspace(real, [program], since, looking_at=real.store, in_memory=in_memory)
        self.counting = Counting(real.timezone, {} if compared else None)
        self._program = program
        catalogue = self.workspace.registry.catalogue
        self._matcher = Matcher([program], catalogue.triggers)
        self._listens = frozenset(_types(program, catalogue.triggers))
        self._families = tuple(one[:-1] for one in self._listens if one.endswith("*"))
        # Where runs get into one another's way, even a run that will be declined must be opened.
        self._asks_first = bool(program.conditions) and program.run == RunOptions()

    def close(self) -> None:
        """Let go of the store."""
        self.workspace.close()

    def play(self, events: Iterable[Event], until: datetime) -> None:
        """Let all events of the period be heard, and time pass until its end."""
        timeline = Timeline(self.workspace, self._settled, ticks=True)
        timeline.play(self._happenings(events), until)

    def _settled(self, activation: Activation) -> None:
        self.counting.settled(self.workspace.clock.now(), activation)

    def _happenings(self, events: Iterable[Event]) -> Iterator[Happening]:
        ours = self._program.id
        for event in events:
            self.counting.heard(event.at)
            woken = self._matcher.match(event)
            if (woken or self._waits_for(event)) and ours not in chain_of(event):
                yield Happening(event.at, partial(self._hear, event, woken))

    def _hear(self, event: Event, woken: list[Woken]) -> bool:
        """Offer an event; returns whether there is anything to do now."""
        if self._asks_first and len(woken) == 1 and not self._waits_for(event) and self._refused(event, woken[0]):
            return False
        self.workspace.store.events.ingest([event])
        return True

    def _refused(self, event: Event, woken: Woken) -> bool:
        """Whether the workflow's conditions decline the event: asked on paper first, since most stop there."""
        because = self.workspace.refusal(self._program, woken.trigger, event.id, scope_of(event))
        if because is not None:
            self.counting.refused(event.id, event.at, because)
        return because is not None

    def _waits_for(self, event: Event) -> bool:
        return event.type in self._listens or event.type.startswith(self._families)


def _types(program: Program, kinds: Mapping[str, type[Trigger]]) -> Iterator[str]:
    """The types of event that a program looks out for other than by a trigger that one event wakes."""
    for trigger in program.triggers:
        kind = kinds[trigger.kind]
        yield from (interest.type for interest in watching(kind(), kind.Options.model_validate(trigger.options)))
    yield from _named(program.model_dump(mode="json", by_alias=True, include={"steps", "exit", "on_exit", "on_error"}))


def _named(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, item in value.items():
                if key == "event" and isinstance(item, dict) and isinstance(item.get("type"), str):
                    yield item["type"]
                yield from _named(item)
        case list() | tuple():
            for item in value:
                yield from _named(item)

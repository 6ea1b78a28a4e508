"""Comings: a watch has come about for one key, and what the run that answers it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from antiphon.components.ports import Fired
from antiphon.components.watch import Firing, Sighting
from antiphon.model.base import Noun
from antiphon.model.event import Event
from antiphon.model.plan import Call
from antiphon.runtime.kit import storable
from antiphon.runtime.watchers import Watcher

SHOWN = 20
"""How many events a run is told of: the newest."""

LONGEST = 280
"""How many characters of a text it is told."""


class Coming(Noun):
    """A watch that has come about: which, for which key, with the newest of its events and all that caused them."""

    workflow: str
    trigger: str
    key: str
    firing: Firing
    chain: tuple[str, ...] = ()

    @property
    def cause(self) -> str:
        """What tells it from all others, whoever comes to it.

        It names the trigger, since one event may complete what several triggers wait for: each is an act of its own.
        """
        return storable(":".join(filter(None, (self.trigger, self.key, self.firing.cause))))

    @property
    def noted(self) -> Fired:
        """It as it is noted down."""
        return Fired(f"{self.workflow}/{self.cause}", self.firing.at, self.model_dump(mode="json"))

    def call(self, find: Callable[[str], Event | None]) -> Call:
        """What its run answers: the last of its events, and what is told beside. `find` finds an event by its id."""
        found = [(one, find(one.id)) for one in self.firing.events]
        told = {
            **self.firing.told,
            "summary": f"{self.key}: {self.firing.summary}" if self.key else self.firing.summary,
            "key": self.key,
            "count": self.firing.count,
            "since": self.firing.since.isoformat(),
            "events": [_brief(one) if event is None else _brief(one, event.type, event.data) for one, event in found],
            "chain": list(self.chain),
        }
        last = found[-1][1] if found else None
        return Call(trigger=self.trigger, cause=self.cause, event=last, told=told)


def coming_of(watcher: Watcher, key: str, firing: Firing) -> Coming:
    """A firing of a watcher. What is caused by absence is caused by nobody."""
    chain = dict.fromkeys(name for one in firing.events for name in one.chain) if firing.count else ()
    shown = firing.model_copy(update={"events": firing.events[-SHOWN:]})
    return Coming(workflow=watcher.program.id, trigger=watcher.trigger.id, key=key, firing=shown, chain=tuple(chain))


def _brief(sighting: Sighting, type: str = "", data: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """An event as a run is told of it in a list: who it is, when, and its plain values, texts cut short."""
    plain = {name: value for name, value in data.items() if isinstance(value, str | int | float | bool)}
    cut = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in plain.items()}
    return {**cut, "id": sighting.id, "at": sighting.at.isoformat(), **({"type": type} if type else {})}

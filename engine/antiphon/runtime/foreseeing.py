"""Foreseeing: what some events would come to for the triggers that watch, if nothing else had happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from antiphon.components.ports import Place
from antiphon.components.watch import Firing, Memory
from antiphon.model.event import Event
from antiphon.model.plan import Call
from antiphon.model.run import Verdict
from antiphon.runtime.coming import coming_of
from antiphon.runtime.watchers import Watchers


@dataclass
class Foreseen:
    """For each event the answers of the triggers that it is for, and in order the calls that came of them all."""

    answers: dict[str, dict[str, Verdict]] = field(default_factory=lambda: defaultdict(dict))
    calls: list[Call] = field(default_factory=list)


def foresee(watchers: Watchers, events: Sequence[Event], now: datetime) -> Foreseen:
    """Let events arrive in this order, and time pass until now. Nothing is kept, and no run is opened.

    What waits for something not to happen begins with the first event.
    """
    foreseen, by_id = Foreseen(), {event.id: event for event in events}
    memories: dict[Place, Memory] = {}
    due: dict[Place, datetime | None] = {}

    def keep(place: Place, memory: Memory, firings: Sequence[Firing] = ()) -> None:
        memories[place], due[place] = memory, watchers[place[0]].watch.due(memory)
        foreseen.calls += [coming_of(watchers[place[0]], place[1], firing).call(by_id.get) for firing in firings]

    def pass_time(until: datetime) -> None:
        for place in [place for place, instant in due.items() if instant is not None and instant <= until]:
            keep(place, *watchers[place[0]].watch.elapse(memories[place], until))

    for event in events:
        at = min(event.at, now)
        if not memories:
            for name in (name for name, watcher in watchers.items() if watcher.watch.waits):
                keep((name, ""), watchers[name].watch.begin(at))
        pass_time(at)
        for one in watchers.see(event, now):
            watch, place = one.watcher.watch, (one.watcher.name, one.key)
            memory, firings = watch.absorb(memories.get(place) or watch.begin(at), one.sighting)
            keep(place, memory, firings)
            because = firings[-1].summary if firings else watch.explain(memory, at).because
            verdict = Verdict(holds=bool(firings), because=because)
            foreseen.answers[event.id][one.watcher.trigger.id] = verdict
    pass_time(now)
    return foreseen

"""Watching: what several events come to together, or their absence, from what was heard to the runs that answer it.

Events are taken in before they are marked as routed. What comes of them is noted down in the transaction that keeps
what is remembered of them, and struck out when its run is open; the run's key is the trigger and what it all began
with. So a crash at any line repeats work, loses nothing and answers nothing twice, and so do two routers.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from antiphon.components.ports import Fired, Place, Remembered, Store
from antiphon.components.watch import Firing, Sighting
from antiphon.model.event import Event
from antiphon.model.program import Program, Trigger
from antiphon.model.run import Verdict
from antiphon.runtime.coming import Coming, coming_of
from antiphon.runtime.opening import Opening
from antiphon.runtime.watchers import Watcher, Watchers

log = logging.getLogger(__name__)

AT_ONCE = 500
"""How many memories that are due are looked at in one go."""

EXPLAINED = 5
"""Of how many keys it is told why they did not wake a workflow."""

LOST = timedelta(days=1)
"""How long what came about waits for its workflow when that is not there any more."""


@dataclass(frozen=True)
class Watching:
    """Keeps what the watchers remember, and opens the runs that answer what comes about."""

    opening: Opening
    watchers: Watchers
    resting: Collection[str] = ()
    """The workflows that are laid to rest: what was remembered for them is let go."""

    def absorb(self, events: Sequence[Event]) -> set[str]:
        """Take events in, some of them perhaps again; returns the workflows that they woke."""
        now = self.opening.clock.now()
        seen: dict[Place, list[Sighting]] = defaultdict(list)
        for event in events:
            for one in self.watchers.see(event, now):
                seen[one.watcher.name, one.key].append(one.sighting)
        return self._go_on(seen, now)

    def elapse(self) -> set[str]:
        """Let time pass for what is due by itself, and answer what a crash has left; the workflows that it woke.

        Whoever calls this has taken in before what was heard.
        """
        watches, now = self._store.watches, self.opening.clock.now()
        woken = self._answer(watches.fired(), now)
        waiting = {name for name, watcher in self.watchers.items() if watcher.watch.waits}
        self._go_on({(name, ""): () for name in waiting - {*watches.begun(waiting)}}, now)
        looked_at: set[Place] = set()
        while due := {*watches.due(self.watchers, now, AT_ONCE)} - looked_at:
            looked_at |= due
            woken |= self._go_on(dict.fromkeys(due, ()), now)
        watches.forget(now, self.resting)
        return woken

    def due(self) -> datetime | None:
        """The next instant (UTC) at which something comes about by itself; None when nothing does."""
        return self._store.watches.next_due(self.watchers) if self.watchers else None

    def explain(self, program: Program, trigger: Trigger, about: Event | datetime) -> Verdict | None:
        """How near a trigger was to waking its workflow at a moment, or with an event for the key of that event; None
        when it is woken in another way. Of several keys, the first ones are told of."""
        if (watcher := self.watchers.of(program.id, trigger.id)) is None:
            return None
        now = self.opening.clock.now()
        if isinstance(about, datetime):
            at, keys = about, self._store.watches.keys(watcher.name, EXPLAINED) if watcher.watch.per else [""]
        else:
            at = min(about.at, now)
            keys = [one.key for one in self.watchers.see(about, now) if one.watcher is watcher]
            if not keys:
                return Verdict(holds=False, because=f"{about.id} is none of the events that it waits for")
        verdicts = [(key, self._explained(watcher, key, at)) for key in keys]
        told = "; ".join(f"{key}: {verdict.because}" if key else verdict.because for key, verdict in verdicts)
        return Verdict(holds=any(one.holds for _, one in verdicts), because=told or "nothing of the kind was heard")

    def _explained(self, watcher: Watcher, key: str, at: datetime) -> Verdict:
        known = self._store.watches.get(watcher.name, key)
        memory = watcher.watch.begin(at) if known is None else watcher.watch.Memory.model_validate(known)
        return watcher.watch.explain(memory, at)

    @property
    def _store(self) -> Store:
        return self.opening.store

    def _go_on(self, seen: Mapping[Place, Sequence[Sighting]], now: datetime) -> set[str]:
        """Let what is remembered at some places take events in; where there are none, let time pass."""

        def to(known: Mapping[Place, Mapping[str, Any]]) -> tuple[list[Remembered], list[Fired]]:
            remembered, noted = [], []
            for place, sightings in seen.items():
                try:
                    after, comings = self._after(place, known.get(place), sightings, now)
                except Exception as error:  # a plugin's own: everybody else's events must go on
                    told = f"{type(error).__name__}: {error}"
                    log.warning("%s fails in its own code, and misses %d events: %s", place[0], len(sightings), told)
                    continue
                remembered.append(after)
                noted += [coming.noted for coming in comings]
            return remembered, noted

        return self._answer(self._store.watches.change(seen, to), now) if seen else set()

    def _after(
        self, place: Place, known: Mapping[str, Any] | None, sightings: Sequence[Sighting], now: datetime
    ) -> tuple[Remembered, list[Coming]]:
        watcher = self.watchers[place[0]]
        watch, fired = watcher.watch, list[Firing]()
        memory = watch.begin(now) if known is None else watch.Memory.model_validate(known)
        for sighting in sightings:
            memory, some = watch.absorb(memory, sighting)
            fired += some
        if not sightings:
            memory, some = watch.elapse(memory, now)
            fired += some
        due = watch.due(memory)
        until = now + watch.lasts if due is None and watch.lasts is not None else None
        remembered = Remembered(*place, memory.model_dump(mode="json", exclude_defaults=True), due, until)
        return remembered, [coming_of(watcher, place[1], firing) for firing in fired]

    def _answer(self, fired: Sequence[Fired], now: datetime) -> set[str]:
        """Open the runs of what came about, and strike it out. What belongs to no workflow any more is let go later."""
        answered, woken = [], set()
        for one in fired:
            coming = Coming.model_validate(one.data)
            if program := self.watchers.programs.get(coming.workflow):
                self.opening.answer(program, coming.call(self._store.events.get))
                woken.add(program.id)
            if program or one.at < now - LOST:
                answered.append(one.id)
        self._store.watches.answered(answered)
        return woken

"""The timeline: what happens in a rehearsed workspace, one moment after the other, until nothing is left to happen."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from antiphon.model.activation import Activation
from antiphon.rehearsal.workspace import RehearsedWorkspace

_ROUNDS = 10_000
"""How often workflows may wake one another at one moment: more is taken for a circle."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something from outside, at a moment (UTC). When `do` gives False, it has brought no work."""

    at: datetime
    do: Callable[[], object]


@dataclass
class Timeline:
    """Moves the clock of a workspace from moment to moment, and lets it work at each. `settled` is told of all work."""

    workspace: RehearsedWorkspace
    settled: Callable[[Activation], None]
    ticks: bool = False

    def play(self, happenings: Iterable[Happening], until: datetime) -> None:
        """Let all happen that is due before `until` (UTC), from outside (in ascending order) and from within."""
        clock, upcoming = self.workspace.clock, iter(happenings)
        following = next(upcoming, None)
        ticking = self._ticking() if self.ticks else iter(())
        tick = next(ticking, None)
        due = self.work()
        while True:
            moments = [following.at if following else None, tick.at if tick else None, due]
            at = min((moment for moment in moments if moment is not None), default=None)
            if at is None or at >= until:
                break
            if at > clock.now():
                clock.set(at)
            stirred = due is not None and due <= clock.now()
            while following is not None and following.at <= clock.now():
                stirred |= following.do() is not False
                following = next(upcoming, None)
            while tick is not None and tick.at <= clock.now():
                stirred |= bool(tick.do())
                tick = next(ticking, None)
            if stirred:
                due = self.work()
        if until > clock.now():
            clock.set(until)

    def work(self) -> datetime | None:
        """Let the workspace do all that is to be done now; returns when something is due by itself again."""
        app = self.workspace
        watches = bool(app.watching.watchers)  # without them, what is kept in memory is enough
        for _ in range(_ROUNDS):
            if watches:
                app.sweep_patterns()
            else:
                app.route()
            waiting = app.unfinished()
            if not waiting:
                return min(filter(None, (app.next_due(), app.pattern_due() if watches else None)), default=None)
            for workflow in waiting:
                self.settled(app.activate(workflow))
        raise RuntimeError(f"at {app.clock.now():%F %T} the workflows wake one another without end")

    def _ticking(self) -> Iterator[Happening]:
        """Every tick of every schedule, in order."""
        app = self.workspace

        def of(workflow: str, trigger: str) -> Iterator[Happening]:
            after = app.clock.now()
            while ticks := app.ticks(workflow, trigger, after, 100):
                for after in ticks:
                    yield Happening(after, partial(app.wake, workflow, trigger, after))

        streams = [of(one.workflow, one.trigger) for one in app.schedule_triggers()]
        return heapq.merge(*streams, key=lambda tick: tick.at)

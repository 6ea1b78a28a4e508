"""Activate: many runs walked side by side, so that the same step of all of them is one piece of work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from antiphon.components.clock import Clock
from antiphon.model.activation import Activation
from antiphon.model.effect import Effect, LedgerEntry
from antiphon.model.run import Run
from antiphon.runtime.effects import Performer
from antiphon.runtime.requests import Answer, Perform, Request, Sleep, Walk

T = TypeVar("T")


class Around(Protocol):
    """Runs one piece of work: the orchestrator makes a task of it.

    `label` names what is done, such as `mastodon.boost`; `count` says for how many effects.
    """

    def __call__(self, label: str, count: int, work: Callable[[], T]) -> T:
        """Do the work and return what it returns."""


def plainly(label: str, count: int, work: Callable[[], T]) -> T:
    """Just do the work."""
    return work()


@dataclass
class _Walker:
    """One run under way: its walk, what it waits for, and the answers it has so far."""

    walk: Walk
    requests: list[Request] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    ended: Run | None = None

    def advance(self) -> None:
        """Go on until the next requests or the end."""
        try:
            if not self.requests:
                self.requests = next(self.walk)
            else:
                self.requests = self.walk.send([self.answers[index] for index in range(len(self.requests))])
            self.answers = {}
        except StopIteration as end:
            self.ended = end.value

    def open(self) -> list[tuple[int, Request]]:
        """The requests that have no answer yet."""
        return [(index, one) for index, one in enumerate(self.requests) if index not in self.answers]


def activate(
    workflow: str,
    walks: Sequence[Walk],
    performer: Performer,
    clock: Clock,
    *,
    live: bool,
    around: Around = plainly,
    beat: Callable[[], None] = lambda: None,
) -> Activation:
    """Walk all runs to their end. `beat` is called between rounds, to renew what is held meanwhile."""
    walkers = [_Walker(walk) for walk in walks]
    entries: list[LedgerEntry] = []
    around("evaluate", len(walkers), lambda: _advance(walkers))
    while active := [walker for walker in walkers if walker.ended is None]:
        performs, wakes = _gather(active, clock.now())
        for label, chunk in performs.items():
            effects = [effect for _, _, effect in chunk]
            answers = around(label, len(chunk), partial(_carry_out, performer, effects))
            for (walker, index, _), entry in zip(chunk, answers, strict=True):
                walker.answers[index] = entry
            entries += answers
        if not performs and wakes:
            clock.sleep((min(wakes) - clock.now()).total_seconds())
        _advance([walker for walker in active if not walker.open()])
        beat()
    runs = tuple(walker.ended for walker in walkers if walker.ended is not None)
    return Activation(workflow=workflow, live=live, runs=runs, entries=tuple(entries))


def _advance(walkers: Sequence[_Walker]) -> None:
    for walker in walkers:
        walker.advance()


def _carry_out(performer: Performer, effects: Sequence[Effect]) -> list[LedgerEntry]:
    return [performer.carry_out(effect) for effect in effects]


def _gather(
    active: Sequence[_Walker], now: datetime
) -> tuple[dict[str, list[tuple[_Walker, int, Effect]]], list[datetime]]:
    """The open effects by action, and the moments at which sleepers wake; those who have slept enough are answered."""
    performs: dict[str, list[tuple[_Walker, int, Effect]]] = {}
    wakes: list[datetime] = []
    for walker in active:
        for index, request in walker.open():
            match request:
                case Perform(effect):
                    performs.setdefault(effect.action, []).append((walker, index, effect))
                case Sleep(until) if until <= now:
                    walker.answers[index] = None
                case Sleep(until):
                    wakes.append(until)
    return performs, wakes

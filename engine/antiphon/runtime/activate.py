"""Activate: many runs walked side by side, so that the same step of all of them is one piece of work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from antiphon.components.clock import Clock
from antiphon.model.activation import Activation
from antiphon.model.effect import Effect, LedgerEntry
from antiphon.model.run import Run
from antiphon.runtime.effects import Performer
from antiphon.runtime.requests import Answer, Request, Walk

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


class Hold(Protocol):
    """Keeps hold of runs on behalf of whoever walks them."""

    def __call__(self, runs: Collection[str], until: datetime) -> Collection[str]:
        """Hold these runs at least until then; returns those that are still ours."""


def freely(runs: Collection[str], until: datetime) -> Collection[str]:
    """For runs that nobody else can take."""
    return runs


@dataclass
class _Walker:
    """One run under way: its walk, what it waits for, and the answers it has so far."""

    run: str
    walk: Walk
    requests: list[Request] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    ended: Run | None = None
    lost: bool = False

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


Chunk: TypeAlias = list[tuple[_Walker, int, Effect]]


def activate(
    workflow: str,
    walks: Mapping[str, Walk],
    performer: Performer,
    clock: Clock,
    *,
    live: bool,
    around: Around = plainly,
    hold: Hold = freely,
) -> Activation:
    """Walk all runs, given by their ids, to their end. One that another worker has taken over meanwhile is left to it.

    `hold` is asked before every effect: a worker that was away for too long must not act any more.
    """
    walkers = [_Walker(run, walk) for run, walk in walks.items()]
    entries: list[LedgerEntry] = []

    def keep(until: datetime) -> None:
        active = [walker for walker in walkers if walker.ended is None and not walker.lost]
        kept = hold([walker.run for walker in active], until)
        for walker in active:
            walker.lost = walker.run not in kept

    def carry_out(chunk: Chunk) -> list[LedgerEntry]:
        done = []
        for walker, index, effect in chunk:
            keep(clock.now())
            if not walker.lost:
                walker.answers[index] = entry = performer.carry_out(effect)
                done.append(entry)
        return done

    around("evaluate", len(walkers), lambda: _advance(walkers))
    while active := [walker for walker in walkers if walker.ended is None and not walker.lost]:
        for label, chunk in _gather(active).items():
            entries += around(label, len(chunk), partial(carry_out, chunk))
        keep(clock.now())
        _advance([walker for walker in active if not walker.lost])
    runs = tuple(walker.ended for walker in walkers if walker.ended is not None)
    return Activation(workflow=workflow, live=live, runs=runs, entries=tuple(entries))


def _advance(walkers: Sequence[_Walker]) -> None:
    for walker in walkers:
        walker.advance()


def _gather(active: Sequence[_Walker]) -> dict[str, Chunk]:
    """The effects that are asked for, by action."""
    performs: dict[str, Chunk] = {}
    for walker in active:
        for index, request in enumerate(walker.requests):
            performs.setdefault(request.effect.action, []).append((walker, index, request.effect))
    return performs

"""An activation: what one waking of a workflow came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from antiphon.model.base import Noun
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.run import Run, RunState


class Activation(Noun):
    """The runs that were worked through, as they stand now, and every effect that they asked for, in order."""

    workflow: str
    live: bool
    runs: tuple[Run, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()

    @property
    def effects(self) -> Mapping[EffectState, int]:
        """How many effects stand in which state."""
        return Counter(entry.state for entry in self.entries)

    @property
    def failed(self) -> tuple[Run, ...]:
        """The runs that failed."""
        return tuple(run for run in self.runs if run.state is RunState.FAILED)

    @property
    def waiting(self) -> tuple[Run, ...]:
        """The runs that cannot go on without time or a person."""
        return tuple(run for run in self.runs if run.state is RunState.HELD)

    @property
    def summary(self) -> str:
        """One sentence: how many runs, how they ended, and what became of the effects."""
        states = Counter(run.state for run in self.runs)
        runs = ", ".join(f"{count} {state}" for state, count in states.items()) or "nothing to do"
        effects = ", ".join(f"{count} {state}" for state, count in self.effects.items()) or "no effects"
        return f"{len(self.runs)} runs ({runs}); effects: {effects}"

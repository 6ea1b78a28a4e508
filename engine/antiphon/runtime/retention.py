"""Retention: what is older than the workspace wants to keep it goes, a little at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.model.retention import Cut, RetentionSettings

BATCH = 1000
"""How many rows go in one transaction, so that nobody waits for long."""

EVERY = timedelta(hours=1)
"""How often `antiphon up` prunes, and no process beside it."""

AT_ONCE = 100
"""How many transactions for each kind `antiphon up` spends on it then, since calls wait meanwhile."""


@dataclass(frozen=True)
class Pruned:
    """What was older than it is kept, and how much of it went, or would go."""

    cut: Cut
    count: int

    @property
    def name(self) -> str:
        """What it is called in the settings."""
        return self.cut.type or self.cut.kind


@dataclass(frozen=True)
class Pruner:
    """Prunes one store."""

    store: Store
    settings: RetentionSettings
    clock: Clock

    def prune(self) -> Sequence[Pruned]:
        """Let all go that is old. What is kept for ever is told of with nothing."""
        return [Pruned(cut, self._gone(cut)) for cut in self._cuts()]

    def old(self) -> Sequence[Pruned]:
        """What `prune` would let go."""
        return [Pruned(cut, self.store.retention.count(cut) if cut.before else 0) for cut in self._cuts()]

    def now_and_then(self) -> Sequence[Pruned]:
        """As `prune`, but not all at once, and nothing when somebody has done it within the hour."""
        now = self.clock.now()
        # Whoever holds a mark may take it again, so each turn has a name of its own.
        if not self.store.marks.first("retention", "prune", uuid.uuid4().hex, now, now + EVERY):
            return ()
        return [Pruned(cut, self._gone(cut, AT_ONCE)) for cut in self._cuts()]

    def _cuts(self) -> Iterator[Cut]:
        return self.settings.cuts(self.clock.now())

    def _gone(self, cut: Cut, batches: int | None = None) -> int:
        gone = 0
        for _ in count() if batches is None else range(batches):
            went = self.store.retention.prune(cut, BATCH) if cut.before else 0
            gone += went
            if not went:
                break
        return gone

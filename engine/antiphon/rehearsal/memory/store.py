"""The store in memory: what is asked most, before a database that has the rest."""

from __future__ import annotations

from typing import Any

from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.rehearsal.memory.forgotten import Forgotten
from antiphon.rehearsal.memory.heard import MemoryEvents, MemoryRuns
from antiphon.rehearsal.memory.ledger import MemoryLedger, MemoryTally
from antiphon.rehearsal.memory.nothing import NoBackfills, NoRests, NoSlots, NoSubscriptions, NoWatches
from antiphon.rehearsal.memory.policy import MemoryBrakes, MemoryMarks, MemoryRulings

_APART = frozenset(
    {
        "people",
        "suppressions",
        "records",
        "programs",
        "approvals",
        "evaluations",
        "alerts",
        "audit",
        "plans",
        "cursors",
        "metrics",
        "close",
    }
)
"""Ports that know nothing of those in memory, nor these of them."""


class MemoryStore:
    """For one plain workflow and one worker. `rest` has the ports that are asked seldom."""

    def __init__(self, rest: Store, clock: Clock) -> None:
        self._rest = rest
        self.events = MemoryEvents()
        self.runs = MemoryRuns(clock)
        self.subscriptions = NoSubscriptions()
        self.watches = NoWatches()
        self.backfills = NoBackfills()
        self.rests = NoRests()
        self.slots = NoSlots()
        self.ledger = MemoryLedger(clock)
        self.tally = MemoryTally(self.ledger)
        self.rulings = MemoryRulings(clock)
        self.brakes = MemoryBrakes(clock)
        self.marks = MemoryMarks()

    def __getattr__(self, name: str) -> Any:
        if name not in _APART:
            raise Forgotten(name)
        return getattr(self._rest, name)

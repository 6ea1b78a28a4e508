"""The ledger, and what is counted in it."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon.components.clock import Clock
from antiphon.components.ports import NoRoom, Overtaken, Paced, Sent
from antiphon.errors import StoreError
from antiphon.model.effect import Effect, EffectState, LedgerEntry, Outcome
from antiphon.model.ruling import Limit, Usage
from antiphon.rehearsal.memory.forgotten import Forgetful
from antiphon.runtime.policy.verdicts import counts
from antiphon.store.arrows import ARROWS, CLAIMED, HELD, PARKED, PLANNED, VETOED, settled
from antiphon.store.tally import COUNTED, PRECEDENCE

_ENTRY = frozenset(LedgerEntry.model_fields)


class MemoryLedger(Forgetful):
    """Entries by their keys. Those that may count are also kept by whom and whose they are, in the order of claims."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, LedgerEntry] = {}
        self._beside: dict[str, dict[str, Any]] = defaultdict(dict)
        self._held: dict[str, None] = {}
        self._claims: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)

    def plan(self, effects: Iterable[Effect]) -> Sequence[LedgerEntry]:
        now = self._clock.now()
        return [
            self._entries.setdefault(one.key, LedgerEntry(effect=one, state=PLANNED, planned_at=now)) for one in effects
        ]

    def claim(self, key: str, worker: str, limits: Sequence[Limit] = ()) -> bool:
        now, entry = self._clock.now(), self._entries.get(key)
        if entry is None or not (entry.state is PLANNED or _is_due(entry, now)):
            return False
        for limit in limits:
            usage = self.used(limit, key, entry.effect.terms.priority)
            if not usage.leaves_room(limit):
                raise NoRoom(limit, usage)
        taken = {"attempts": entry.attempts + 1, "claimed_by": worker, "claimed_at": now, "settled_at": None}
        self._put(key, entry, {"state": CLAIMED, "not_before": None, "reason": "", **taken})
        self._beside[key] = {"spent": entry.effect.cost}
        for index in _indexes(entry.effect):
            self._claims[index].pop(key, None)
            self._claims[index][key] = None
        return True

    def settle(self, key: str, outcome: Outcome, *, seen: LedgerEntry | None = None) -> LedgerEntry:
        state, values = settled(outcome, self._clock.now())
        return self._move(key, state, seen=seen, never_from=(PLANNED, HELD), **values)

    def veto(self, key: str, reasons: Sequence[str], *, seen: LedgerEntry | None = None) -> LedgerEntry:
        return self._move(key, VETOED, seen=seen, reason="; ".join(reasons))

    def hold(
        self, key: str, until: datetime | None, *, because: str, waits_for: str = "", seen: LedgerEntry | None = None
    ) -> LedgerEntry:
        return self._move(key, HELD, seen=seen, reason=because, not_before=until, waits_for=waits_for)

    def release(self, key: str, *, because: str, seen: LedgerEntry | None = None) -> LedgerEntry:
        blank: dict[str, Any] = {"claimed_at": None, "claimed_by": "", "receipt": None}
        return self._move(key, PLANNED, seen=seen, reason=because, **blank)

    def park(self, key: str, *, because: str, seen: LedgerEntry | None = None) -> LedgerEntry:
        return self._move(key, PARKED, seen=seen, reason=because)

    def get(self, key: str) -> LedgerEntry | None:
        return self._entries.get(key)

    def list(
        self,
        *,
        state: EffectState | None = None,
        workflow: str = "",
        run: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        settled_since: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[LedgerEntry]:
        among = (self._entries[key] for key in self._held) if state is HELD else self._entries.values()
        found = [
            entry
            for entry in among
            if state in (None, entry.state)
            and workflow in ("", entry.effect.workflow)
            and run in ("", entry.effect.run)
            and (since is None or entry.planned_at >= since)
            and (until is None or entry.planned_at < until)
            and (settled_since is None or (entry.settled_at is not None and entry.settled_at >= settled_since))
        ]
        return sorted(found, key=lambda entry: (entry.planned_at, entry.effect.key), reverse=True)[:limit]

    def counted(self, index: tuple[str, str], since: datetime) -> Iterator[LedgerEntry]:
        """What was done, or may have been, after a moment, the newest first."""
        for key in reversed(self._claims[index]):
            entry = self._entries[key]
            if entry.claimed_at is not None and entry.claimed_at <= since:
                return
            if entry.state in COUNTED and entry.claimed_at is not None:
                yield entry

    def used(self, limit: Limit, key: str, priority: int) -> Usage:
        """How much of a limit others than an effect use: what `store.tally` asks of the database."""
        now, total, oldest = self._clock.now(), 0.0, None
        for entry in self.counted(_narrowest(limit), limit.since):
            if entry.effect.key != key and counts(limit, entry.effect):
                total += self._beside[entry.effect.key]["spent"] if limit.counts == "cost" else 1
                oldest = entry.claimed_at
        waiting = (one for one in self._held if one != key and self._beside[one].get("waits_for") == limit.name)
        return Usage(total, oldest, sum(self._comes_before(one, priority, now) for one in waiting))

    def _comes_before(self, key: str, priority: int, now: datetime) -> bool:
        entry = self._entries[key]
        asked = entry.not_before is not None and now - PRECEDENCE < entry.not_before <= now
        return asked and entry.effect.terms.priority > priority

    def _move(
        self,
        key: str,
        after: EffectState,
        *,
        reason: str,
        seen: LedgerEntry | None,
        never_from: Sequence[EffectState] = (),
        **values: Any,
    ) -> LedgerEntry:
        entry = self._entries.get(key)
        if entry is None:
            raise StoreError(f"There is no effect {key!r} in the ledger.")
        if seen is not None and (entry.state, entry.attempts) != (seen.state, seen.attempts):
            raise Overtaken(f"The effect {key!r} is {entry.state} by now.")
        if after not in ARROWS[entry.state] or entry.state in never_from:
            raise StoreError(f"The effect {key!r} is {entry.state}; it cannot become {after}.")
        now = None if after in (PLANNED, CLAIMED) else self._clock.now()
        written = {"state": after, "reason": reason, "settled_at": now, "not_before": None, "waits_for": "", **values}
        self._beside[key] |= {name: value for name, value in written.items() if name not in _ENTRY}
        return self._put(key, entry, {name: value for name, value in written.items() if name in _ENTRY})

    def _put(self, key: str, entry: LedgerEntry, values: Mapping[str, Any]) -> LedgerEntry:
        changed = entry.model_copy(update=values)
        self._entries[key] = changed
        if changed.state is HELD:
            self._held[key] = None
        else:
            self._held.pop(key, None)
        return changed


class MemoryTally(Forgetful):
    """Questions to the ledger."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def used(self, limit: Limit, *, key: str, priority: int) -> Usage:
        return self._ledger.used(limit, key, priority)

    def sent(self, connection: str, since: datetime, limit: int) -> Sequence[Sent]:
        found: list[Sent] = []
        for entry in self._ledger.counted(("", ""), since):
            effect = entry.effect
            if effect.connection == connection and effect.outward and not effect.undoes and entry.claimed_at:
                found.append(Sent(effect.key, effect.payload, entry.claimed_at))
                if len(found) == limit:
                    break
        return found

    def pace(self, workflow: str, since: datetime) -> Sequence[Paced]:
        found = (entry for entry in self._ledger.counted(("", ""), since) if entry.effect.workflow == workflow)
        outward = (entry for entry in found if entry.effect.outward and not entry.effect.undoes)
        return [Paced(entry.effect.run, entry.claimed_at) for entry in outward if entry.claimed_at]


def _is_due(entry: LedgerEntry, now: datetime) -> bool:
    return entry.state is HELD and entry.not_before is not None and entry.not_before <= now


def _indexes(effect: Effect) -> Iterator[tuple[str, str]]:
    yield "", ""
    yield "run", effect.run
    yield from (("person", person) for person in effect.persons)


def _narrowest(limit: Limit) -> tuple[str, str]:
    if limit.run:
        return "run", limit.run
    return ("person", limit.person) if limit.person else ("", "")

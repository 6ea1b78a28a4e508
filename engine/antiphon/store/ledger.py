"""The ledger: what was done, and what may be done next."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from antiphon.components.clock import Clock
from antiphon.components.ports import Change, Ledger, Overtaken
from antiphon.errors import StoreError
from antiphon.model.effect import Effect, EffectState, LedgerEntry, Outcome, forgotten_key
from antiphon.model.policy import Terms
from antiphon.model.ruling import Limit
from antiphon.store.arrows import ARROWS, CLAIMED, HELD, PARKED, PLANNED, VETOED, settled
from antiphon.store.tables import effect_history, reached
from antiphon.store.tables import effects as table
from antiphon.store.tally import check, lock
from antiphon.store.transactions import Transactions, batches

_EFFECT = tuple(Effect.model_fields)
_ENTRY = tuple(name for name in LedgerEntry.model_fields if name not in ("effect", "rulings"))
_KEYS_A_QUERY = 1000


class SqlLedger(Ledger):
    """One row an effect, and one row of history a change, both written in one transaction."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def plan(self, effects: Iterable[Effect]) -> Sequence[LedgerEntry]:
        wanted = list(effects)
        now = self._clock.now()
        first: dict[str, Effect] = {}
        for effect in wanted:
            first.setdefault(effect.key, effect)
        entries: dict[str, LedgerEntry] = {}
        with self._transactions.writing() as connection:
            # What was done before somebody was forgotten is known by the digest of its key, and not done again.
            digests = {forgotten_key(key): key for key in first}
            for some in batches(digests, _KEYS_A_QUERY):
                for row in connection.execute(select(table).where(table.c.key.in_(some))):
                    entries[digests[row.key]] = _entry(row)
            fresh = [effect for key, effect in first.items() if key not in entries]
            rows = [{**dict(effect), "state": PLANNED, "planned_at": now} for effect in fresh]
            new = self._transactions.insert_new(connection, table, rows, by="key")
            _write_history(connection, *(Change(key, now, None, PLANNED) for key in sorted(new)))
            if persons := [{"person": one, "effect": key} for key in sorted(new) for one in first[key].persons]:
                connection.execute(reached.insert(), persons)
            for keys in batches(first, _KEYS_A_QUERY):
                for row in connection.execute(select(table).where(table.c.key.in_(keys))):
                    entries[row.key] = _entry(row)
        return [entries[effect.key] for effect in wanted]

    def claim(self, key: str, worker: str, limits: Sequence[Limit] = ()) -> bool:
        now = self._clock.now()
        free = table.c.key == key, or_(table.c.state == PLANNED, and_(table.c.state == HELD, table.c.not_before <= now))
        taken = {
            "state": CLAIMED,
            "attempts": table.c.attempts + 1,
            "claimed_by": worker,
            "claimed_at": now,
            "settled_at": None,
            "not_before": None,
            "reason": "",
            "spent": table.c.cost,
            "waits_for": "",
        }
        with self._transactions.writing() as connection:
            lock(connection, limits)
            found = connection.execute(select(table.c.state, table.c.terms).where(*free)).one_or_none()
            if found is None:
                return False
            before = found.state
            check(connection, limits, key, Terms.model_validate(found.terms).priority, now)
            # Here it is decided: of all who found the effect free, the update finds it free for one only.
            won = connection.execute(update(table).where(*free, table.c.state == before).values(taken)).rowcount == 1
            if won:
                _write_history(connection, Change(key, now, EffectState(before), CLAIMED, worker))
            return won

    def settle(self, key: str, outcome: Outcome, *, seen: LedgerEntry | None = None) -> LedgerEntry:
        now = self._clock.now()
        state, values = settled(outcome, now)
        return self._move(key, state, now, seen=seen, never_from=(PLANNED, HELD), **values)

    def veto(self, key: str, reasons: Sequence[str], *, seen: LedgerEntry | None = None) -> LedgerEntry:
        return self._move(key, VETOED, self._clock.now(), seen=seen, reason="; ".join(reasons))

    def hold(
        self, key: str, until: datetime | None, *, because: str, waits_for: str = "", seen: LedgerEntry | None = None
    ) -> LedgerEntry:
        values: dict[str, Any] = {"not_before": until, "waits_for": waits_for}
        return self._move(key, HELD, self._clock.now(), seen=seen, reason=because, **values)

    def release(self, key: str, *, because: str, seen: LedgerEntry | None = None) -> LedgerEntry:
        blank: dict[str, Any] = {"claimed_at": None, "claimed_by": "", "receipt": None}
        return self._move(key, PLANNED, self._clock.now(), seen=seen, never_from=(VETOED,), reason=because, **blank)

    def revive(self, key: str, *, because: str, seen: LedgerEntry) -> LedgerEntry:
        others = tuple(state for state in EffectState if state is not VETOED)
        return self._move(key, PLANNED, self._clock.now(), seen=seen, never_from=others, reason=because)

    def park(self, key: str, *, because: str, seen: LedgerEntry | None = None) -> LedgerEntry:
        return self._move(key, PARKED, self._clock.now(), seen=seen, reason=because)

    def history(self, key: str) -> Sequence[Change]:
        query = select(effect_history).where(effect_history.c.key == key).order_by(effect_history.c.number)
        with self._transactions.reading() as connection:
            return [_change(row) for row in connection.execute(query)]

    def get(self, key: str) -> LedgerEntry | None:
        with self._transactions.reading() as connection:
            row = connection.execute(select(table).where(table.c.key == key)).one_or_none()
        return _entry(row) if row else None

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
        query = select(table).order_by(table.c.planned_at.desc(), table.c.key.desc()).limit(limit)
        if state:
            query = query.where(table.c.state == state)
        if workflow:
            query = query.where(table.c.workflow == workflow)
        if run:
            query = query.where(table.c.run == run)
        if since:
            query = query.where(table.c.planned_at >= since)
        if until:
            query = query.where(table.c.planned_at < until)
        if settled_since:
            query = query.where(table.c.settled_at >= settled_since)
        with self._transactions.reading() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def made(self, connection: str, remote_id: str) -> Sequence[str]:
        its = table.c.connection == connection, table.c.remote_id == remote_id
        with self._transactions.reading() as reading:
            return reading.execute(select(table.c.key).where(*its).order_by(table.c.key)).scalars().all()

    def count(self, *, since: datetime, until: datetime) -> Mapping[tuple[str, EffectState], int]:
        query = (
            select(table.c.action, table.c.state, func.count())
            .where(table.c.planned_at >= since, table.c.planned_at < until)
            .group_by(table.c.action, table.c.state)
            .order_by(table.c.action, table.c.state)
        )
        with self._transactions.reading() as connection:
            return {(action, EffectState(state)): count for action, state, count in connection.execute(query)}

    def _move(
        self,
        key: str,
        after: EffectState,
        now: datetime,
        *,
        reason: str,
        seen: LedgerEntry | None,
        never_from: Collection[EffectState] = (),
        **values: Any,
    ) -> LedgerEntry:
        """Go along an arrow, or raise StoreError and change nothing."""
        mine = table.c.key == key
        with self._transactions.writing() as connection:
            row = connection.execute(select(table).where(mine).with_for_update()).one_or_none()
            if row is None:
                raise StoreError(f"There is no effect {key!r} in the ledger.", hint="An effect is planned first.")
            before = EffectState(row.state)
            # Every claim counts as an attempt, so a claim that was seen is not taken for a later one.
            if seen is not None and (before, row.attempts) != (seen.state, seen.attempts):
                raise Overtaken(f"The effect {key!r} is {before} by now; it was {seen.state} when it was looked at.")
            if after not in ARROWS[before] or before in never_from:
                raise StoreError(f"The effect {key!r} is {before}; it cannot become {after}.")
            settled_at = None if after in (PLANNED, CLAIMED) else now
            values = {
                "state": after,
                "reason": reason,
                "settled_at": settled_at,
                "not_before": None,
                "waits_for": "",
                **values,
            }
            moved = update(table).where(mine).values(values).returning(*table.c)
            entry = _entry(connection.execute(moved).one())
            _write_history(connection, Change(key, now, before, after, row.claimed_by, reason))
        return entry


def _write_history(connection: Connection, *changes: Change) -> None:
    if changes:
        connection.execute(effect_history.insert(), [asdict(change) for change in changes])


def _change(row: Row[Any]) -> Change:
    before = EffectState(row.before) if row.before else None
    return Change(row.key, row.at, before, EffectState(row.after), row.by, row.reason)


def _entry(row: Row[Any]) -> LedgerEntry:
    columns = row._mapping
    effect = Effect(**{name: columns[name] for name in _EFFECT})
    return LedgerEntry(effect=effect, **{name: columns[name] for name in _ENTRY})

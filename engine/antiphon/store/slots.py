"""Slots: which of the runs that get into one another's way may be under way. It is decided here, and nowhere else."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, text, union_all, update

from antiphon.components.clock import Clock
from antiphon.components.ports import Asked, Slots
from antiphon.model.event import Event
from antiphon.model.run import Run, RunState
from antiphon.store.gathering import begun, gathers, joined
from antiphon.store.tables import events, runs
from antiphon.store.transactions import Transactions, batches

AT_ONCE = 500
"""How many runs are opened in one transaction."""

_SPACE = 0x736C6F74  # "slot"; any number will do, as long as every process takes the same
_SHARDS = 64
_NAMES = [name for name in Run.model_fields if name != "steps"]
_RUN = [runs.c[name] for name in _NAMES]
_UNDER_WAY = (RunState.PENDING, RunState.RUNNING, RunState.HELD)


def _standing(*states: RunState) -> tuple[ColumnElement[bool], ...]:
    return runs.c.slot == bindparam("slot"), runs.c.finished_at.is_(None), runs.c.state.in_(states)


# Written once: events come by the thousand, and to write these questions takes longer than to answer them.
_FIRST_UNDER_WAY = select(runs.c.id).where(*_standing(*_UNDER_WAY)).order_by(runs.c.turn).limit(bindparam("most"))
_SOME_QUEUED = select(runs.c.id).where(*_standing(RunState.QUEUED)).limit(bindparam("most"))
_NEXT = select(runs.c.id, runs.c.places).where(*_standing(RunState.QUEUED)).order_by(runs.c.turn).limit(1)
_COUNT_UNDER_WAY = select(func.count()).where(*_standing(*_UNDER_WAY))
_NOT_ASKED = (
    select(*_RUN).where(*_standing(*_UNDER_WAY, RunState.QUEUED), runs.c.ends_as == "").order_by(runs.c.turn)
).with_for_update()
_WAITING = (
    select(*_RUN, runs.c.turn)
    .where(*_standing(RunState.PENDING, RunState.QUEUED))
    .where(runs.c.not_before > bindparam("now"), runs.c.ends_as == "")
    .order_by(runs.c.turn.desc())
).with_for_update()
# One question a state, each of which is one look into the index, however many wait.
_LAST_TURNS = union_all(
    *(select(func.max(runs.c.turn)).where(*_standing(state)) for state in (*_UNDER_WAY, RunState.QUEUED))
)


class SqlSlots(Slots):
    """Three columns of the runs: the slot, how many places it had when the run came, and the run's turn in it."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def open(self, asked: Iterable[Asked], news: Callable[[Run], Event]) -> Sequence[Run]:
        first: dict[str, Asked] = {}
        for one in asked:
            first.setdefault(one.run.key, one)
        return [run for some in batches(first.values(), AT_ONCE) for run in self._open(some, news)]

    def _open(self, asked: Sequence[Asked], news: Callable[[Run], Event]) -> list[Run]:
        with self._transactions.writing() as connection:
            lock(connection, [one.run.slot or one.run.key for one in asked])
            mine = runs.c.key.in_([one.run.key for one in asked])
            known = set(connection.execute(select(runs.c.key).where(mine)).scalars())
            door = _Door(connection, self._clock.now())
            opened = [door.admit(one) for one in asked if one.run.key not in known]
            told = [asdict(news(run)) | {"routed": False} for run in (*door.ended, *opened) if run.state.ended]
            self._transactions.insert_new(connection, events, told, by="id")
            return opened


def lock(connection: Connection, slots: Iterable[str]) -> None:
    """Let nobody else open or end runs in these slots until this transaction has ended.

    SQLite has one writer at a time anyway. Whoever takes several takes them in one order, and before any row; so nobody
    locks anybody out. Slots are many, so some share a lock.
    """
    if connection.dialect.name == "postgresql":
        for shard in sorted({zlib.crc32(slot.encode()) % _SHARDS for slot in slots if slot}):
            connection.execute(text("SELECT pg_advisory_xact_lock(:space, :shard)"), {"space": _SPACE, "shard": shard})


def slot_of(connection: Connection, run_id: str) -> str:
    """The slot of a run, locked; empty when the run has none."""
    slot = connection.execute(select(runs.c.slot).where(runs.c.id == run_id)).scalar_one_or_none() or ""
    lock(connection, [slot])
    return slot


def let_in(connection: Connection, slot: str) -> None:
    """Make those whose turn has come pending; the slot must be locked."""
    named = {"slot": slot}
    under_way = connection.execute(_COUNT_UNDER_WAY, named).scalar_one()
    while (row := connection.execute(_NEXT, named).first()) and (row.places is None or under_way < row.places):
        comes = update(runs).where(runs.c.id == row.id)
        connection.execute(comes.values(state=RunState.PENDING, because=""))
        under_way += 1


@dataclass
class _Door:
    """Admits runs one after the other, within one transaction that has locked their slots."""

    connection: Connection
    now: datetime
    ended: list[Run] = field(default_factory=list)

    def admit(self, asked: Asked) -> Run:
        """Keep a new run as the rules of its slot have it."""
        run, turn = asked.run, 0
        if run.slot and not run.state.ended:
            window = self._window(run.slot) if asked.gathers else None
            if window is None:
                run, turn = self._placed(asked), self._last_turn(run.slot) + 1
                run = begun(run, asked.rules, self.now) if asked.gathers and not run.state.ended else run
            else:
                turn = window[1]
                run, earlier = joined(run, asked.rules, window[0], self.now)
                self._change(earlier)
        row = {name: value for name, value in run if name != "steps"}
        ended = {"finished_at": self.now if run.state.ended else None}
        self.connection.execute(runs.insert(), row | ended | {"places": asked.rules.places, "turn": turn})
        if run.state is not RunState.QUEUED:
            return run
        let_in(self.connection, run.slot)  # the rules may have been loosened since the others came
        stands = select(runs.c.state, runs.c.because).where(runs.c.id == run.id)
        state, because = self.connection.execute(stands).one()
        return run.model_copy(update={"state": RunState(state), "because": because})

    def _placed(self, asked: Asked) -> Run:
        run, rules = asked.run, asked.rules
        if rules.places is None:
            return run
        if rules.overlap == "restart":
            self._restart(run, rules.places)
        under_way = self._ids(_FIRST_UNDER_WAY, run.slot, rules.places)
        queued = len(self._ids(_SOME_QUEUED, run.slot, rules.queue_max or 1))
        if len(under_way) < rules.places and not queued:
            return run
        oldest = f"run {under_way[0]}" if under_way else "another run"
        if rules.overlap == "skip":
            return _ended(run, RunState.DECLINED, f"{oldest} is under way, and another call of its key is skipped")
        if rules.queue_max is not None and queued >= rules.queue_max:
            return _ended(run, RunState.DECLINED, f"{oldest} is under way, and {queued} wait for their turn already")
        return run.model_copy(
            update={"state": RunState.QUEUED, "because": f"it waits for its turn: {oldest} is under way"}
        )

    def _restart(self, run: Run, places: int) -> None:
        """Ask the oldest to end, so that there is room for the new one; what is only queued ends at once."""
        there = [Run(**row._mapping) for row in self.connection.execute(_NOT_ASKED, {"slot": run.slot})]
        because = f"restarted by run {run.id}"
        for earlier in there[: max(0, len(there) + 1 - places)]:
            if earlier.state is RunState.QUEUED:
                self._change(_ended(earlier, RunState.STOPPED, because))
            else:
                self._change(earlier.model_copy(update={"ends_as": because, "not_before": self.now}))

    def _window(self, slot: str) -> tuple[Run, int] | None:
        """The run of the slot that still gathers calls, with its turn."""
        for row in self.connection.execute(_WAITING, {"slot": slot, "now": self.now}):
            *values, turn = row
            run = Run(**dict(zip(_NAMES, values, strict=True)))
            if gathers(run):
                return run, turn
        return None

    def _change(self, run: Run) -> None:
        """Write an earlier run as it stands now; what has ended is told."""
        if run.state.ended:
            self.ended.append(run)
        names = ("state", "because", "scope", "not_before", "ends_as", "finished_at")
        values = {name: getattr(run, name) for name in names}
        values["finished_at"] = self.now if run.state.ended else None
        self.connection.execute(update(runs).where(runs.c.id == run.id).values(values))

    def _ids(self, query: Select[tuple[str]], slot: str, most: int) -> Sequence[str]:
        return self.connection.execute(query, {"slot": slot, "most": most}).scalars().all()

    def _last_turn(self, slot: str) -> int:
        turns = self.connection.execute(_LAST_TURNS, {"slot": slot}).scalars()
        return max((turn for turn in turns if turn), default=0)


def _ended(run: Run, state: RunState, because: str) -> Run:
    return run.model_copy(update={"state": state, "because": because, "not_before": None})

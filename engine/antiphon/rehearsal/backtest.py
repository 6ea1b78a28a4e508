"""Backtest: a period heard once more by a workflow, and by another version of it to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from antiphon.app import Antiphon
from antiphon.compiler.names import walk
from antiphon.model.backtest import Apart, Backtest, Difference, Differing
from antiphon.model.effect import LedgerEntry
from antiphon.model.event import Event
from antiphon.model.overlap import RunOptions
from antiphon.model.program import Program
from antiphon.model.workflow import Approve
from antiphon.rehearsal.counting import reasons
from antiphon.rehearsal.memory import Forgotten
from antiphon.rehearsal.quiet import quietly
from antiphon.rehearsal.replay import Replay
from antiphon.runtime.policy.calendar import midnight

EXAMPLES = 20
"""How many differences between two versions are told one by one."""

Outcomes: TypeAlias = Mapping[str, tuple[datetime, str]]

_A_DAY = 1_000_000
_STEP = 5000


def backtest(
    app: Antiphon,
    program: Program,
    since: datetime,
    until: datetime,
    *,
    against: Program | None = None,
    heard: Callable[[int], None] = lambda count: None,
) -> Backtest:
    """What a program would have done from `since` to before `until`, and how `against` would have done otherwise.

    `heard` is told of every few thousand events that were passed. Nothing of the workspace is changed.
    """
    with quietly():
        ours = _replayed(app, program, since, until, heard, compared=against is not None)
        try:
            result = _result(ours, program, since, until, app)
            if against is None:
                return result
            theirs = _replayed(app, against, since, until, heard, compared=True)
            try:
                return result.model_copy(update={"against": _differing(ours, theirs, against, result)})
            finally:
                theirs.close()
        finally:
            ours.close()


def _replayed(
    app: Antiphon, program: Program, since: datetime, until: datetime, heard: Callable[[int], None], *, compared: bool
) -> Replay:
    for in_memory in (True, False) if fits_memory(program) else (False,):
        replay = Replay(app, program, since, in_memory=in_memory, compared=compared)
        try:
            replay.play(_watched(app.store.events_between(since, until), heard), until)
        except Forgotten:
            replay.close()
        except BaseException:
            replay.close()
            raise
        else:
            return replay
    raise AssertionError("a database forgets nothing")


def fits_memory(program: Program) -> bool:
    """Whether a replay may be tried in memory: not where runs get into one another's way, or people are asked."""
    asks = any(isinstance(step, Approve) for _, step in walk(program.all_steps))
    return program.run == RunOptions() and not asks


def _watched(events: Iterable[Event], heard: Callable[[int], None]) -> Iterator[Event]:
    for number, event in enumerate(events, 1):
        yield event
        if number % _STEP == 0:
            heard(_STEP)


def _result(replay: Replay, program: Program, since: datetime, until: datetime, app: Antiphon) -> Backtest:
    counting = replay.counting
    return Backtest(
        workflow=program.id,
        version=program.fingerprint,
        since=since,
        until=until,
        timezone=app.timezone.key,
        days=counting.days(since, until),
        declined=reasons(counting.declined),
        failed=reasons(counting.failed),
        stopped=reasons(counting.stopped),
        waiting=counting.waiting,
        unchecked=counting.unchecked,
    )


# -- against another version ------------------------------------------------------------------------------------------


def _differing(ours: Replay, theirs: Replay, against: Program, result: Backtest) -> Differing:
    zone = ours.workspace.timezone
    return Differing(
        version=against.fingerprint,
        days=theirs.counting.days(result.since, result.until),
        runs=_apart(_runs(ours.counting.outcomes or {}, theirs.counting.outcomes or {}), zone),
        effects=_apart(_effects(ours, theirs, result), zone),
    )


def _apart(differences: Iterable[Difference], zone: ZoneInfo) -> Apart:
    per_day: Counter[date] = Counter()
    examples: list[Difference] = []
    for difference in differences:
        per_day[difference.at.astimezone(zone).date()] += 1
        if len(examples) < EXAMPLES:
            examples.append(difference)
    return Apart(count=per_day.total(), per_day=dict(per_day), examples=tuple(examples))


def _runs(ours: Outcomes, theirs: Outcomes) -> Iterator[Difference]:
    for cause in dict.fromkeys([*ours, *theirs]):
        at, one = ours.get(cause, (None, ""))
        also, other = theirs.get(cause, (None, ""))
        moment = at or also
        if one != other and moment is not None:
            yield Difference(at=moment, what=cause, ours=one, theirs=other)


def _effects(ours: Replay, theirs: Replay, result: Backtest) -> Iterator[Difference]:
    """Both ledgers side by side, a day at a time, so that no more than a day of them is compared at once."""
    for day in result.days:
        begin, end = (midnight(one, ours.workspace.timezone) for one in (day.day, day.day + timedelta(days=1)))
        yield from _between(_planned(ours, begin, end), _planned(theirs, begin, end))


def _planned(replay: Replay, begin: datetime, end: datetime) -> dict[str, LedgerEntry]:
    entries = replay.workspace.store.ledger.list(since=begin, until=end, limit=_A_DAY)
    return {entry.effect.key: entry for entry in reversed(entries)}


def _between(ours: dict[str, LedgerEntry], theirs: dict[str, LedgerEntry]) -> Iterator[Difference]:
    for key in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(key), theirs.get(key)
        if one and other and _content(one) == _content(other):
            continue
        at = one.planned_at if one else other.planned_at if other else datetime.min.replace(tzinfo=UTC)
        yield Difference(at=at, what=key, ours=_told(one), theirs=_told(other))


def _content(entry: LedgerEntry) -> tuple[object, ...]:
    effect = entry.effect
    return effect.action, effect.connection, effect.payload, effect.recipients, entry.state


def _told(entry: LedgerEntry | None) -> str:
    return f"{entry.state}: {entry.effect.summary}" if entry else ""

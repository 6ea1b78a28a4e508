"""Counting: what a replay comes to, day by day, as it goes. It remembers only what has not ended yet."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from antiphon.model.activation import Activation
from antiphon.model.backtest import Day, Reason
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.ruling import Way
from antiphon.model.run import RunState
from antiphon.rehearsal.stage import UNCHECKED
from antiphon.runtime.policy.calendar import midnight

LIMITS = ("cap", "budget", "effects per run", "effects per day", "blast radius")
"""The rules by which something is full."""

_QUOTED = re.compile(r"“[^”]*”|'[^']*'")
_MOST_REASONS = 1000


class Counting:
    """The numbers of one version. Give it everything that happens, in order.

    With `outcomes` it also remembers what became of each call, by its cause: when it came, and the word for it.
    """

    def __init__(self, timezone: ZoneInfo, outcomes: dict[str, tuple[datetime, str]] | None = None) -> None:
        self._timezone = timezone
        self.outcomes = outcomes
        self._days: dict[date, Counter[str]] = {}
        self._today: Counter[str] = Counter()
        self._ends = datetime.min.replace(tzinfo=UTC)
        self._waiting: set[str] = set()
        self._put_off: set[str] = set()
        self._seen: set[str] = set()
        self._moment = self._ends
        self.declined: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.stopped: Counter[str] = Counter()
        self.unchecked = 0

    @property
    def waiting(self) -> int:
        """How many runs have not ended."""
        return len(self._waiting)

    def heard(self, at: datetime) -> None:
        """An event of the store, in ascending order."""
        if at >= self._ends:
            self._turn(at)
        self._today["heard"] += 1

    def refused(self, cause: str, at: datetime, because: str) -> None:
        """A call that was declined without a run being opened."""
        self._became(cause, at, str(RunState.DECLINED))
        day = self._day(at)
        day["fired"] += 1
        day["declined"] += 1
        _count(self.declined, because)

    def settled(self, at: datetime, activation: Activation) -> None:
        """What the workflow has just done."""
        day = self._day(at)
        for run in activation.runs:
            self._became(run.cause, at, str(run.state))
            if run.id not in self._waiting:
                day["fired"] += 1
            if run.state is RunState.HELD:
                self._waiting.add(run.id)
                continue
            self._waiting.discard(run.id)
            if run.state is RunState.DECLINED:
                day["declined"] += 1
                _count(self.declined, run.because)
            elif run.state is RunState.FAILED:
                day["failed"] += 1
                _count(self.failed, run.because)
        if at != self._moment:
            self._moment, self._seen = at, set()
        for entry in activation.entries:
            self._effect(day, entry)

    def days(self, since: datetime, until: datetime) -> tuple[Day, ...]:
        """Every day of the period, those without anything among them."""
        first = since.astimezone(self._timezone).date()
        last = (until - timedelta(microseconds=1)).astimezone(self._timezone).date()
        every = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return tuple(Day(day=day, **dict(self._days.get(day, Counter()))) for day in every)

    def _effect(self, day: Counter[str], entry: LedgerEntry) -> None:
        effect, key = entry.effect, entry.effect.key
        if key in self._seen:  # another run that wants the same act
            return
        if entry.state is EffectState.HELD:
            if key not in self._put_off:
                self._put_off.add(key)
                self._kept_back(day, entry, "held")
            return
        self._put_off.discard(key)
        self._seen.add(key)
        if entry.state is EffectState.DONE:
            day["sent" if effect.outward else "inward"] += 1
            self.unchecked += effect.summary.endswith(f"({UNCHECKED})")
        elif entry.state is EffectState.VETOED:
            self._kept_back(day, entry, "vetoed")

    def _kept_back(self, day: Counter[str], entry: LedgerEntry, word: str) -> None:
        rules = [one.rule for one in entry.rulings if one.verdict is not Way.PASS]
        day["capped" if any(rule in LIMITS for rule in rules) else word] += 1
        for rule in dict.fromkeys(rules or [_plainly(entry.reason) or "review"]):
            _count(self.stopped, f"{rule}: {word}")

    def _became(self, cause: str, at: datetime, what: str) -> None:
        if self.outcomes is not None:
            first, _ = self.outcomes.get(cause, (at, ""))
            self.outcomes[cause] = (first, what)

    def _day(self, at: datetime) -> Counter[str]:
        return self._days.setdefault(at.astimezone(self._timezone).date(), Counter())

    def _turn(self, at: datetime) -> None:
        local = at.astimezone(self._timezone).date()
        self._today, self._ends = self._day(at), midnight(local + timedelta(days=1), self._timezone)


def reasons(counted: Counter[str], most: int = 10) -> tuple[Reason, ...]:
    """The most frequent, and how often each came."""
    return tuple(Reason(because=because, count=count) for because, count in counted.most_common(most))


def _count(counted: Counter[str], because: str) -> None:
    """A reason without what it quotes, which would make each a reason of its own."""
    plain = _plainly(because)
    counted[plain if plain in counted or len(counted) < _MOST_REASONS else "another reason"] += 1


def _plainly(because: str) -> str:
    return _QUOTED.sub("“…”", because)

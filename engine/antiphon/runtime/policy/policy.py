"""Policy: every rule asked about one effect, at the moment of sending; and the same on paper, for a plan.

What is not outward, and what takes another effect back, is not asked about: no rule keeps a mistake from being undone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from zoneinfo import ZoneInfo

from antiphon.components.clock import Clock
from antiphon.components.ports import NoRoom, Paced, Store
from antiphon.model.effect import Effect, EffectState, LedgerEntry
from antiphon.model.policy import PolicySettings
from antiphon.model.ruling import Limit, Ruling, Usage, Way
from antiphon.runtime.policy import (
    alt_text,
    amounts,
    blackouts,
    brake,
    budgets,
    caps,
    consent,
    near_duplicates,
    quiet_hours,
)
from antiphon.runtime.policy.asking import Asking
from antiphon.runtime.policy.verdicts import SHORTLY, counted, counts, is_asked, until_of, worst_of

_RULES = (brake, consent, blackouts, quiet_hours, near_duplicates, alt_text)
_AFTER_CLAIM = (brake, consent, near_duplicates)
_LIMITS = (caps, budgets, amounts)


class Policy:
    """Made anew for every activation: the usual numbers of workflows are looked up once in its life.

    `same` tells the other names of whoever has one.
    """

    def __init__(
        self,
        settings: PolicySettings,
        store: Store,
        clock: Clock,
        timezone: ZoneInfo,
        same: Callable[[str], Collection[str]] = lambda name: (),
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._timezone = timezone
        self._same = same
        self._paces: dict[str, tuple[Paced, ...]] = {}

    def admit(self, entry: LedgerEntry, worker: str) -> LedgerEntry | None:
        """Claim an effect if every rule lets it pass: then None. Else what the ledger says of it now, and why."""
        effect, ledger = entry.effect, self._store.ledger
        if entry.state is EffectState.HELD and (entry.not_before is None or entry.not_before > self._clock.now()):
            return entry
        asking = self._asking()
        limits = self._limits(effect, asking)
        rulings = self._rulings(effect, asking)
        usages = [(limit, self._usage(limit, effect)) for limit in limits]
        rulings += [counted(limit, usage, asking.now) for limit, usage in usages]
        full = [limit for limit, usage in usages if not usage.leaves_room(limit)]
        if (stopped := self._obeyed(entry, rulings, full)) is not None:
            return stopped
        try:
            if not ledger.claim(effect.key, worker, limits):
                return ledger.get(effect.key) or entry
        except NoRoom as late:  # somebody took the last place meanwhile
            return self._obeyed(entry, [counted(late.limit, late.usage, asking.now)], [late.limit])
        return self._yielded(effect, asking)

    def preview(self, effect: Effect, admitted: Sequence[Effect]) -> LedgerEntry:
        """What would become of an effect if it were sent now, after those that the same plan has `admitted`."""
        asking = self._asking()
        rulings = self._rulings(effect, asking)
        for limit in self._limits(effect, asking):
            usage = self._usage(limit, effect)
            more = sum(one.cost if limit.counts == "cost" else 1 for one in admitted if counts(limit, one))
            oldest = usage.oldest or (asking.now if more else None)
            rulings.append(counted(limit, Usage(usage.used + more, oldest, usage.waiting), asking.now))
        worst = worst_of(rulings)
        entry = LedgerEntry(effect=effect, state=EffectState.PLANNED, planned_at=asking.now, rulings=tuple(rulings))
        if worst in (Way.PASS, None):
            return entry
        reasons = "; ".join(str(one) for one in rulings if one.verdict is worst)
        if worst is Way.HOLD:
            until = until_of(rulings)
            when = f"until {until.astimezone(self._timezone):%F %H:%M}" if until else "for a person"
            return entry.model_copy(update={"reason": f"would be held {when}: {reasons}", "not_before": until})
        return entry.model_copy(update={"state": EffectState.VETOED, "reason": reasons})

    def _asking(self) -> Asking:
        return Asking(self._settings, self._store, self._clock.now(), self._timezone, self._pace, self._same)

    def _pace(self, workflow: str) -> tuple[Paced, ...]:
        if workflow not in self._paces:
            since = self._clock.now() - amounts.REMEMBERED
            self._paces[workflow] = tuple(self._store.tally.pace(workflow, since))
        return self._paces[workflow]

    def _rulings(self, effect: Effect, asking: Asking) -> list[Ruling]:
        return [ruling for rule in _RULES for ruling in rule.rulings(effect, asking)] if is_asked(effect) else []

    def _limits(self, effect: Effect, asking: Asking) -> list[Limit]:
        return [limit for rule in _LIMITS for limit in rule.limits(effect, asking)] if is_asked(effect) else []

    def _usage(self, limit: Limit, effect: Effect) -> Usage:
        return self._store.tally.used(limit, key=effect.key, priority=effect.terms.priority)

    def _obeyed(self, asked: LedgerEntry, rulings: Sequence[Ruling], full: Sequence[Limit] = ()) -> LedgerEntry | None:
        """Keep the rulings, and do what the strictest of them wants; None when they let the effect pass."""
        effect = asked.effect
        self._store.rulings.record(effect.key, rulings)
        worst, ledger = worst_of(rulings), self._store.ledger
        if worst in (Way.PASS, None):
            return None
        reasons = [str(one) for one in rulings if one.verdict is worst]
        if worst is Way.HOLD:
            self._brake(effect, full, reasons)
            waits_for = next((limit.name for limit in full), "")
            because = "; ".join(reasons)
            entry = ledger.hold(effect.key, until_of(rulings), because=because, waits_for=waits_for, seen=asked)
        else:
            entry = ledger.veto(effect.key, reasons, seen=asked)
        return entry.model_copy(update={"rulings": tuple(rulings)})

    def _brake(self, effect: Effect, full: Sequence[Limit], reasons: Sequence[str]) -> None:
        scope, brakes = f"workflow:{effect.workflow}", self._store.brakes
        if any(limit.otherwise == "brake" for limit in full) and not brakes.standing([scope]):
            brakes.put(scope, "; ".join(reasons), by="policy")

    def _yielded(self, effect: Effect, asking: Asking) -> LedgerEntry | None:
        """Once it is claimed, the rules that others may just have changed are asked again: a brake or a suppression
        that stood before the claim is never missed, and of two alike texts that were claimed side by side, the later
        sees the earlier and lets it go first. What is stopped here is asked everything anew in a moment."""
        rules = _AFTER_CLAIM if is_asked(effect) else ()
        again = [ruling for rule in rules for ruling in rule.rulings(effect, asking)]
        if worst_of(again) in (Way.PASS, None):
            return None
        self._store.rulings.record(effect.key, again)
        return self._store.ledger.hold(effect.key, asking.now + SHORTLY, because="; ".join(map(str, again)))

"""Effects: plan → review → claim → perform → receipt. The only place in which anything outward happens.

The entry is in the ledger before the call and the receipt after it. A claim is won by one caller. An effect that a
crash left between the two is looked up at the network before anything else is done with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from antiphon.catalogue import Catalogue
from antiphon.components.action import Action
from antiphon.components.clock import Clock
from antiphon.components.context import Connections, Here, PerformContext
from antiphon.components.http import Http
from antiphon.components.ports import Reports, Store
from antiphon.errors import GiveUp, RetryLater
from antiphon.model.effect import Disconnected, Done, Effect, EffectState, LedgerEntry, Outcome, Rejected, Unknown

ABANDONED_AFTER = timedelta(minutes=10)
"""A claim of another worker that is older than this is taken for a crash."""


class Performer(Protocol):
    """Takes effects to their end, or as far as they go now."""

    def carry_out(self, effect: Effect) -> LedgerEntry:
        """What the ledger says of the effect afterwards."""


@dataclass(frozen=True)
class OnPaper:
    """For a plan: says what would be done, and what has been done already. It holds no writer, so it cannot send."""

    store: Store
    clock: Clock

    def carry_out(self, effect: Effect) -> LedgerEntry:  # noqa: D102
        known = self.store.ledger.get(effect.key)
        return known or LedgerEntry(effect=effect, state=EffectState.PLANNED, planned_at=self.clock.now())


@dataclass(frozen=True)
class ForReal:
    """For a live run."""

    store: Store
    clock: Clock
    catalogue: Catalogue
    connections: Connections
    http: Http
    reports: Reports
    review: Callable[[Effect], Sequence[str]]
    reveal: Callable[[Any], Any]
    worker: str
    timezone: ZoneInfo
    language: str = "en"

    def carry_out(self, effect: Effect) -> LedgerEntry:  # noqa: D102
        ledger = self.store.ledger
        [entry] = ledger.plan([effect])
        if self._left_behind(entry, effect):
            ledger.settle(effect.key, Unknown("a worker stopped between the call and its receipt"))
            entry = ledger.get(effect.key) or entry
        if entry.state is EffectState.UNKNOWN:
            entry = self._reconcile(entry)
        if entry.state not in (EffectState.PLANNED, EffectState.HELD):
            return entry
        if reasons := self.review(entry.effect):
            return ledger.veto(effect.key, reasons)
        if not ledger.claim(effect.key, self.worker):
            return ledger.get(effect.key) or entry
        return ledger.settle(effect.key, self._perform(entry.effect))

    def _left_behind(self, entry: LedgerEntry, effect: Effect) -> bool:
        """Whether a claim is nobody's any more: whoever walks a run holds it, so an older claim of it is a crash's."""
        if entry.state is not EffectState.CLAIMED or entry.claimed_at is None:
            return False
        return entry.effect.run == effect.run or self.clock.now() - entry.claimed_at > ABANDONED_AFTER

    def _perform(self, effect: Effect) -> Outcome:
        try:
            return self._action(effect).perform(effect, self._context(effect))
        except (GiveUp, RetryLater) as error:
            # An action raises these before it sends: what it cannot tell after sending it must return as Unknown.
            return Rejected(error.sentence, error.hint) if isinstance(error, GiveUp) else Disconnected(str(error))
        except Exception as error:
            return Unknown(f"{effect.action} failed in its own code ({type(error).__name__}), before or after it sent")

    def _reconcile(self, entry: LedgerEntry) -> LedgerEntry:
        """Ask the network whether an unknown effect happened."""
        ledger, effect = self.store.ledger, entry.effect
        try:
            outcome = self._action(effect).reconcile(effect, self._context(effect, entry.claimed_at))
        except Exception as error:
            outcome = Unknown(f"the network could not be asked ({type(error).__name__})")
        match outcome:
            case None:
                return ledger.release(effect.key, because="the network was asked and does not have it")
            case Done():
                return ledger.settle(effect.key, outcome)
        return ledger.park(effect.key, because=getattr(outcome, "reason", "") or "nobody can tell whether it was done")

    def _action(self, effect: Effect) -> Action:
        component = self.catalogue.actions.get(effect.action)
        if component is None or not issubclass(component, Action):
            raise GiveUp(f"No plugin offers the action `{effect.action}` any more.", hint="Install it again.")
        return component()

    def _context(self, effect: Effect, claimed_at: datetime | None = None) -> PerformContext:
        here = Here(
            workflow=effect.workflow,
            run=effect.run,
            step=effect.step,
            timezone=self.timezone,
            language=self.language,
            subject=effect.subject,
            event=effect.event,
            live=True,
        )
        store = self.store
        return PerformContext(
            here=here,
            clock=self.clock,
            connections=self.connections,
            http=self.http,
            events=store.events,
            records=store.records,
            people=store.people,
            reports=self.reports,
            claimed_at=claimed_at or self.clock.now(),
            reveal=self.reveal,
        )

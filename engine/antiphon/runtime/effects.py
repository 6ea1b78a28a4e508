"""Effects: plan → review → claim → perform → receipt. The only place in which anything outward happens.

The entry is in the ledger before the call and the receipt after it. A claim is won by one caller. An effect that a
crash left between the two is looked up at the network before anything else is done with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from antiphon.catalogue import Catalogue
from antiphon.components.action import Action
from antiphon.components.clock import Clock
from antiphon.components.context import Connections, Here, PerformContext
from antiphon.components.http import Http
from antiphon.components.media import Files, NoFiles
from antiphon.components.ports import Overtaken, Reports, Store
from antiphon.errors import AccessLost, GiveUp, RetryLater, SecretMissing, SettingsError
from antiphon.model.effect import (
    AuthDead,
    Disconnected,
    Done,
    Effect,
    EffectState,
    LedgerEntry,
    Outcome,
    Pending,
    RateLimited,
    Receipt,
    Rejected,
    Unknown,
)
from antiphon.runtime.policy.audited import AuditedBrakes
from antiphon.runtime.policy.policy import Policy
from antiphon.runtime.redaction import Conceal, concealed
from antiphon.runtime.windows import waits

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
    policy: Policy
    admitted: list[Effect] = field(default_factory=list)

    def carry_out(self, effect: Effect) -> LedgerEntry:  # noqa: D102
        if (known := self.store.ledger.get(effect.key)) is not None:
            return known.model_copy(update={"rulings": tuple(self.store.rulings.latest(effect.key))})
        entry = self.policy.preview(effect, self.admitted)
        if not entry.reason:
            self.admitted.append(effect)
        return entry


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
    policy: Policy
    reveal: Callable[[Any], Any]
    conceal: Conceal
    worker: str
    timezone: ZoneInfo
    language: str = "en"
    files: Files = field(default_factory=NoFiles)

    def carry_out(self, effect: Effect) -> LedgerEntry:  # noqa: D102
        [entry] = self.store.ledger.plan([effect])
        try:
            return self._carried_out(entry, effect)
        except Overtaken:
            # Another worker has the same effect and was faster: what has become of it there is what became of it.
            return self.store.ledger.get(effect.key) or entry

    def _carried_out(self, entry: LedgerEntry, effect: Effect) -> LedgerEntry:
        ledger = self.store.ledger
        left_behind = self._left_behind(entry, effect)
        if left_behind and entry.receipt is None:
            entry = ledger.settle(effect.key, Unknown("a worker stopped between the call and its receipt"), seen=entry)
        # A claim with a receipt is one that the network is still working on: the network knows more by now. What was
        # parked after a claim is met again when a person has let its run go on: it is worth asking once more.
        parked = entry.state is EffectState.PARKED and entry.claimed_at is not None
        if left_behind or parked or entry.state is EffectState.UNKNOWN:
            entry = self._reconcile(entry)
        if entry.state not in (EffectState.PLANNED, EffectState.HELD):
            return entry.model_copy(update={"rulings": tuple(self.store.rulings.latest(effect.key))})
        if waiting := waits(entry, ledger, self.clock, self.timezone):
            return waiting
        if reasons := self.review(entry.effect):
            return ledger.veto(effect.key, reasons, seen=entry)
        if (stopped := self.policy.admit(entry, self.worker)) is not None:
            return stopped
        mine = ledger.get(effect.key)
        outcome = concealed(self._perform(entry.effect), self.conceal)
        if isinstance(outcome, Rejected):
            outcome = self._believed(outcome, mine or entry)
        try:
            return ledger.settle(effect.key, outcome, seen=mine)
        except Overtaken:
            return self._late(effect.key, outcome)

    def _late(self, key: str, outcome: Outcome) -> LedgerEntry:
        """The call took so long that it was taken for a crash. A proof counts even now, and keeps others from sending
        it again; any other answer is about a claim that is not ours any more."""
        ledger = self.store.ledger
        if not isinstance(outcome, Done):
            raise Overtaken(f"The effect {key!r} is not ours any more.")
        entry = ledger.get(key)
        if entry is not None and entry.state is EffectState.HELD:
            entry = ledger.release(key, because="a receipt came late", seen=entry)
        if entry is not None and entry.state is EffectState.PLANNED:
            ledger.claim(key, self.worker)
            entry = ledger.get(key)
        if entry is None or entry.state not in (EffectState.CLAIMED, EffectState.UNKNOWN, EffectState.PARKED):
            raise Overtaken(f"The effect {key!r} is settled.")
        return ledger.settle(key, outcome, seen=entry)

    def _left_behind(self, entry: LedgerEntry, effect: Effect) -> bool:
        """Whether a claim is nobody's any more: whoever walks a run holds it, so an older claim of it is a crash's."""
        if entry.state is not EffectState.CLAIMED or entry.claimed_at is None:
            return False
        return entry.effect.run == effect.run or self.clock.now() - entry.claimed_at > ABANDONED_AFTER

    def _perform(self, effect: Effect) -> Outcome:
        try:
            outcome: object = self._action(effect).perform(effect, self._context(effect))
        except (AccessLost, SettingsError, SecretMissing) as error:
            # Nothing can be sent with it, and nothing but a person's hand will change that.
            return AuthDead(str(error))
        except (GiveUp, RetryLater) as error:
            # An action raises these before it sends: what it cannot tell after sending it must return as Unknown.
            return Rejected(error.sentence, error.hint) if isinstance(error, GiveUp) else Disconnected(str(error))
        except Exception as error:
            return Unknown(f"{effect.action} failed in its own code ({type(error).__name__}), before or after it sent")
        if not isinstance(outcome, Outcome):
            return Unknown(f"{effect.action} did not say what became of it")
        return _kept_whole(outcome)

    def _believed(self, no: Rejected, entry: LedgerEntry) -> Outcome:
        """Networks have been seen to say no, and to have done it all the same: where one can look, one looks."""
        match there := self._look(entry):
            case Done():
                return there
            case RateLimited() | Disconnected() | AuthDead():
                return Unknown(f"{no.reason} Nobody could look yet whether that is true.")
        return no

    def _reconcile(self, entry: LedgerEntry) -> LedgerEntry:
        """Ask the network whether an effect in doubt happened; one that cannot be asked now stays as it is."""
        ledger, key = self.store.ledger, entry.effect.key
        match outcome := self._look(entry):
            case None:
                return ledger.release(key, because="the network was asked and does not have it", seen=entry)
            case Done() | Rejected():
                return ledger.settle(key, outcome, seen=entry)
            case Pending() if entry.state is EffectState.CLAIMED:
                return ledger.settle(key, outcome, seen=entry)
            case RateLimited() | Disconnected():
                return entry
        if entry.state is EffectState.PARKED:
            return entry
        because = getattr(outcome, "reason", "") or "nobody can tell whether it was done"
        return ledger.park(key, because=because, seen=entry)

    def _look(self, entry: LedgerEntry) -> Outcome | None:
        effect = entry.effect
        try:
            outcome: object = self._action(effect).reconcile(effect, self._context(effect, entry.claimed_at))
        except RetryLater as later:
            return Disconnected(self.conceal(str(later)))
        except AccessLost as lost:
            return AuthDead(self.conceal(str(lost)))
        except Exception as error:
            return Unknown(f"the network could not be asked ({type(error).__name__})")
        if outcome is None or isinstance(outcome, Outcome):
            return concealed(_kept_whole(outcome), self.conceal) if outcome else None
        return Unknown(f"{effect.action} did not say what became of it")

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
            brakes=AuditedBrakes(store, self.clock, who=f"workflow:{effect.workflow}"),
            claimed_at=claimed_at or self.clock.now(),
            made=lambda remote_id: any(key != effect.key for key in store.ledger.made(effect.connection, remote_id)),
            reveal=self.reveal,
            files=self.files,
            metrics=store.metrics,
        )


def _kept_whole(outcome: Outcome) -> Outcome:
    """The same outcome with nothing in its receipt that the ledger cannot keep: the proof must not be lost for it."""
    if not isinstance(outcome, Done):
        return outcome
    try:
        return Done(Receipt.model_validate(outcome.receipt.model_dump(mode="json")))
    except ValueError:
        return Done(outcome.receipt.model_copy(update={"data": {}}))

"""What was done: one entry an effect, one effect a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from antiphon.errors import StoreError
from antiphon.model.effect import Effect, EffectState, LedgerEntry, Outcome
from antiphon.model.ruling import Limit


@dataclass(frozen=True, slots=True)
class Change:
    """One step of an effect's history; `before` is None for the plan, `by` is the worker where one is known."""

    key: str
    at: datetime
    before: EffectState | None
    after: EffectState
    by: str = ""
    reason: str = ""


class Overtaken(StoreError):
    """An effect is not as it was seen any more: somebody else has changed it meanwhile, and nothing was done to it."""


class Ledger(Protocol):
    """What was done: one entry an effect, one effect a key.

    Whatever asks for an arrow that the states do not have raises StoreError, and changes nothing.
    Whoever decides by what they have read says so with `seen`: if the effect has moved on since, it is left as it is,
    and Overtaken is raised. Without that, the word of one worker could take back the claim of another.
    """

    def plan(self, effects: Iterable[Effect]) -> Sequence[LedgerEntry]:
        """Write down what is about to be done, before it is; an entry that exists is returned as it stands."""

    def claim(self, key: str, worker: str, limits: Sequence[Limit] = ()) -> bool:
        """Take an effect to perform it, by one conditional update; True for exactly one caller.

        A held effect can be taken once its `not_before` has come; one that has none waits for a person. The limits are
        counted in the same transaction, so that two callers never share the last place.

        Raises:
            NoRoom: a limit is used up; the effect stays as it is.
        """

    def settle(self, key: str, outcome: Outcome, *, seen: LedgerEntry | None = None) -> LedgerEntry:
        """Write down what became of a claimed effect, or what was found out about one that is in doubt."""

    def veto(self, key: str, reasons: Sequence[str], *, seen: LedgerEntry | None = None) -> LedgerEntry:
        """Write down that a review refused an effect that is planned or held, or a person one that is parked."""

    def hold(
        self, key: str, until: datetime | None, *, because: str, waits_for: str = "", seen: LedgerEntry | None = None
    ) -> LedgerEntry:
        """Lay an effect that was not sent aside until then; without a time, for a person. `waits_for` names the limit
        that had no room: for a while, places are kept there for who has the higher priority."""

    def release(self, key: str, *, because: str, seen: LedgerEntry | None = None) -> LedgerEntry:
        """Put an effect that is proved not to have happened back to planned."""

    def revive(self, key: str, *, because: str, seen: LedgerEntry) -> LedgerEntry:
        """Plan an effect anew on which its own run had given up; for everybody else a veto is final.

        Raises StoreError when it is not vetoed, Overtaken when it is not as it was `seen`.
        """

    def park(self, key: str, *, because: str, seen: LedgerEntry | None = None) -> LedgerEntry:
        """Lay an effect aside for a person."""

    def history(self, key: str) -> Sequence[Change]:
        """Every change of an effect, oldest first; nothing is ever taken out of it."""

    def get(self, key: str) -> LedgerEntry | None:
        """One entry."""

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
        """The newest entries first; `until` is exclusive. `since` and `until` are about when they were planned."""

    def made(self, connection: str, remote_id: str) -> Sequence[str]:
        """The keys of the effects that have this remote id of this connection in their receipts."""

    def count(self, *, since: datetime, until: datetime) -> Mapping[tuple[str, EffectState], int]:
        """How many effects of each action were planned in the period, by state."""

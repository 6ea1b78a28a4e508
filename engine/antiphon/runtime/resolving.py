"""Resolving: a person who has looked at the network settles an effect that nobody else could."""

from __future__ import annotations

from enum import StrEnum

from antiphon.components.clock import Clock
from antiphon.components.outcomes import payload_hash
from antiphon.components.ports import Ledger
from antiphon.errors import InputError
from antiphon.model.effect import Done, EffectState, LedgerEntry, Receipt, Rejected
from antiphon.runtime.effects import ABANDONED_AFTER

IN_DOUBT = (EffectState.PARKED, EffectState.UNKNOWN)


class Answer(StrEnum):
    """What the person has found, or wants."""

    DONE = "done"
    NOT_SENT = "not-sent"
    REJECT = "reject"


def resolve(
    ledger: Ledger, entry: LedgerEntry, answer: Answer, clock: Clock, *, url: str = "", who: str = ""
) -> LedgerEntry:
    """Settle an effect in doubt: it is there (at `url`), it is not and may be sent, or it is not and must not be.

    Raises:
        InputError: the effect is not in doubt.
        Overtaken: it has changed since it was looked at.
    """
    key, by = entry.effect.key, who or "a person"
    # A worker that died over a run which has ended since leaves a claim that nobody comes back to.
    left = entry.claimed_at is not None and clock.now() - entry.claimed_at > ABANDONED_AFTER
    if entry.state not in IN_DOUBT and not (entry.state is EffectState.CLAIMED and left):
        hint = "Only what is unknown or parked needs an answer; see `antiphon effects list --waiting`."
        raise InputError(f"The effect {key} is {entry.state}.", hint=hint)
    match answer:
        case Answer.DONE:
            told = payload_hash(entry.effect.payload)
            proof = Receipt(at=clock.now(), url=url, payload_hash=told, data={"said_by": by})
            return ledger.settle(key, Done(proof), seen=entry)
        case Answer.NOT_SENT:
            return ledger.release(key, because=f"{by} looked, and it was not there", seen=entry)
        case Answer.REJECT:
            return ledger.settle(key, Rejected(f"{by} decided that it is not to be done"), seen=entry)

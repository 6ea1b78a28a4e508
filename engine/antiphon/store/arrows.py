"""The arrows between the states of an effect: the only ways its row may change. See "What Antiphon promises"."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from antiphon.model.effect import (
    AuthDead,
    Disconnected,
    Done,
    EffectState,
    Outcome,
    Pending,
    RateLimited,
    Receipt,
    Rejected,
    Unknown,
)

PLANNED, HELD, CLAIMED, DONE = EffectState.PLANNED, EffectState.HELD, EffectState.CLAIMED, EffectState.DONE
REJECTED, UNKNOWN, PARKED, VETOED = (
    EffectState.REJECTED,
    EffectState.UNKNOWN,
    EffectState.PARKED,
    EffectState.VETOED,
)

ARROWS: Mapping[EffectState, Set[EffectState]] = {
    PLANNED: {VETOED, PARKED, HELD},
    HELD: {VETOED, PARKED, PLANNED, HELD},
    CLAIMED: {CLAIMED, DONE, REJECTED, UNKNOWN, HELD, PARKED, PLANNED},
    UNKNOWN: {DONE, REJECTED, PARKED, PLANNED},
    PARKED: {DONE, REJECTED, VETOED, PLANNED},
    REJECTED: {PARKED, PLANNED},
    VETOED: {PLANNED},
    DONE: set(),
}
"""From each state, where it may go by being told so; `planned` and `held` become `claimed` by a claim only.

`claimed → claimed` is a network that took the effect and is still working. `rejected → planned` is a person who has
changed what the network did not like, or a step whose `retry` asks again; it is proved that nothing happened. `vetoed →
planned` is a person who resumes a run that had itself given up on what it could not send; no rule's veto, and nobody's,
is undone by it.
"""


def settled(outcome: Outcome, now: datetime) -> tuple[EffectState, dict[str, Any]]:
    """The state an outcome leads to, and what is to be written beside it."""
    match outcome:
        case Done(receipt):
            return DONE, {"receipt": receipt, "remote_id": receipt.remote_id, "reason": "", **_price(receipt)}
        case Pending(handle):
            return CLAIMED, {"receipt": Receipt(at=now, data={"handle": handle}), "reason": "pending"}
        case Rejected(reason, fix):
            return REJECTED, {"reason": f"{reason} {fix}".strip()}
        case Unknown(reason):
            return UNKNOWN, {"reason": reason}
        case RateLimited(until, scope):
            return HELD, {"reason": f"rate limit of the {scope}", "not_before": until}
        case Disconnected(reason):
            # Proved not sent, so it may be tried again at once; how often is the caller's affair.
            return HELD, {"reason": reason, "not_before": now}
        case AuthDead(reason):
            # No time makes dead credentials work: without one, nobody can claim it until a person releases it.
            return HELD, {"reason": reason, "not_before": None}


def _price(receipt: Receipt) -> dict[str, Any]:
    """What it cost, if the network told; else what was expected stays."""
    return {"spent": receipt.cost} if receipt.cost else {}

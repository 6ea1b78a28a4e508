"""The pipeline: where a creator stands, and that every move is kept with who made it, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

Stage = Literal["prospect", "contacted", "talks", "agreed", "live", "paid", "declined", "do-not-contact"]

STAGES: Sequence[str] = get_args(Stage)
PIPELINE = STAGES[:6]
"""The stages in their order; the last two of all are ways out of it."""

DECLINED, NEVER = STAGES[6:]


def refusal(now_at: str, to: str, *, by_hand: bool) -> str:
    """Why somebody who stands at one stage cannot be moved to another; empty when they can.

    A workflow moves forwards along the pipeline, or out of it; whoever is out of it, only a person brings back. To
    `do-not-contact` anybody can be moved at any time.
    """
    if now_at == to:
        return f"they are at {to} already"
    if by_hand or to == NEVER:
        return ""
    if now_at not in PIPELINE:
        return f"they are at {now_at}, and only a person brings them back: `antiphon creators move`"
    if to in PIPELINE and PIPELINE.index(to) < PIPELINE.index(now_at):
        return f"they are at {now_at}, which comes after {to}"
    return ""


def moved(known: Mapping[str, Any], to: str, by: str, because: str, now: datetime) -> dict[str, Any]:
    """A creator at another stage, with one line more of history."""
    line = {"at": now.isoformat(), "by": by, "from": known["stage"], "to": to, "because": because}
    return {**known, "stage": to, "history": [*known["history"], line]}

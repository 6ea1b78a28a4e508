"""Leaving: what becomes of the things that a run has begun, when it ends before they are done."""

from __future__ import annotations

from contextlib import suppress

from antiphon.components.ports import Overtaken, Store
from antiphon.model.approval import ApprovalState
from antiphon.model.effect import EffectState
from antiphon.model.run import Run


def clear_away(store: Store, run: Run, because: str) -> None:
    """Veto what the run wanted to send and has not, and close the questions that it asked people."""
    for state in (EffectState.PLANNED, EffectState.HELD):
        for entry in store.ledger.list(run=run.id, state=state, limit=10_000):
            with suppress(Overtaken):  # somebody else has it, and knows best
                store.ledger.veto(entry.effect.key, [because], seen=entry)
    for approval in store.approvals.list(run=run.id, state=ApprovalState.PENDING, limit=10_000):
        store.approvals.close(approval.id, ApprovalState.VOID, because=because)

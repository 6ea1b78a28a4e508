"""The review: what a reviewer said when work was last sent back, for the steps that are done again."""

from __future__ import annotations

from typing import Any

from antiphon.components.ports import Approvals
from antiphon.model.approval import ApprovalState
from antiphon.model.run import Run


def review_of(approvals: Approvals, run: Run) -> dict[str, Any]:
    """What expressions know as `review`; it says nothing before the first rejection that asked for rework."""
    back = []
    if any(record.kind == "approve" for record in run.steps):
        back = [one for one in approvals.list(run=run.id) if one.state is ApprovalState.SENT_BACK]
    if not back:
        return {"comment": "", "by": "", "round": 0}
    last = max(back, key=lambda one: one.decided_at or one.asked_at)
    return {"comment": last.comment, "by": last.decisions[-1].by, "round": len(back)}

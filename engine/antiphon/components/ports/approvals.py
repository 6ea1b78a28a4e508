"""What people are asked before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from antiphon.model.approval import Approval, ApprovalState, Decision


class Approvals(Protocol):
    """What people were asked about runs, and what they said."""

    def ask(self, approval: Approval) -> Approval:
        """Keep a question; one that exists under its id is returned as it stands."""

    def decide(self, approval_id: str, decision: Decision, *, seen: str, edited: Any = None) -> Approval:
        """Add a person's word, in one transaction with letting the run go on if that settles it.

        `seen` is the hash of the content that the person had before them, and `edited` what they made of it, if they
        did. Raises what `Approval.decided` raises, and changes nothing then. Who may decide is the caller's affair.
        """

    def close(self, approval_id: str, state: ApprovalState, *, because: str) -> Approval:
        """Ask no more: too late (`expired`), or the content is another one (`void`, an approved one too). One that is
        settled otherwise is returned as it stands."""

    def send_back(self, approval_id: str, below: Sequence[str]) -> None:
        """Set the records of some steps of the run, and of the steps inside them, aside for a rejection that asks for
        rework, so that they are done again. Of two calls the second does nothing."""

    def latest(self, run_id: str, path: str) -> Approval | None:
        """What was asked last at a step of a run."""

    def get(self, approval_id: str) -> Approval | None:
        """One approval, by its id or by an unambiguous beginning of it.

        Raises:
            InputError: the beginning fits several.
        """

    def list(
        self, *, state: ApprovalState | None = None, run: str = "", since: datetime | None = None, limit: int = 100
    ) -> Sequence[Approval]:
        """The newest first."""

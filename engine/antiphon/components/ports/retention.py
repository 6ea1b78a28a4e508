"""What may go, and its going."""

from __future__ import annotations

from typing import Protocol

from antiphon.model.retention import Cut


class Retention(Protocol):
    """What may go, and its going.

    Never an event that has not been offered to the workflows, or that an unfinished run answers; never a run that has
    not ended, has an effect that is not settled, or owns a mark that still counts; never an alert of which nobody was
    told, a message on its way, or a plan that is being applied. Of what is remembered of events only what has been due
    for so long that nobody waits for it any more. Effects, with their receipts, are what keeps from doing something
    twice, and they stay, and so does the audit.
    """

    def count(self, cut: Cut) -> int:
        """How much may go."""

    def prune(self, cut: Cut, limit: int) -> int:
        """Let at most `limit` of it go, the oldest first, in one transaction; returns how much went."""

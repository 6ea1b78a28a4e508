"""What is made up for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from antiphon.model.backfill import Backfill, BackfillState
from antiphon.model.run import RunState


class Backfills(Protocol):
    """Backfills, and how far each is."""

    def begin(self, backfill: Backfill) -> None:
        """Keep a new one."""

    def turn(self, backfill_id: str, state: BackfillState, *, because: str = "") -> Backfill:
        """Pause, resume or cancel one, by its whole id; one that is done or cancelled is returned as it stands."""

    def advance(self, seen: Backfill, now: Backfill) -> bool:
        """Write down how far one is; False, and nothing is changed, when it is not as it was `seen` any more."""

    def get(self, backfill_id: str) -> Backfill | None:
        """One, by its id or by an unambiguous beginning of it.

        Raises:
            InputError: the beginning fits several.
        """

    def list(self, *, state: BackfillState | None = None, limit: int = 100) -> Sequence[Backfill]:
        """The newest first."""

    def runs(self, backfill_id: str) -> Mapping[RunState, int]:
        """How many runs of one there are, by state."""

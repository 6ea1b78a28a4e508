"""What triggers came to when they opened no run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from antiphon.model.evaluation import Evaluation


class Evaluations(Protocol):
    """What triggers came to when they opened no run, rolled up by the hour."""

    def add(self, evaluations: Iterable[Evaluation]) -> None:
        """Add to what is there of the same hour: counts are summed, the first examples and the nearest event stay."""

    def list(
        self, workflow: str, *, trigger: str = "", since: datetime | None = None, until: datetime | None = None
    ) -> Sequence[Evaluation]:
        """The newest hours first; of one hour the most frequent. `since` and `until` (exclusive) are of the hours."""

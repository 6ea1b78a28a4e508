"""Which triggers rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from antiphon.model.event import Event
from antiphon.model.rest import Rest


class Rests(Protocol):
    """Triggers that were laid to rest, and started again."""

    def lay(self, rest: Rest, news: Event) -> bool:
        """Lay a trigger to rest, in one transaction with the event that tells of it; False when it rests already."""

    def start(self, workflow: str, trigger: str, *, by: str) -> Rest | None:
        """Let it answer again; returns what is over, None when it did not rest."""

    def standing(self, workflow: str = "") -> Sequence[Rest]:
        """Every trigger that rests, by workflow and trigger."""

    def started(self, workflow: str, trigger: str) -> datetime | None:
        """When a trigger was last started again; None when it never rested before."""

    def failures(self, workflow: str, trigger: str, most: int) -> int:
        """How many of the newest live runs of a trigger failed in a row, since it was last started; `most` at most.

        What was declined, and what has not ended, does not count either way.
        """

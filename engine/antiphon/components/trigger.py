"""Triggers: the calls that a workflow answers.

A trigger is one of four kinds by the way it is woken: by the clock, by asking a source now and then, by an event, or
by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from antiphon.components.component import Component
from antiphon.components.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events wake a trigger: a type (a last part of `*` stands for any), and a pattern over the data."""

    type: str
    match: Pattern = field(default_factory=Pattern)


class Trigger(Component):
    """A kind of call. Override what fits the way it is woken."""

    polls: ClassVar[bool] = False

    def interest(self, options: Any) -> Interest | None:
        """The events that wake it, or None when no event does."""
        return None

    def ticks(self, options: Any, after: datetime, timezone: ZoneInfo) -> Iterator[datetime]:
        """The instants (UTC, ascending, all later than `after`) at which the clock wakes it."""
        return iter(())

    def every(self, options: Any) -> timedelta | None:
        """How often a polled trigger asks its source."""
        return None

    def refuses(self, options: Any, timezone: ZoneInfo) -> str:
        """What is wrong with options that are well typed, as a sentence; empty when nothing is."""
        return ""

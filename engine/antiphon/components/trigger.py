"""Triggers: the calls that a workflow answers.

A trigger is one of four kinds by the way it is woken: by the clock, by asking a source now and then, by an event, or
by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from antiphon.components.component import Component
from antiphon.components.pattern import Pattern
from antiphon.errors import InputError
from antiphon.model.event import Event


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events wake a trigger: a type (a last part of `*` stands for any), and a pattern over the data."""

    type: str
    match: Pattern = field(default_factory=Pattern)


@dataclass(frozen=True, slots=True)
class Question:
    """What a polled trigger asks: a source of a connector with its options, how often, and which answers matter.

    `seeds` says that the first asking only learns what exists already.
    """

    source: str
    options: Mapping[str, Any]
    every: timedelta
    match: Pattern
    seeds: bool


class Trigger(Component):
    """A kind of call. Override what fits the way it is woken."""

    polls: ClassVar[bool] = False

    def interest(self, options: Any) -> Interest | None:
        """The events that wake it, or None when no event does."""
        return None

    def ticks(self, options: Any, after: datetime, timezone: ZoneInfo) -> Iterator[datetime]:
        """The instants (UTC, ascending, all later than `after`) at which the clock wakes it."""
        return iter(())

    def passes_over(self, options: Any, due: datetime, now: datetime, timezone: ZoneInfo) -> str:
        """Why a tick that was due is not answered any more, as a sentence; empty when it is."""
        return ""

    def question(self, options: Any) -> Question | None:
        """What it asks, when it is woken by asking."""
        return None

    def door(self, options: Any) -> str:
        """The path at which it takes requests from outside; empty when it takes none."""
        return ""

    def receive(
        self, options: Any, headers: Mapping[str, str], body: bytes, now: datetime, reveal: Callable[[Any], Any]
    ) -> Event:
        """The event of one request at its door. Raises InputError when the request cannot be trusted or read."""
        raise InputError(f"The trigger {self.name} takes no requests.")

    def refuses(self, options: Any, timezone: ZoneInfo) -> str:
        """What is wrong with options that are well typed, as a sentence; empty when nothing is."""
        return ""

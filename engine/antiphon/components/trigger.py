"""Triggers: the calls that a workflow answers.

A trigger is one of five kinds by the way it is woken: by the clock, by asking a source now and then, by an event, by
what several events come to together, or by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from antiphon.components.component import Component
from antiphon.components.interest import Interest
from antiphon.components.pattern import Pattern
from antiphon.components.watch import Watch
from antiphon.errors import InputError
from antiphon.model.event import Event


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
    """A kind of call. Override what fits the way it is woken.

    `polls` says that it asks a source; `computes` names the options that hold an expression over `event`.
    """

    polls: ClassVar[bool] = False
    computes: ClassVar[frozenset[str]] = frozenset()

    def interest(self, options: Any) -> Interest | None:
        """The events that wake it, each by itself, or None when no event does."""
        return None

    def watch(self, options: Any) -> Watch[Any] | None:
        """What several events must come to together, or their absence, to wake it; None when nothing of the kind."""
        return None

    def ticks(self, options: Any, after: datetime, timezone: ZoneInfo) -> Iterator[datetime]:
        """The instants (UTC, ascending, all later than `after`) at which the clock wakes it."""
        return iter(())

    def passes_over(self, options: Any, due: datetime, now: datetime, timezone: ZoneInfo) -> str:
        """Why a tick that was due is not answered any more, as a sentence; empty when it is."""
        return ""

    def spread(self, options: Any) -> timedelta:
        """Within how long after a tick its run begins. Each tick has a moment of its own in it, always the same."""
        return timedelta(0)

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

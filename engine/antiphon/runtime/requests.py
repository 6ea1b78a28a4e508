"""Requests: what a run asks of whoever drives it, and the ways in which it can end early.

A run is walked as a generator. It yields lists of requests and is sent the list of answers: so one driver can walk many
runs side by side and do the same step of all of them as one piece of work.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from antiphon.model.effect import Effect, LedgerEntry
from antiphon.model.run import RunState


@dataclass(frozen=True, slots=True)
class Perform:
    """Carry out this effect; the answer is its ledger entry."""

    effect: Effect


Request: TypeAlias = Perform
Answer: TypeAlias = LedgerEntry
Walk: TypeAlias = Generator[list[Request], list[Answer], Any]


class Ended(Exception):
    """The run ends here, by its own `stop` or because it cannot go on.

    One that is held goes on by itself at `until` (UTC), or when a person says so if there is none.
    """

    def __init__(self, state: RunState, because: str, result: Any = None, until: datetime | None = None) -> None:
        super().__init__(because)
        self.state = state
        self.because = because
        self.result = result
        self.until = until


class Stopped(Ended):
    """A `stop` ends the workflow that it stands in: the run, or what the run has called."""


class Left(Ended):
    """One of the run's ways out was taken: it ends under that name, after the steps that `on_exit` has for it."""

    def __init__(self, name: str, because: str, event: Mapping[str, Any] | None = None) -> None:
        super().__init__(RunState.STOPPED, f"{name}: {because}")
        self.name = name
        self.event = event


class TimedOut(Ended):
    """The run has taken longer than it may; no `try` catches that."""

    def __init__(self, because: str) -> None:
        super().__init__(RunState.FAILED, because)


class StepFailed(Exception):
    """A step failed; a `try` around it may catch this."""

    def __init__(self, step: str, message: str) -> None:
        super().__init__(message)
        self.step = step
        self.message = message

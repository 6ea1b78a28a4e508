"""What the tests of the builtins share: a context at a moment of one's choice, and a memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.context import Here, ReadContext


@dataclass
class FixedClock:
    """A clock that stands."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here sleeps")


@dataclass
class Memory:
    """The marks of one workspace, in a dictionary."""

    kept: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)

    def first(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> bool:
        return owner == self.owner(scope, key, owner, now, until)

    def owner(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> str:
        self.known(scope, key, owner, now)
        return self.kept.setdefault((scope, key), (owner, until))[0]

    def known(self, scope: str, key: str, owner: str, now: datetime) -> bool:
        held_by, until = self.kept.get((scope, key), (owner, now))
        if until <= now:
            self.kept.pop((scope, key), None)
            return False
        return held_by != owner


MakeContext = Callable[..., ReadContext]


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def context(memory: Memory) -> MakeContext:
    """A read context: `context("2026-05-01T12:00Z", tz="Europe/Paris", run="r1", live=True)`."""

    def make(
        now: str = "2026-05-01T12:00:00+00:00",
        *,
        tz: str = "UTC",
        workflow: str = "guard",
        run: str = "run-1",
        live: bool = False,
    ) -> ReadContext:
        nothing = cast(Any, None)
        here = Here(workflow=workflow, run=run, step="ask", timezone=ZoneInfo(tz), event="e-1", live=live)
        return ReadContext(
            here=here,
            clock=FixedClock(datetime.fromisoformat(now)),
            connections=nothing,
            events=nothing,
            runs=nothing,
            ledger=nothing,
            people=nothing,
            records=nothing,
            marks=memory,
        )

    return make

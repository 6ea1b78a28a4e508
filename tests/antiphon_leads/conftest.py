"""A book of leads in a database of its own, and what a step may touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.context import Connections, Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.ports import Reports, Store
from antiphon.runtime.files import WorkspaceFiles
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon_leads.book import Book

HERE = Here(workflow="leads", run="r1", step="keep", timezone=ZoneInfo("Europe/Paris"))
NO_CONNECTIONS = cast(Connections, None)
RULES = """
half_life = "7d"
fit_cap = 30

[[fit]]
fact = "branch"
in = ["café", "hotel"]
points = 20

[[fit]]
fact = "country"
in = ["FR"]
points = 15

[engagement."mention.received"]
points = 10
cap = 25

[engagement."form.sent"]
points = 40
cap = 40
half_life = "14d"
"""


class Desk:
    """Steps of a workflow, each planned and performed in a run of its own."""

    def __init__(self, store: Store, clock: VirtualClock, folder: Path) -> None:
        self.store = store
        self.clock = clock
        self.files = WorkspaceFiles(folder)
        self.book = Book(store.records)

    def reading(self, event: str = "", step: str = "keep") -> ReadContext:
        """What a step may look at, in the run that an event began."""
        here = replace(HERE, event=event, run=f"run of {event}", step=step)
        ports = self.store.events, self.store.runs, self.store.ledger, self.store.people
        last = self.store.records, self.store.marks
        return ReadContext(here, self.clock, NO_CONNECTIONS, *ports, *last, files=self.files)

    def do(self, action: Any, event: str = "", **options: Any) -> Any:
        """Plan and perform a step; what its receipt says."""
        effect = action.plan(action.Options(**options), self.reading(event, action.name))
        return action.perform(effect, self.performing()).receipt.data

    def performing(self) -> PerformContext:
        """What a step may do."""
        return PerformContext(
            here=HERE,
            clock=self.clock,
            connections=NO_CONNECTIONS,
            http=Http(),
            events=self.store.events,
            records=self.store.records,
            people=self.store.people,
            reports=cast(Reports, None),
            brakes=self.store.brakes,
            claimed_at=self.clock.now(),
            made=lambda remote_id: False,
            reveal=lambda value: value,
            files=self.files,
        )


@pytest.fixture
def desk(tmp_path: Path, clock: VirtualClock) -> Iterator[Desk]:
    """A desk in a workspace with rules."""
    (tmp_path / "leads.toml").write_text(RULES, encoding="utf-8")
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    yield Desk(store, clock, tmp_path)
    store.close()


def said(**given: Any) -> dict[str, Any]:
    """What is said of a lead, with a basis."""
    basis = {"basis": "consent", "because": "asked for it", "source": "https://social.example/1"}
    return {"basis": basis, **given}

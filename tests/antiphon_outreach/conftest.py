"""A book of creators in a database of its own, a network beside it, and what a step may touch."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.capabilities import Ability
from antiphon.components.connector import Connector
from antiphon.components.context import Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.ports import Reports, Store
from antiphon.errors import GiveUp
from antiphon.runtime.files import WorkspaceFiles
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon_outreach.book import Book
from antiphon_outreach.keeping import Keep

T = TypeVar("T")

HERE = Here(workflow="drip", run="r1", step="keep", timezone=ZoneInfo("Europe/Paris"))


@dataclass(frozen=True)
class Lines:
    """Connections by their names; they can be read, and that is all."""

    connectors: Mapping[str, Connector]

    def reader(self, name: str, of: type[T]) -> T:
        if name not in self.connectors:
            raise GiveUp(f"There is no connection {name}.")
        client = self.connectors[name].reader()
        assert isinstance(client, of)
        return client

    def writer(self, name: str, of: type[T]) -> T:
        raise AssertionError("outreach writes to no network by itself")

    def idempotency(self, name: str, verb: str) -> Any:
        raise AssertionError("outreach writes to no network by itself")

    def can(self, name: str, ability: Ability) -> bool:
        return name in self.connectors and ability in self.connectors[name].abilities()

    def network_of(self, name: str) -> str:
        return self.connectors[name].name if name in self.connectors else ""


class Desk:
    """Steps of workflows, each planned and performed in a run of its own."""

    def __init__(self, store: Store, clock: VirtualClock, folder: Path) -> None:
        self.store = store
        self.clock = clock
        self.folder = folder
        self.book = Book(store.records)
        self.lines = Lines({})

    def reading(self, run: str = "r1", workflow: str = "drip", step: str = "") -> ReadContext:
        """What a step may look at."""
        here = replace(HERE, run=run, workflow=workflow, step=step)
        ports = self.store.events, self.store.runs, self.store.ledger, self.store.people
        last = self.store.records, self.store.marks
        return ReadContext(here, self.clock, self.lines, *ports, *last, files=WorkspaceFiles(self.folder))

    def plan(self, action: Any, run: str = "r1", workflow: str = "drip", **options: Any) -> Any:
        """What a step would do."""
        effect = action.plan(action.Options(**options), self.reading(run, workflow, action.name))
        return effect.model_copy(update={"outward": action.outward})

    def perform(self, action: Any, effect: Any) -> Any:
        """What the receipt of an effect says."""
        return action.perform(effect, self.performing()).receipt.data

    def do(self, action: Any, run: str = "r1", workflow: str = "drip", **options: Any) -> Any:
        """Plan and perform a step; what its receipt says."""
        return self.perform(action, self.plan(action, run, workflow, **options))

    def judge(self, condition: Any, run: str = "r1", **options: Any) -> Any:
        """What a condition says."""
        return condition.judge(condition.Options(**options), self.reading(run))

    def compute(self, computation: Any, **options: Any) -> Any:
        """What a computation comes to."""
        return computation.compute(computation.Options(**options), self.reading())

    def keep(self, creator: str = "mastodon:ana@social.example", **more: Any) -> str:
        """Keep a creator, whose handle is in their id."""
        person = {"id": creator, "handle": creator.partition(":")[2], "name": "Ana B."}
        told = self.do(Keep(), person={**person, **more.pop("person", {})}, **more)
        return str(told["creator"])

    def performing(self) -> PerformContext:
        """What a step may do."""
        return PerformContext(
            here=HERE,
            clock=self.clock,
            connections=self.lines,
            http=Http(),
            events=self.store.events,
            records=self.store.records,
            people=self.store.people,
            reports=cast(Reports, None),
            brakes=self.store.brakes,
            claimed_at=self.clock.now(),
            made=lambda remote_id: False,
            reveal=lambda value: value,
        )


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database in which nothing is kept: to copy it is quicker than to make it."""
    file = tmp_path_factory.mktemp("fresh") / "antiphon.db"
    open_store(f"sqlite:///{file}", VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))).close()
    return file


@pytest.fixture
def desk(fresh: Path, tmp_path: Path, clock: VirtualClock) -> Iterator[Desk]:
    """A desk in a workspace of its own."""
    shutil.copy(fresh, tmp_path / "antiphon.db")
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    yield Desk(store, clock, tmp_path)
    store.close()

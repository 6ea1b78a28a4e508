"""The ports: what the rooms of the engine promise one another, and what the store keeps.

Every method is synchronous and safe to call from several threads; every time is aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from antiphon.model.effect import Effect, EffectState, LedgerEntry, Outcome
from antiphon.model.event import Event
from antiphon.model.person import Person
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState, StepRecord, Verdict


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a delivery: the events that are new, and how many had been heard before."""

    new: tuple[Event, ...]
    repeated: int


class Events(Protocol):
    """What was heard, each event once."""

    def ingest(self, events: Iterable[Event]) -> Ingested:
        """Keep the events whose id is not known yet, in one transaction."""

    def ingest_many(self, events: Iterable[Event], batch: int = 2000) -> tuple[int, int]:
        """Keep any number of events, in transactions of `batch`; how many were new, and how many repeated.

        The iterable is read as it is written down, so memory stays flat.
        """

    def unrouted(self, limit: int) -> Sequence[Event]:
        """The oldest events that have not been offered to the workflows yet."""

    def mark_routed(self, ids: Sequence[str]) -> None:
        """Note that these events have been offered to every workflow."""

    def get(self, event_id: str) -> Event | None:
        """One event."""

    def list(
        self,
        *,
        type: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[Event]:
        """The newest events first; `until` is exclusive."""

    def count(self, *, since: datetime, until: datetime) -> Mapping[str, int]:
        """How many events of each type happened in the period; `until` is exclusive."""


class Cursors(Protocol):
    """Where each polled trigger stands; the text is the source's own."""

    def get(self, name: str) -> str | None:
        """The cursor, or None when the trigger has never polled."""

    def set(self, name: str, cursor: str) -> None:
        """Move the cursor."""


class Runs(Protocol):
    """Runs with their steps and verdicts."""

    def open(self, runs: Iterable[Run]) -> Sequence[Run]:
        """Keep the runs whose key is not known yet; returns those that are new."""

    def claim(self, run_id: str, worker: str, lease: timedelta) -> bool:
        """Take a run to work on it; False when another worker holds it. The holder may claim again to renew."""

    def unfinished(self, workflow: str = "", limit: int = 1000) -> Sequence[Run]:
        """Runs that have not ended and that nobody holds, oldest first."""

    def record_step(self, run_id: str, record: StepRecord) -> None:
        """Keep one step's end; a repeated path replaces the record."""

    def record_verdicts(self, run_id: str, verdicts: Sequence[Verdict]) -> None:
        """Keep the answers of the workflow's conditions."""

    def finish(self, run_id: str, state: RunState, *, because: str = "", result: Any = None) -> None:
        """End a run, or hold it, and let it go."""

    def get(self, run_id: str) -> Run | None:
        """One run with its steps, by its id or by an unambiguous beginning of it.

        Raises:
            InputError: the beginning fits several runs.
        """

    def list(
        self,
        *,
        workflow: str = "",
        state: RunState | None = None,
        since: datetime | None = None,
        limit: int = 50,
    ) -> Sequence[Run]:
        """The newest runs first, without their steps."""

    def count(self, *, since: datetime, until: datetime) -> Mapping[tuple[str, RunState], int]:
        """How many runs of each workflow were created in the period, by state."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step of an effect's history; `before` is None for the plan, `by` is the worker where one is known."""

    key: str
    at: datetime
    before: EffectState | None
    after: EffectState
    by: str = ""
    reason: str = ""


class Ledger(Protocol):
    """What was done: one entry an effect, one effect a key.

    Whatever asks for an arrow that the states do not have raises StoreError, and changes nothing.
    """

    def plan(self, effects: Iterable[Effect]) -> Sequence[LedgerEntry]:
        """Write down what is about to be done, before it is; an entry that exists is returned as it stands."""

    def claim(self, key: str, worker: str) -> bool:
        """Take an effect to perform it, by one conditional update; True for exactly one caller.

        A held effect can be taken once its `not_before` has come; one that has none waits for a person.
        """

    def settle(self, key: str, outcome: Outcome) -> LedgerEntry:
        """Write down what became of a claimed effect, or what was found out about one that is in doubt."""

    def veto(self, key: str, reasons: Sequence[str]) -> LedgerEntry:
        """Write down that a review refused an effect that is planned or held, or a person one that is parked."""

    def release(self, key: str, *, because: str) -> LedgerEntry:
        """Put an effect that is proved not to have happened back to planned."""

    def park(self, key: str, *, because: str) -> LedgerEntry:
        """Lay an effect aside for a person."""

    def history(self, key: str) -> Sequence[Change]:
        """Every change of an effect, oldest first; nothing is ever taken out of it."""

    def get(self, key: str) -> LedgerEntry | None:
        """One entry."""

    def list(
        self,
        *,
        state: EffectState | None = None,
        workflow: str = "",
        run: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[LedgerEntry]:
        """The newest entries first; `until` is exclusive."""

    def count(self, *, since: datetime, until: datetime) -> Mapping[tuple[str, EffectState], int]:
        """How many effects of each action were planned in the period, by state."""


class People(Protocol):
    """Whom the brand has met."""

    def seen(self, people: Iterable[Person], at: datetime) -> None:
        """Keep or refresh people; a fact that is not given stays."""

    def get(self, person_id: str) -> Person | None:
        """One person."""

    def list(self, limit: int = 100) -> Sequence[Person]:
        """The most recently seen first."""


class Marks(Protocol):
    """Small notes of what was there already: the memory of `dedupe`."""

    def first(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> bool:
        """Whether `owner` is the first to bring `key` in `scope`, until `until`; the owner may ask again."""

    def known(self, scope: str, key: str, owner: str, now: datetime) -> bool:
        """Whether somebody else than `owner` has brought `key`; notes nothing."""


@dataclass(frozen=True, slots=True)
class Record:
    """A plugin's own document: `kind` is `plugin.noun`, `key` is unique in the kind, `data` is a JSON object."""

    kind: str
    key: str
    data: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


class Records(Protocol):
    """Documents of plugins: tickets, drafts, and whatever else they keep."""

    def put(self, kind: str, key: str, data: Mapping[str, Any], now: datetime) -> Record:
        """Keep a document, replacing one of the same kind and key."""

    def get(self, kind: str, key: str) -> Record | None:
        """One document."""

    def list(
        self, kind: str, *, since: datetime | None = None, until: datetime | None = None, limit: int = 100
    ) -> Sequence[Record]:
        """The newest first, by creation; `until` is exclusive."""


class Programs(Protocol):
    """Every version of a workflow that a run has begun with."""

    def keep(self, program: Program, source: str) -> None:
        """Keep a version with the text of its document."""

    def get(self, fingerprint: str) -> Program | None:
        """One version."""

    def source(self, fingerprint: str) -> str | None:
        """The text of the document as it was."""


class Reports(Protocol):
    """What can be told about a period."""

    def write(
        self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str, to: str
    ) -> Sequence[str]:
        """Build a report of the named sections and write it below the workspace folder; returns the files' paths.

        `sections` holds names, or mappings with `section` and options. `to` is a path without an ending, relative to
        the workspace. Every file appears whole or not at all.
        """


class Store(Protocol):
    """All that is kept, each under its port."""

    @property
    def events(self) -> Events: ...  # noqa: D102
    @property
    def cursors(self) -> Cursors: ...  # noqa: D102
    @property
    def runs(self) -> Runs: ...  # noqa: D102
    @property
    def ledger(self) -> Ledger: ...  # noqa: D102
    @property
    def people(self) -> People: ...  # noqa: D102
    @property
    def marks(self) -> Marks: ...  # noqa: D102
    @property
    def records(self) -> Records: ...  # noqa: D102
    @property
    def programs(self) -> Programs: ...  # noqa: D102

    def events_between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Every event of a period, oldest first, streamed; `until` is exclusive."""

    def close(self) -> None:
        """Let go of the database."""

"""The ports: what the rooms of the engine promise one another, and what the store keeps.

Every method is synchronous and safe to call from several threads; every time is aware UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from antiphon.components.policy_ports import Brakes, Rulings, Suppressions, Tally
from antiphon.model.approval import Approval, ApprovalState, Decision
from antiphon.model.effect import Effect, EffectState, LedgerEntry, Outcome
from antiphon.model.event import Event
from antiphon.model.person import Person
from antiphon.model.plan import Plan
from antiphon.model.program import Program
from antiphon.model.ruling import Limit
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
        """Runs that are to be worked on now, oldest first: nobody holds them, and none waits for a person or a time."""

    def record_step(self, run_id: str, record: StepRecord) -> None:
        """Keep one step's end; a repeated path replaces the record."""

    def record_verdicts(self, run_id: str, verdicts: Sequence[Verdict]) -> None:
        """Keep the answers of the workflow's conditions."""

    def finish(
        self,
        run_id: str,
        state: RunState,
        *,
        because: str = "",
        result: Any = None,
        not_before: datetime | None = None,
    ) -> None:
        """End a run, or hold it, and let it go. One that is held is taken up again at `not_before`, if it has one."""

    def release(self, run_id: str) -> None:
        """Let a run go on although it is held: what it waited for has come. One that is being worked on, and is laid
        down a moment later, is taken up again too; one that has ended stays as it is."""

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

    def claim(self, key: str, worker: str, limits: Sequence[Limit] = ()) -> bool:
        """Take an effect to perform it, by one conditional update; True for exactly one caller.

        A held effect can be taken once its `not_before` has come; one that has none waits for a person. The limits are
        counted in the same transaction, so that two callers never share the last place.

        Raises:
            NoRoom: a limit is used up; the effect stays as it is.
        """

    def settle(self, key: str, outcome: Outcome) -> LedgerEntry:
        """Write down what became of a claimed effect, or what was found out about one that is in doubt."""

    def veto(self, key: str, reasons: Sequence[str]) -> LedgerEntry:
        """Write down that a review refused an effect that is planned or held, or a person one that is parked."""

    def hold(self, key: str, until: datetime | None, *, because: str, waits_for: str = "") -> LedgerEntry:
        """Lay an effect that was not sent aside until then; without a time, for a person. `waits_for` names the limit
        that had no room: for a while, places are kept there for who has the higher priority."""

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
        settled_since: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[LedgerEntry]:
        """The newest entries first; `until` is exclusive. `since` and `until` are about when they were planned."""

    def made(self, connection: str, remote_id: str) -> Sequence[str]:
        """The keys of the effects that have this remote id of this connection in their receipts."""

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


class Plans(Protocol):
    """Plans that were shown to somebody, and can be applied."""

    def keep(self, plan: Plan) -> None:
        """Keep a plan; made once more, it is as old as the last time."""

    def begin(self, fingerprint: str, at: datetime, *, follow: bool) -> Plan:
        """Note that a plan is being applied; the first moment stays, and so does a `follow` once given."""

    def get(self, fingerprint: str) -> Plan | None:
        """One plan, by its fingerprint or an unambiguous beginning of it.

        Raises:
            InputError: the beginning fits several plans.
        """

    def list(self, *, workflow: str = "", limit: int = 50) -> Sequence[Plan]:
        """The newest first."""


class Reports(Protocol):
    """What can be told about a period."""

    def write(
        self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str, to: str
    ) -> Sequence[str]:
        """Build a report of the named sections and write it below the workspace folder; returns the files' paths.

        `sections` holds names, or mappings with `section` and options. `to` is a path without an ending, relative to
        the workspace. Every file appears whole or not at all.
        """


CredentialKind = Literal["connection", "secret"]


@dataclass(frozen=True, slots=True)
class Credential:
    """What is kept of a connection's options or of a secret.

    `options` can be read by anybody. The options named in `hidden` are in `sealed`, which is worth nothing without the
    key; `key` is the name of that key.
    """

    kind: CredentialKind
    name: str
    connector: str
    options: Mapping[str, Any]
    hidden: Sequence[str]
    sealed: str
    key: str
    updated_at: datetime


class Credentials(Protocol):
    """Stored connections and secrets; their kind and name are unique."""

    def list(self) -> Sequence[Credential]:
        """All, by kind and name."""

    def get(self, kind: CredentialKind, name: str) -> Credential | None:
        """One."""

    def change(self, to: Callable[[Sequence[Credential]], Sequence[Credential]]) -> None:
        """Replace all there are by what `to` makes of them, in one transaction; nobody else can change any meanwhile.

        What `to` raises is passed on, and nothing was changed.
        """


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did. `who` is `user@host` or `workflow:ID`; `hash` binds it to all entries before it."""

    number: int
    at: datetime
    who: str
    what: str
    subject: str
    before: Any
    after: Any
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the audit does not hold together any more: the number of an entry, and what is wrong with it."""

    number: int
    why: str


class Audit(Protocol):
    """Who did what. Entries are only ever added; there is no way to change or to remove one."""

    def record(self, who: str, what: str, subject: str, before: Any = None, after: Any = None) -> AuditEntry:
        """Write down what somebody did to what; `before` and `after` are JSON values without secrets."""

    def list(
        self, *, what: str = "", subject: str = "", since: datetime | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        """The newest first; `what` may be the beginning of a word such as `connections`."""

    def verify(self, kept: str = "") -> Broken | None:
        """The first entry that was changed, removed, put in or moved; None when there is none.

        That the end was cut off, or everything written anew, shows only against the hash of an entry that was `kept`
        elsewhere: it must be among those that are there.
        """


class Approvals(Protocol):
    """What people were asked about runs, and what they said."""

    def ask(self, approval: Approval) -> Approval:
        """Keep a question; one that exists under its id is returned as it stands."""

    def decide(self, approval_id: str, decision: Decision, *, seen: str, edited: Any = None) -> Approval:
        """Add a person's word, in one transaction with letting the run go on if that settles it.

        `seen` is the hash of the content that the person had before them, and `edited` what they made of it, if they
        did. Raises what `Approval.decided` raises, and changes nothing then. Who may decide is the caller's affair.
        """

    def close(self, approval_id: str, state: ApprovalState, *, because: str) -> Approval:
        """Ask no more: too late (`expired`), or the content is another one (`void`, an approved one too). One that is
        settled otherwise is returned as it stands."""

    def send_back(self, approval_id: str, below: Sequence[str]) -> None:
        """Set the records of some steps of the run, and of the steps inside them, aside for a rejection that asks for
        rework, so that they are done again. Of two calls the second does nothing."""

    def latest(self, run_id: str, path: str) -> Approval | None:
        """What was asked last at a step of a run."""

    def get(self, approval_id: str) -> Approval | None:
        """One approval, by its id or by an unambiguous beginning of it.

        Raises:
            InputError: the beginning fits several.
        """

    def list(
        self, *, state: ApprovalState | None = None, run: str = "", since: datetime | None = None, limit: int = 100
    ) -> Sequence[Approval]:
        """The newest first."""


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
    @property
    def plans(self) -> Plans: ...  # noqa: D102
    @property
    def credentials(self) -> Credentials: ...  # noqa: D102
    @property
    def audit(self) -> Audit: ...  # noqa: D102

    @property
    def approvals(self) -> Approvals: ...  # noqa: D102
    @property
    def tally(self) -> Tally: ...  # noqa: D102
    @property
    def rulings(self) -> Rulings: ...  # noqa: D102
    @property
    def brakes(self) -> Brakes: ...  # noqa: D102
    @property
    def suppressions(self) -> Suppressions: ...  # noqa: D102

    def events_between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Every event of a period, oldest first, streamed; `until` is exclusive."""

    def close(self) -> None:
        """Let go of the database."""

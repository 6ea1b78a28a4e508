"""All that is kept, port by port."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from antiphon.components.ports.alerts import AlertBook
from antiphon.components.ports.allowances import Allowances
from antiphon.components.ports.approvals import Approvals
from antiphon.components.ports.backfills import Backfills
from antiphon.components.ports.evaluations import Evaluations
from antiphon.components.ports.guarded import Audit, Credentials
from antiphon.components.ports.heard import Cursors, Events, Harvests
from antiphon.components.ports.kept import Marks, People, Records
from antiphon.components.ports.ledger import Ledger
from antiphon.components.ports.metrics import MetricBook
from antiphon.components.ports.personal import Personal
from antiphon.components.ports.policy import Brakes, Rulings, Suppressions, Tally
from antiphon.components.ports.rests import Rests
from antiphon.components.ports.retention import Retention
from antiphon.components.ports.runs import Runs
from antiphon.components.ports.slots import Slots
from antiphon.components.ports.subscriptions import Subscriptions
from antiphon.components.ports.versions import Plans, Programs
from antiphon.components.ports.watches import Watches
from antiphon.model.event import Event


class Store(Protocol):
    """All that is kept, each under its port."""

    @property
    def events(self) -> Events: ...  # noqa: D102
    @property
    def harvests(self) -> Harvests: ...  # noqa: D102
    @property
    def cursors(self) -> Cursors: ...  # noqa: D102
    @property
    def watches(self) -> Watches: ...  # noqa: D102
    @property
    def allowances(self) -> Allowances: ...  # noqa: D102
    @property
    def runs(self) -> Runs: ...  # noqa: D102
    @property
    def slots(self) -> Slots: ...  # noqa: D102
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
    def evaluations(self) -> Evaluations: ...  # noqa: D102
    @property
    def retention(self) -> Retention: ...  # noqa: D102
    @property
    def personal(self) -> Personal: ...  # noqa: D102
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
    @property
    def subscriptions(self) -> Subscriptions: ...  # noqa: D102
    @property
    def alerts(self) -> AlertBook: ...  # noqa: D102
    @property
    def rests(self) -> Rests: ...  # noqa: D102
    @property
    def backfills(self) -> Backfills: ...  # noqa: D102
    @property
    def metrics(self) -> MetricBook: ...  # noqa: D102

    def events_between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Every event of a period, oldest first, streamed; `until` is exclusive."""

    def close(self) -> None:
        """Let go of the database."""

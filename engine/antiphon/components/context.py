"""What a component may touch, and nothing else: a narrow context instead of the application.

A plan is handed readers only. A writer exists nowhere but in `PerformContext`, so a dry run cannot send.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from antiphon.components.capabilities import Ability
from antiphon.components.clock import Clock
from antiphon.components.http import Http
from antiphon.components.media import Files, NoFiles
from antiphon.components.ports import (
    Brakes,
    Events,
    KeepsMeasurements,
    Ledger,
    Marks,
    NoMeasurements,
    People,
    Records,
    Reports,
    Runs,
)
from antiphon.model.effect import Effect, Idempotency

T = TypeVar("T")


class Connections(Protocol):
    """The workspace's accounts on networks, by the name given in antiphon.toml."""

    def reader(self, name: str, of: type[T]) -> T:
        """A client that can only read.

        Raises:
            GiveUp: no such connection, or its connector offers no reader of this type.
        """

    def writer(self, name: str, of: type[T]) -> T:
        """A client that can also write; raises as `reader` does."""

    def idempotency(self, name: str, verb: str) -> Idempotency:
        """What the connection's connector declares for a verb such as `post`."""

    def can(self, name: str, ability: Ability) -> bool:
        """Whether the connection's network has an ability; False when there is no such connection."""

    def network_of(self, name: str) -> str:
        """The connection's network, by the name of its connector; empty when there is no such connection."""


class Readers(Protocol):
    """The half of `Connections` that cannot write."""

    def reader(self, name: str, of: type[T]) -> T: ...  # noqa: D102
    def idempotency(self, name: str, verb: str) -> Idempotency: ...  # noqa: D102
    def can(self, name: str, ability: Ability) -> bool: ...  # noqa: D102
    def network_of(self, name: str) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Here:
    """Where in which run a component is at work."""

    workflow: str
    run: str
    step: str
    timezone: ZoneInfo
    language: str = "en"
    subject: str = ""
    event: str = ""
    live: bool = False


@dataclass(frozen=True)
class ReadContext:
    """For what only looks: conditions, computations, and the planning of an action."""

    here: Here
    clock: Clock
    connections: Readers
    events: Events
    runs: Runs
    ledger: Ledger
    people: People
    records: Records
    marks: Marks
    scope: Mapping[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=NoFiles)
    """What may be attached to a post."""

    def effect(
        self,
        action: str,
        summary: str,
        payload: Mapping[str, Any],
        *,
        connection: str = "",
        verb: str = "",
        reversible: bool = False,
        recipients: Sequence[str] = (),
        cost: float = 0.0,
    ) -> Effect:
        """An effect of this step of this run. Its key is `workflow/step/subject/event`, or an author's own.

        `verb` is the connector's name of what is done, for its declared idempotency. `recipients` are the addresses
        of those whom it reaches, and `cost` is its price where that is known: the workspace's policy goes by them.
        """
        here = self.here
        idempotency: Idempotency = self.connections.idempotency(connection, verb) if connection else "native"
        return Effect(
            key="/".join((here.workflow, here.step, here.subject or "-", here.event or here.run)),
            action=action,
            workflow=here.workflow,
            run=here.run,
            step=here.step,
            summary=summary,
            payload=dict(payload),
            connection=connection,
            subject=here.subject,
            event=here.event,
            idempotency=idempotency,
            reversible=reversible,
            recipients=tuple(recipients),
            cost=cost,
        )


@dataclass(frozen=True)
class PerformContext:
    """For the one moment in which something is really done."""

    here: Here
    clock: Clock
    connections: Connections
    http: Http
    events: Events
    records: Records
    people: People
    reports: Reports
    brakes: Brakes
    """Brakes that are in the audit when they are put on or lifted, and that let go what they held."""
    claimed_at: datetime
    """When the effect was taken to be performed: what may have happened, happened after that."""
    made: Callable[[str], bool]
    """Whether another effect's receipt has this remote id of the connection: what looks the same is that one's then."""
    reveal: Callable[[Any], Any]
    """Puts secrets in the place of their marks, anywhere in a payload; the result must go nowhere but the network."""
    files: Files = field(default_factory=NoFiles)
    """The media that go with an effect."""
    metrics: KeepsMeasurements = field(default_factory=NoMeasurements)
    """Where what a network tells in numbers is kept."""

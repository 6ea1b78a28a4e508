"""The ports of the workspace's policy: what is counted, what was ruled, what is braked, and who is suppressed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from antiphon.model.ruling import Brake, Limit, Ruling, Suppression, Usage


class NoRoom(Exception):
    """A limit has no room for another effect now."""

    def __init__(self, limit: Limit, usage: Usage) -> None:
        super().__init__(limit.told)
        self.limit = limit
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that was sent, or may have been."""

    key: str
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Paced:
    """When a run sent something, or may have."""

    run: str
    at: datetime


class Tally(Protocol):
    """How much was done: what limits are counted by. Counted is what a `Limit` says."""

    def used(self, limit: Limit, *, key: str, priority: int) -> Usage:
        """How much of a limit is used by others than the effect `key` of that priority."""

    def sent(self, connection: str, since: datetime, limit: int) -> Sequence[Sent]:
        """What was sent by a connection after then, the newest first."""

    def pace(self, workflow: str, since: datetime) -> Sequence[Paced]:
        """When a workflow sent something after then, the newest first."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling, and when it was given."""

    at: datetime
    ruling: Ruling


class Rulings(Protocol):
    """What the rules said of effects."""

    def record(self, key: str, rulings: Iterable[Ruling]) -> None:
        """Keep what was said of an effect now."""

    def history(self, key: str) -> Sequence[Ruled]:
        """All that was ever said of an effect, oldest first."""

    def latest(self, key: str) -> Sequence[Ruling]:
        """What was said when it was last asked."""


class Brakes(Protocol):
    """Holds on everything outward. A brake stands until it is lifted or its `until` has come."""

    def put(self, scope: str, reason: str, *, by: str, until: datetime | None = None) -> Brake:
        """Put a brake on; one that stands in the same scope is replaced."""

    def lift(self, scope: str, *, by: str) -> Brake | None:
        """Lift the brake of a scope; None when there is none."""

    def standing(self, scopes: Collection[str] = ()) -> Sequence[Brake]:
        """The brakes that stand now, oldest first: those of some scopes, or all."""

    def stood(self, scopes: Collection[str], since: datetime, until: datetime) -> Sequence[Brake]:
        """The brakes of some scopes that stood at some moment of a period, oldest first."""

    def put_by(self, by: str) -> Brake | None:
        """The last brake that somebody has put on, whether it stands or not."""

    def lifted(self, scope: str) -> datetime | None:
        """When the last brake of a scope came to its end."""


class Suppressions(Protocol):
    """Persons and addresses that must not be reached. They are compared in small letters, without an `@` before.

    Who is kept as a `person_digest` is found by their name, too. Raises SetupError when its key is not here.
    """

    def add(self, person: str, *, channel: str = "", reason: str = "", by: str = "") -> Suppression:
        """Suppress somebody, on every channel or on one; who is there already stays as it was."""

    def remove(self, person: str, *, channel: str = "") -> bool:
        """Take somebody out; False when they were not there."""

    def forget(self, persons: Collection[str], *, reason: str, by: str) -> None:
        """Suppress these on every channel by their digests alone, in one transaction; their names are kept no more."""

    def of(self, persons: Collection[str]) -> Sequence[Suppression]:
        """What is known of these."""

    def list(self, limit: int = 1000) -> Sequence[Suppression]:
        """The newest first."""

"""What is remembered of events that mean something together only, and what has come of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

Place: TypeAlias = tuple[str, str]
"""The name of a watch, which begins with its workflow and a slash, and one key of it."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a watch remembers of one key: a JSON object, when it is due by itself, and until when it is kept."""

    watch: str
    key: str
    memory: Mapping[str, Any]
    due: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """Something that has come about and is to be answered. The `id` is its identity, `data` a JSON object."""

    id: str
    at: datetime
    data: Mapping[str, Any]


Change: TypeAlias = tuple[Sequence[Remembered], Sequence[Fired]]


class Watches(Protocol):
    """The memories of watches, each under its name and key."""

    def change(
        self, places: Collection[Place], to: Callable[[Mapping[Place, Mapping[str, Any]]], Change]
    ) -> Sequence[Fired]:
        """Replace what is remembered at some places by what `to` makes of it, and note down what came about.

        It is one transaction, and nobody else changes these places meanwhile. What `to` raises is passed on, and
        nothing was changed. Returns what came about; it stays noted down until it is `answered`, so that a crash loses
        nothing.
        """

    def get(self, watch: str, key: str) -> Mapping[str, Any] | None:
        """What a watch remembers of a key."""

    def keys(self, watch: str, limit: int = 100) -> Sequence[str]:
        """The keys of which a watch remembers something, in order."""

    def due(self, watches: Collection[str], now: datetime, limit: int = 500) -> Sequence[Place]:
        """The places of these watches that are due by now, the first one first."""

    def next_due(self, watches: Collection[str]) -> datetime | None:
        """When the first place of these watches is due."""

    def fired(self, limit: int = 500) -> Sequence[Fired]:
        """What has come about and is not answered yet, the oldest first."""

    def answered(self, ids: Iterable[str]) -> None:
        """Strike out what came about: it has been answered."""

    def begun(self, watches: Collection[str]) -> Collection[str]:
        """Those of these watches that remember something under the empty key."""

    def forget(self, until: datetime, workflows: Collection[str] = ()) -> None:
        """Drop what was to be kept until then, and all that watches of these workflows remember."""

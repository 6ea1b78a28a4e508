"""What waiting runs look out for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from antiphon.model.event import Event


@dataclass(frozen=True, slots=True)
class Address:
    """Where a subscription is filed: a type of event (or a family, ending in `*`), and a field with its value.

    Without a field both are empty: such a subscription is compared with every event of its type.
    """

    type: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """An event that one run looks out for, since a moment; `path` says for which step, unique in the run.

    `match` is a pattern as it is written, without expressions. `heard` is the first event that fitted.
    """

    run: str
    path: str
    workflow: str
    address: Address
    match: Mapping[str, Any]
    since: datetime
    heard: Event | None = None


class Subscriptions(Protocol):
    """What runs look out for. A run that has ended looks out for nothing."""

    def put(self, subscriptions: Collection[Subscription]) -> None:
        """Keep them; one that is there already stays as it is, with what it has heard."""

    def places(self) -> Collection[tuple[str, str]]:
        """Every type and field under which something was ever filed: the addresses worth looking at."""

    def at(self, addresses: Collection[Address]) -> Sequence[Subscription]:
        """What is filed there and has heard nothing yet."""

    def hear(self, run: str, path: str, event: Event) -> bool:
        """Hand an event to one that has heard nothing yet, and let its run go on, in one transaction; whether it was
        the first."""

    def of(self, run: str) -> Sequence[Subscription]:
        """What a run looks out for, and what of it was heard."""

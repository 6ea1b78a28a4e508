"""What a rule may look at when it is asked about an effect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from antiphon.components.ports import Paced, Store
from antiphon.model.effect import Effect
from antiphon.model.person import Person
from antiphon.model.policy import PolicySettings
from antiphon.model.ruling import person_key

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Before everything."""

INSTANT = timedelta(microseconds=1)
"""The smallest difference that is kept: a limit counts what came after a moment, a day begins at one."""


@dataclass(frozen=True)
class Asking:
    """The workspace's policy, its store, and the moment. `timezone` is the workspace's."""

    settings: PolicySettings
    store: Store
    now: datetime
    timezone: ZoneInfo
    pace: Callable[[str], tuple[Paced, ...]]
    """When a workflow sent something lately, the newest first."""
    same: Callable[[str], Collection[str]] = lambda name: ()
    """The other names of whoever has one, such as those of an account that is the same person's."""

    def people(self, effect: Effect) -> Iterator[Person]:
        """Those whom an effect reaches and whom the brand has met."""
        for name in dict.fromkeys((effect.subject, *effect.recipients)):
            people = self.store.people
            if name and (person := people.get(name) or people.get(person_key(name))) is not None:
                yield person

"""Sources: what a network lets us ask for again and again."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from antiphon.components.component import Component
from antiphon.model.event import Event
from antiphon.model.person import Person


@dataclass(frozen=True, slots=True)
class Page:
    """Some items of a source, oldest first. `cursor` is where to go on; `more` says that a next page waits already."""

    events: Sequence[Event]
    cursor: str
    more: bool = False
    people: Sequence[Person] = ()


class Source(Component):
    """Something a network lets us ask for new items now and then: mentions, a timeline, a feed.

    `event` is the type of the events it gives.
    """

    event: ClassVar[str]

    @abstractmethod
    def fetch(self, options: Any, client: Any, cursor: str | None) -> Page:
        """The items after `cursor`; with no cursor, the most recent ones only. `client` is the connection's reader.

        Raises:
            RetryLater: the network is not there or asks to come back later.
            GiveUp: the credentials, the address or the answer are wrong.
        """

"""Sources: what a network lets us ask for again and again."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from antiphon.components.component import Component
from antiphon.components.ports import Marks
from antiphon.errors import GiveUp
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


@dataclass(frozen=True, slots=True)
class Askable:
    """A connection as a wide source sees it: its network, what that can, and the names of the network's own sources."""

    connection: str
    network: str
    abilities: Collection[str] = ()
    sources: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions that a wide source asks: a source of a connection, with its options.

    `why_not` is a sentence where it cannot be asked at all, which is then told instead.
    """

    connection: str
    source: str
    options: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""

    @property
    def name(self) -> str:
        """What tells it from the other parts, such as `brand: post.search torréa`."""
        return f"{self.connection}: {' '.join([self.source, *map(str, self.options.values())])}"


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is kept of a page: `events` may wake the workflow, those `beside` are only kept.

    `left_out` has what is not kept: the ids of the events by the reason, as a sentence.
    """

    events: Sequence[Event] = ()
    beside: Sequence[Event] = ()
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)


class WideSource(Source):
    """A source that asks other sources, of several connections at once, and keeps what it has a use for.

    Each part has a place of its own, begins by learning what is there, and may fail without the others.
    """

    @abstractmethod
    def parts(self, options: Any, accounts: Sequence[Askable]) -> Sequence[Part]:
        """What is to be asked of the workspace's accounts."""

    @abstractmethod
    def sift(self, options: Any, part: Part, events: Sequence[Event], marks: Marks, now: datetime) -> Sifted:
        """What is kept of the answer to a part. The same events, given again, come to the same."""

    def fetch(self, options: Any, client: Any, cursor: str | None) -> Page:
        """It has no client of its own. Raises GiveUp."""
        raise GiveUp(f"{self.name} asks through its parts.")

"""A bench: a network to try a connector on, and the hands to break it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self

from starlette.types import ASGIApp, Scope

from antiphon.components.connector import Connector
from antiphon.testing.clock import VirtualClock
from antiphon.testing.contracts.check import Check, LeftOut
from antiphon.testing.sandbox.faults import Fault, FaultKind
from antiphon.testing.serving import Served


class Bench(ABC):
    """What the contract has to know of a network. One instance is one network, empty at its beginning.

    `connector` is the class, or the name of one that is installed. `text` is a text in order, and `longest` the limit
    of one, as `count` counts it; `to` is whom a message goes to, for networks that send messages and publish nothing.
    `sources` are those that `hear` feeds, with their options; `page` is about how many items a page of them has.
    """

    connector: ClassVar[type[Connector] | str]
    text: ClassVar[str] = "Café ☕ at 8 — see you there"
    to: ClassVar[str] = ""
    longest: ClassVar[int] = 0
    sources: ClassVar[Sequence[tuple[str, Mapping[str, Any]]]] = ()
    page: ClassVar[int] = 40
    dated: ClassVar[bool] = True
    """Whether the network tells the time by the clock of the bench."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock

    @classmethod
    def checks(cls) -> Sequence[Check]:
        """Every check of the contract."""
        from antiphon.testing.contracts import CHECKS

        return CHECKS

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @abstractmethod
    def start(self) -> None:
        """Let the network run on 127.0.0.1. It tells the time by `self.clock`, so far as it can."""

    @abstractmethod
    def stop(self) -> None:
        """Let it run no longer; called twice, it does nothing the second time."""

    @abstractmethod
    def options(self) -> Mapping[str, Any]:
        """The options of a connection to it, with credentials that work."""

    @abstractmethod
    def published(self) -> Sequence[str]:
        """The texts that the account has published there, oldest first, as the network has them."""

    def settle(self) -> None:  # noqa: B027  (most networks need not wait)
        """Wait until the network tells what it has been told, for networks that take a while."""

    def fail(self, kind: FaultKind, **how: Any) -> None:
        """Let the next request that publishes go wrong. Raises LeftOut when the bench cannot do it."""
        raise LeftOut(f"the bench cannot let the network fail by {kind.value}")

    def fail_reading(self, kind: FaultKind, **how: Any) -> None:
        """Let all requests that read go wrong. Raises LeftOut when the bench cannot do it."""
        raise LeftOut(f"the bench cannot let reading fail by {kind.value}")

    def heal(self) -> None:
        """Let nothing go wrong any more. Raises LeftOut when the bench cannot do it."""
        raise LeftOut("the bench cannot be healed")

    def count(self, text: str) -> int:
        """How long a text is there. Raises LeftOut when the network has no limit that is worth trying."""
        raise LeftOut("the bench names no rule by which texts are counted")

    def refuse(self) -> str:
        """A text that is composed, and that the network will refuse. Raises LeftOut when there is none."""
        raise LeftOut("the bench knows no text that only the network refuses")

    def revoke(self) -> None:
        """Make the credentials of the connection worthless. Raises LeftOut when the bench cannot do it."""
        raise LeftOut("the bench cannot revoke the credentials")

    def hear(self, text: str) -> None:
        """Let somebody say something that the sources give. Raises LeftOut when the bench cannot do it."""
        raise LeftOut("the bench cannot let anybody say something")

    def writes(self) -> int:
        """How many requests that may change something the network has received. Raises LeftOut when nobody counts."""
        raise LeftOut("the bench does not count requests")


class ServedBench(Bench):
    """A bench whose network is an ASGI application: it is served, broken and counted for you.

    `publishing` is the method and the beginning of the path of a request that publishes, such as `POST /messages`, and
    `reading` of one that reads.
    """

    publishing: ClassVar[str]
    reading: ClassVar[str] = "GET /"

    @abstractmethod
    def application(self) -> ASGIApp:
        """The network. `antiphon.testing.serving.Forwarding(url)` stands before a real one."""

    def revoke_credentials_of(self, scope: Scope) -> None:
        """Make the credentials of one request worthless; by default those of the account."""
        self.revoke()

    def start(self) -> None:  # noqa: D102
        self.served = Served(self.application(), clock=self.clock, revoke=self.revoke_credentials_of)
        self.served.start()

    def stop(self) -> None:  # noqa: D102
        self.served.stop()

    def fail(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.served.faults.add(Fault(self.publishing, kind, **how))

    def fail_reading(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.served.faults.add(Fault(self.reading, kind, times=None, **how))

    def heal(self) -> None:  # noqa: D102
        self.served.faults.clear()

    def writes(self) -> int:  # noqa: D102
        return sum(request.method not in ("GET", "HEAD", "OPTIONS") for request in self.served.requests)

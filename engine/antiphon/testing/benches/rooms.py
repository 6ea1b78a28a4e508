"""What the benches of chats have in common: a bot in the first room of a sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from antiphon.testing.contracts import Bench
from antiphon.testing.sandbox.dialect import Dialect
from antiphon.testing.sandbox.faults import Fault, FaultKind
from antiphon.testing.sandbox.rooms import FIRST
from antiphon.testing.sandbox.sandbox import Sandbox


class RoomBench(Bench):
    """A bot on one of the sandbox's chats. `publishing` and `reading` are the method and the beginning of a path."""

    dialect: ClassVar[Dialect]
    publishing: ClassVar[str]
    reading: ClassVar[str]

    def start(self) -> None:  # noqa: D102
        self.network = Sandbox(clock=self.clock).start()
        self.account = self.network.account("torrea")
        self.room = self.network.world.rooms.room(FIRST)

    def stop(self) -> None:  # noqa: D102
        self.network.stop()

    def options(self) -> Mapping[str, Any]:  # noqa: D102
        told = self.dialect.connection(self.network.url, self.account)
        return {name: value for name, value in told.items() if name != "connector"}

    def published(self) -> Sequence[str]:  # noqa: D102
        return [message.text for message in self.room.messages if message.author is self.account]

    def fail(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.network.faults.add(Fault(self.publishing, kind, **how))

    def fail_reading(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.network.faults.add(Fault(self.reading, kind, times=None, **how))

    def heal(self) -> None:  # noqa: D102
        self.network.faults.clear()

    def count(self, text: str) -> int:
        """Characters, as Unicode counts them."""
        return len(text)

    def revoke(self) -> None:  # noqa: D102
        self.network.revoke(self.account.token)

    def hear(self, text: str) -> None:  # noqa: D102
        self.network.world.rooms.say("ana", self.room, text)

    def writes(self) -> int:  # noqa: D102
        method, _, path = self.publishing.partition(" ")
        return sum(one.method == method and one.path.startswith(path) for one in self.network.requests)

"""The bench on which the connector `bluesky` keeps the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.testing.contracts import Bench
from antiphon.testing.contracts.check import LeftOut
from antiphon.testing.sandbox.bluesky import connection
from antiphon.testing.sandbox.faults import Fault, FaultKind
from antiphon.testing.sandbox.sandbox import Sandbox


class BlueskyBench(Bench):
    """The sandbox, with one account of ours."""

    connector = "bluesky"
    sources = (
        ("bluesky.mentions", {}),
        ("bluesky.search", {"q": "bluesky"}),
        ("post.mentions", {}),
    )
    page = 10

    def start(self) -> None:  # noqa: D102
        self.network = Sandbox(clock=self.clock).start()
        self.account = self.network.account("torrea")

    def stop(self) -> None:  # noqa: D102
        self.network.stop()

    def options(self) -> Mapping[str, Any]:  # noqa: D102
        options = dict(connection(self.network.url, self.account))
        del options["connector"]
        return options

    def published(self) -> Sequence[str]:  # noqa: D102
        return [status.text for status in self.network.statuses(by="torrea")]

    def fail(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.network.faults.add(Fault("POST /xrpc/com.atproto.repo.putRecord", kind, **how))

    def fail_reading(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.network.faults.add(Fault("GET /xrpc/", kind, times=None, **how))

    def heal(self) -> None:  # noqa: D102
        self.network.faults.clear()

    def count(self, text: str) -> int:  # noqa: D102
        raise LeftOut("Bluesky counts in two ways: characters, and bytes")

    def revoke(self) -> None:  # noqa: D102
        self.network.world.forget_tokens(self.account)

    def hear(self, text: str) -> None:  # noqa: D102
        self.network.post("ana@far.example", f"@torrea {text}")

    def writes(self) -> int:  # noqa: D102
        # To sign in changes nothing that anybody sees.
        return sum(request.method != "GET" and ".server." not in request.path for request in self.network.requests)

"""The bench on which the connector `mastodon` keeps the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.testing.contracts import Bench
from antiphon.testing.sandbox.faults import Fault, FaultKind
from antiphon.testing.sandbox.limits import UNLIMITED
from antiphon.testing.sandbox.sandbox import Sandbox
from antiphon.testing.sandbox.text import length


class MastodonBench(Bench):
    """The sandbox, with one account of ours."""

    connector = "mastodon"
    longest = 500
    sources = (
        ("mastodon.mentions", {}),
        ("mastodon.timeline", {"timeline": "public"}),
        ("mastodon.search", {"q": "mastodon"}),
        ("post.mentions", {}),
    )

    def start(self) -> None:  # noqa: D102
        self.network = Sandbox(clock=self.clock, limits=UNLIMITED).start()
        self.account = self.network.account("torrea")

    def stop(self) -> None:  # noqa: D102
        self.network.stop()

    def options(self) -> Mapping[str, Any]:  # noqa: D102
        return {"server": self.network.url, "token": self.account.token}

    def published(self) -> Sequence[str]:  # noqa: D102
        return [status.text for status in self.network.statuses(by="torrea")]

    def fail(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.network.faults.add(Fault("POST /api/v1/statuses", kind, **how))

    def fail_reading(self, kind: FaultKind, **how: Any) -> None:  # noqa: D102
        self.network.faults.add(Fault("GET /api/", kind, times=None, **how))

    def heal(self) -> None:  # noqa: D102
        self.network.faults.clear()

    def count(self, text: str) -> int:  # noqa: D102
        return length(text)

    def revoke(self) -> None:  # noqa: D102
        self.network.revoke(self.account.token or "")

    def hear(self, text: str) -> None:  # noqa: D102
        self.network.post("ana@far.example", f"@torrea {text}")

    def writes(self) -> int:  # noqa: D102
        return sum(request.method != "GET" for request in self.network.requests)

"""The contract of all connectors, kept against the real network with its index."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import pytest
from starlette.types import ASGIApp
from tests.servers.bluesky.server import Account, Bluesky

from antiphon.testing.contracts import CHECKS, Check, LeftOut, ServedBench
from antiphon.testing.serving import Forwarding

pytestmark = [pytest.mark.networks, pytest.mark.slow]


class BlueskyBench(ServedBench):
    """An account of its own on the network, and somebody who speaks to it."""

    connector = "bluesky"
    publishing = "POST /xrpc/com.atproto.repo.putRecord"
    reading = "GET /xrpc/app.bsky."
    sources = (("bluesky.mentions", {}), ("post.mentions", {}))
    page = 4
    network: ClassVar[Bluesky]
    ana: ClassVar[Account]
    account: Account

    def application(self) -> ASGIApp:
        self.account = self.network.account("torrea")
        _seen(lambda: self._read("feed.getAuthorFeed", actor=self.account.did))
        return Forwarding(self.network.url)

    def options(self) -> Mapping[str, Any]:
        return {"server": self.served.url, "handle": self.account.handle, "app_password": self.account.app_password}

    def published(self) -> Sequence[str]:
        return [record["value"]["text"] for record in self.network.records(self.account)]

    def settle(self) -> None:
        _seen(lambda: len(self._read("feed.getAuthorFeed", actor=self.account.did)["feed"]) == len(self.published()))

    def count(self, text: str) -> int:
        raise LeftOut("texts are counted in two ways; test_length.py tries both")

    def revoke(self) -> None:
        self.network.take_down(self.account)

    def hear(self, text: str) -> None:
        facet = {
            "index": {"byteStart": 0, "byteEnd": 1},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": self.account.did}],
        }
        uri = self.network.post(self.ana, f"@ {text}", facets=[facet])["uri"]
        _seen(lambda: uri in [one["uri"] for one in self._read("notification.listNotifications")["notifications"]])

    def _read(self, method: str, **asked: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.account.access}"}
        answer = self.network.client.get(f"app.bsky.{method}", headers=headers, params=asked)
        found: dict[str, Any] = answer.json() if answer.is_success else {}
        return found


def _seen(look: Callable[[], Any]) -> None:
    for _ in range(300):
        if look():
            return
        time.sleep(0.05)
    raise AssertionError("the index has never heard of it")


@pytest.fixture(scope="module")
def bench(indexed: Bluesky) -> type[BlueskyBench]:
    return type("Bench", (BlueskyBench,), {"network": indexed, "ana": indexed.account("ana")})


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_contract(check: Check, bench: type[BlueskyBench]) -> None:
    """Every law."""
    check(bench)

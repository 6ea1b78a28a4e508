"""A context of a run that is about an event, over a real store; and a workspace that listens to a small world."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.app import Antiphon
from antiphon.components.context import Here, ReadContext
from antiphon.components.ports import Store
from antiphon.model.event import Event
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.bluesky import DIALECT as BLUESKY

Context = Callable[..., ReadContext]
NOTHING = cast(Any, None)


@pytest.fixture
def context(store: Store, clock: VirtualClock) -> Context:
    """The context of a run about an event."""

    def make(event: str = "m:1", data: Mapping[str, Any] | None = None, language: str = "en") -> ReadContext:
        here = Here("care", "r1", "step", ZoneInfo("Europe/Paris"), language=language, event=event)
        rest = (store.events, store.runs, store.ledger, store.people, store.records, store.marks)
        return ReadContext(here, clock, NOTHING, *rest, scope={"event": data or {}})

    return make


@dataclass
class Town:
    """A network that speaks Mastodon, Bluesky and RSS, and a workspace with a connection to each."""

    folder: Path
    network: Sandbox
    clock: VirtualClock
    app: Antiphon

    def write(self, *documents: Mapping[str, Any]) -> None:
        """Replace the workspace's workflows, and open it anew as after a restart."""
        for old in (self.folder / "workflows").glob("*.yaml"):
            old.unlink()
        for document in documents:
            whole = {"antiphon": 1, "name": "Listen", "tz": "UTC", **document}
            path = self.folder / "workflows" / f"{document['id']}.yaml"
            path.write_text(json.dumps(whole), encoding="utf-8")
        self.restart()

    def restart(self) -> None:
        """Open the workspace anew."""
        self.app.close()
        self.app = Antiphon.open(self.folder, clock=self.clock)
        assert [] == [*self.app.compiled.problems]

    def poll(self, workflow: str = "listen", trigger: str = "heard") -> int:
        """Let a trigger ask; how many runs are new."""
        return self.app.wake(workflow, trigger)

    def kept(self, type: str = "mention.heard") -> list[Event]:
        """The events of a type, oldest first."""
        return list(reversed(self.app.store.events.list(type=type, limit=1000)))


@pytest.fixture
def town(tmp_path: Path, clock: VirtualClock) -> Iterator[Town]:
    """A town in which nothing is said yet, and nobody listens."""
    with Sandbox(clock=clock) as network:
        account = network.account("torrea")
        network.feed("news", [])
        connections = {
            "brand": {"connector": "mastodon", "server": network.url, "token": account.token},
            "sky": BLUESKY.connection(network.url, account),
            "news": {"connector": "feed", "url": f"{network.url}/feeds/news.rss"},
        }
        told = "".join(
            f"[connections.{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in options.items())
            for name, options in connections.items()
        )
        (tmp_path / "antiphon.toml").write_text(f'[http]\nallow_private = ["127.0.0.1"]\n{told}', encoding="utf-8")
        (tmp_path / "workflows").mkdir()
        town = Town(tmp_path, network, clock, Antiphon.open(tmp_path, clock=clock))
        yield town
        town.app.close()

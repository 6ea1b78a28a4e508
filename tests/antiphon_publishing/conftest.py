"""A workspace with accounts on two networks of the sandbox, and slots in the week of Paris."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.model.event import Event
from antiphon.model.run import Run
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox
from antiphon.testing.sandbox.bluesky import DIALECT as BLUESKY
from antiphon.testing.sandbox.mastodon import DIALECT as MASTODON

SLOTS = """
tz = "Europe/Paris"

[queues.brand]
mon = ["09:00", "17:30"]
thu = ["12:15"]

[queues.evergreen]
connection = "brand"
sun = ["10:00"]
thu = ["12:15"]
"""
PUBLIC = "https://go.torrea.example"


class Studio:
    """One workspace whose documents may change; `say` has an event answered."""

    def __init__(self, folder: Path, network: Sandbox, store_url: str, clock: VirtualClock) -> None:
        self.folder, self.network, self.clock, self._store_url = folder, network, clock, store_url
        self.brand: Account = network.account("torrea")
        self.sky: Account = network.account("torrea_sky")
        (folder / "slots.toml").write_text(SLOTS, encoding="utf-8")
        self.settle()
        self.app = Antiphon.open(folder, clock=clock)

    def settle(self, policy: str = "") -> None:
        """Write antiphon.toml anew; it counts from the next `write`."""
        connections = {
            "brand": MASTODON.connection(self.network.url, self.brand),
            "sky": BLUESKY.connection(self.network.url, self.sky),
        }
        told = "".join(
            f"[connections.{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in options.items())
            for name, options in connections.items()
        )
        (self.folder / "antiphon.toml").write_text(
            f'[workspace]\nname = "Torréa"\ntimezone = "Europe/Paris"\n[database]\nurl = "{self._store_url}"\n'
            f'[web]\npublic_url = "{PUBLIC}"\n[http]\nallow_private = ["127.0.0.1"]\n{told}{policy}',
            encoding="utf-8",
        )

    def write(self, *actions: Mapping[str, Any], **keys: Any) -> None:
        """Make these the steps of the workflow `launch`."""
        triggers = [{"id": "asked", "event": {"type": "launch.asked"}}, {"id": "by_hand", "manual": {}}]
        document = {"antiphon": 1, "id": "launch", "name": "Launch", "tz": "Europe/Paris", "triggers": triggers}
        path = self.folder / "workflows" / "launch.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**document, "actions": list(actions), **keys}), encoding="utf-8")
        self.app.close()
        self.app = Antiphon.open(self.folder, clock=self.clock)

    @property
    def problems(self) -> list[str]:
        """What is wrong with the documents."""
        return [str(problem) for problem in self.app.compiled.problems]

    def say(self, id: str = "e1", **data: Any) -> Run:
        """Answer an event as far as that goes by now."""
        assert [] == self.problems
        run = self.app.start("launch", event=Event(id, "launch.asked", self.clock.now(), data), trigger="asked")
        self.app.activate("launch")
        return self.run(run.id)

    def run(self, run_id: str) -> Run:
        """A run as it stands."""
        found = self.app.store.runs.get(run_id)
        assert found is not None
        return found

    def result(self, run: Run, path: str) -> Any:
        """What a step of a run came to."""
        return next(step.result for step in self.run(run.id).steps if step.path == path)

    def texts(self, account: Account) -> list[str]:
        """What an account has published, the oldest first."""
        return [status.text for status in self.network.statuses(by=account.acct)]


@contextmanager
def opened(folder: Path, store_url: str, clock: VirtualClock) -> Iterator[Studio]:
    """A studio on a Monday, at ten in Paris."""
    with Sandbox(clock=clock) as network:
        studio = Studio(folder, network, store_url, clock)
        yield studio
        studio.app.close()


@pytest.fixture
def studio(tmp_path: Path, clock: VirtualClock) -> Iterator[Studio]:
    """A studio on SQLite."""
    with opened(tmp_path, f"sqlite:///{tmp_path / 'antiphon.db'}", clock) as studio:
        yield studio

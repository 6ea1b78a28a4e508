"""A workspace with an account on the sandbox network, and ways to look at both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from antiphon.app import Antiphon
from antiphon.model.effect import EffectState
from antiphon.model.event import Event
from antiphon.model.plan import Call, Plan
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox, Status

POST = {"id": "post", "use": "mastodon.post", "with": {"connection": "brand", "text": "${{ event.text }}"}}
BOOST = {"id": "boost", "use": "mastodon.boost", "with": {"connection": "brand", "status": "${{ event.status }}"}}
LIKE = {"id": "like", "use": "mastodon.favourite", "with": {"connection": "brand", "status": "${{ event.status }}"}}
TICKET = {"id": "ticket", "use": "inbox.ticket", "with": {"title": "${{ event.text }}"}}
THREAD = {
    "id": "thread",
    "use": "mastodon.post",
    "with": {"connection": "brand", "text": "And more", "in_reply_to": "${{ steps.post.remote_id }}"},
}


class Brand:
    """One workflow, `w`, which answers events of type `text.said`, and by hand; `reopen` is a new process."""

    def __init__(self, folder: Path, network: Sandbox, store_url: str, clock: VirtualClock) -> None:
        self.folder = folder
        self.network = network
        self.clock = clock
        self.account: Account = network.account("torrea", name="Torréa")
        self.settle(server=network.url, token=self.account.token, store_url=store_url)
        self.app = Antiphon.open(folder, clock=clock)

    def settle(self, *, server: str, token: str, store_url: str = "", policy: str = "") -> None:
        """Write antiphon.toml; without a `store_url` the database stays."""
        self.store_url: str = store_url or self.store_url
        (self.folder / "antiphon.toml").write_text(
            f'[workspace]\ntimezone = "Europe/Paris"\n[database]\nurl = "{self.store_url}"\n'
            f'[http]\nallow_private = ["127.0.0.1"]\n'
            f'[connections.brand]\nconnector = "mastodon"\nserver = "{server}"\ntoken = "{token}"\n{policy}',
            encoding="utf-8",
        )

    def write(self, *actions: Mapping[str, Any], **keys: Any) -> None:
        """Make these the steps of the workflow."""
        document = {
            "antiphon": 1,
            "id": "w",
            "name": "W",
            "tz": "UTC",
            "triggers": [{"id": "heard", "event": {"type": "text.said"}}, {"id": "by_hand", "manual": {}}],
            "actions": list(actions),
            **keys,
        }
        path = self.folder / "workflows" / f"{document['id']}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(document), encoding="utf-8")
        self.reopen()

    def reopen(self) -> None:
        """A new process, after every lease of the old one."""
        self.app.close()
        self.clock.advance(timedelta(minutes=11))
        self.app = Antiphon.open(self.folder, clock=self.clock)
        problems = [str(problem) for problem in self.app.compiled.problems]
        assert [] == problems, problems

    def event(self, id: str = "e1", **data: Any) -> Event:
        """Something that was said."""
        return Event(id, "text.said", self.clock.now(), data, "test")

    def plan(self, *events: Event) -> Plan:
        """A kept plan for these events, or by hand."""
        calls = [Call.of(event, trigger="heard") for event in events] or [Call.of(None)]
        plan = self.app.planner.draft(self.app.program("w"), calls)
        self.app.store.plans.keep(plan)
        return plan

    def run(self, event: Event) -> str:
        """Answer an event for real; the run's id."""
        run = self.app.start("w", event=event, trigger="heard")
        self.app.activate("w")
        return run.id

    def states(self) -> dict[str, EffectState]:
        """Every effect's step and its state; of an undo, what it undoes."""
        entries = self.app.store.ledger.list(limit=1000)
        return {("undo " if one.effect.undoes else "") + one.effect.step: one.state for one in entries}

    @property
    def texts(self) -> list[str]:
        """What the account has published, the oldest first; a boost says nothing."""
        return [status.text for status in self.network.statuses(by="torrea")]

    def heard(self, text: str = "Bonjour") -> Status:
        """Somebody else's post."""
        return self.network.post("ana", text)


@contextmanager
def branded(folder: Path, store_url: str, clock: VirtualClock) -> Iterator[Brand]:
    """A fresh one, with its network being served."""
    with Sandbox(clock=clock) as network:
        brand = Brand(folder, network, store_url, clock)
        yield brand
        brand.app.close()

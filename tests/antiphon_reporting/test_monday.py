"""A Monday from end to end: a post on a network, its numbers, the board, and what goes out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.servers.mail.office import PASSWORD, Office, open_office

from antiphon.app import Antiphon
from antiphon.components.ports import Cohort
from antiphon.model.measurement import Ratio
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.bluesky import DIALECT as BLUESKY
from antiphon.testing.sandbox.slack import DIALECT as SLACK

POST = {
    "id": "say",
    "triggers": [{"id": "now", "manual": {"inputs": {"words": {"type": "text"}}}}],
    "actions": [{"use": "mastodon.post", "with": {"connection": "brand", "text": "${{ trigger.inputs.words }}"}}],
}
MONDAY = {
    "id": "monday",
    "triggers": [{"id": "morning", "schedule": {"cron": "0 7 * * MON"}}],
    "actions": [
        {"id": "numbers", "use": "metrics.collect", "with": {"connection": "brand"}},
        {"use": "metrics.collect", "with": {"connection": "sky"}},
        {
            "id": "board",
            "use": "report.write",
            "with": {"name": "board", "title": "The Monday board", "sections": ["board", "answered"]},
        },
        {
            "use": "email.send",
            "with": {
                "connection": "post",
                "to": "nina@example.org",
                "title": "The Monday board",
                "text": "${{ steps.board.summary }}",
                "media": [{"file": "${{ steps.board.files[" + str(number) + "] }}"} for number in range(3)],
            },
        },
        {"use": "slack.post", "with": {"connection": "team", "text": "${{ steps.board.summary }}"}},
    ],
}


@pytest.fixture
def network(clock: VirtualClock) -> Iterator[Sandbox]:
    """A network that speaks Mastodon and Slack."""
    with Sandbox(clock=clock) as sandbox:
        sandbox.world.rooms.room("general")
        yield sandbox


@pytest.fixture
def office() -> Iterator[Office]:
    """A server that takes messages."""
    with open_office() as opened:
        yield opened


@pytest.fixture
def app(network: Sandbox, office: Office, clock: VirtualClock, tmp_path: Path) -> Iterator[Antiphon]:
    """A workspace that posts, measures and tells."""
    account = network.account("torrea")
    connections: Mapping[str, Mapping[str, Any]] = {
        "brand": {"connector": "mastodon", "server": network.url, "token": account.token},
        "sky": BLUESKY.connection(network.url, account),
        "team": SLACK.connection(network.url, account),
        "post": {
            "connector": "email",
            "from": "Torréa <torrea@example.org>",
            "password": PASSWORD,
            "smtp": f"smtp://127.0.0.1:{office.port}",
        },
    }
    told = "".join(
        f"[connections.{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in options.items())
        for name, options in connections.items()
    )
    (tmp_path / "antiphon.toml").write_text(f'[http]\nallow_private = ["127.0.0.1"]\n{told}', encoding="utf-8")
    (tmp_path / "workflows").mkdir()
    for document in (POST, MONDAY):
        whole = {"antiphon": 1, "name": "A week", "tz": "UTC", **document}
        (tmp_path / "workflows" / f"{document['id']}.yaml").write_text(json.dumps(whole), encoding="utf-8")
    opened = Antiphon.open(tmp_path, clock=clock)
    assert [] == [*opened.compiled.problems]
    yield opened
    opened.close()


def said(app: Antiphon, words: str) -> None:
    app.start("say", inputs={"words": words})
    app.activate("say")


def monday(app: Antiphon, clock: VirtualClock) -> None:
    app.wake("monday", "morning", clock.now())
    app.activate("monday")


def test_monday(app: Antiphon, network: Sandbox, office: Office, clock: VirtualClock, tmp_path: Path) -> None:
    """R2: the board goes out by the clock, to a mailbox with all three files, to Slack in figures, and into a file."""
    said(app, "A washed Sidamo, peach and jasmine")
    [status] = network.statuses("torrea")
    network.world.favourite(network.account("ana"), status)
    network.post("torrea", "Written by hand, on a phone")
    clock.advance(timedelta(days=6, hours=22))
    monday(app, clock)

    [message] = office.messages()
    names = [part.get_filename() for part in message.iter_attachments()]
    assert ["board-2026-03-09.html", "board-2026-03-09.md", "board-2026-03-09.csv"] == names
    page = (tmp_path / "reports" / str(names[0])).read_text(encoding="utf-8")
    assert page == next(message.iter_attachments()).get_content()
    text = message.get_body()
    assert text is not None
    assert "Posts: 4" in text.get_content()
    [told] = [one.text for one in network.world.rooms.room("general").messages]
    assert "Posts: 4" in told


def test_joined(app: Antiphon, network: Sandbox, clock: VirtualClock) -> None:
    """Outcomes are joined to effects by id: what a post came to is found by the key of the act that made it."""
    said(app, "A washed Sidamo, peach and jasmine")
    [entry] = app.store.ledger.list(workflow="say")
    [status] = network.statuses("torrea")
    network.world.favourite(network.account("ana"), status)
    clock.advance(timedelta(days=6, hours=22))
    monday(app, clock)

    [made] = app.store.metrics.made_by(entry.effect.key)
    assert entry.receipt is not None
    assert (entry.receipt.remote_id, entry.receipt.url) == (made.subject.id, made.subject.url)
    assert {"likes": 1, "shares": 0, "replies": 0} == {
        name: made.values[name] for name in ("likes", "shares", "replies")
    }


def test_collected(app: Antiphon, network: Sandbox, clock: VirtualClock) -> None:
    """R1: posts by hand count too, and followers come with them; views, which nobody counts there, are absent."""
    network.account("torrea", followers=["ana", "ben"])
    network.post("torrea", "Written by hand, on a phone")
    clock.advance(timedelta(days=6, hours=22))
    monday(app, clock)

    steps = [one for one in app.store.ledger.list(workflow="monday") if one.effect.action == "metrics.collect"]
    told = [one.receipt.data for one in steps if one.receipt]
    assert [1, 1] == [one["posts"] for one in told]
    assert all({"views", "reach", "clicks"} <= set(one["missing"]) for one in told)
    ratios, soon = (Ratio(("followers",)), Ratio(("views",))), clock.now() + timedelta(1)
    followers = app.store.metrics.pooled(Cohort("account", soon), ratios)[ratios[0]]
    views = app.store.metrics.pooled(Cohort("post", soon), ratios)[ratios[1]]
    assert [("brand", 2), ("sky", 2)] == [(pool.connection, pool.x) for pool in followers]
    assert [0, 0] == [pool.counted for pool in views]
    [fetch, _] = app.store.metrics.fetches()
    kept = app.store.metrics.payload(fetch.source, fetch.connection, fetch.at)
    assert kept is not None
    assert ["Written by hand, on a phone" in one["content"] for one in kept.payload.values()] == [True]

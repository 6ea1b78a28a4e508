"""Listening on networks that really answer: what is said there goes its way by query and by intent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.app import Antiphon
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import FeedItem, Sandbox
from antiphon.testing.sandbox.rooms import FIRST
from antiphon.testing.sandbox.slack import DIALECT

SAYS = ["${{ event.title | default('') }}", "${{ event.text }}"]
INTENTS = {
    "complaint": "Torréa : ma commande n'est toujours pas arrivée, c'est inadmissible",
    "purchase": "Where can I buy the beans of Torréa?",
    "question": "Torréa, à quelle heure êtes-vous ouverts dimanche ?",
    "praise": "I love Torréa, thank you",
}


def poll(source: str, connection: str, **more: str) -> dict[str, object]:
    return {"poll": {"source": source, "with": {"connection": connection, **more}, "every": "1m"}}


@pytest.fixture
def network(clock: VirtualClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as network:
        network.account("torrea")
        network.feed("news", [])
        yield network


@pytest.fixture
def app(tmp_path: Path, network: Sandbox, clock: VirtualClock) -> Iterator[Antiphon]:
    """A workspace that listens on Mastodon, Slack and a feed, and has polled each once."""
    account = network.account("torrea")
    connections = {
        "brand": {"connector": "mastodon", "server": network.url, "token": account.token},
        "team": DIALECT.connection(network.url, account),
        "news": {"connector": "feed", "url": f"{network.url}/feeds/news.rss"},
    }
    told = "".join(
        f"[connections.{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in options.items())
        for name, options in connections.items()
    )
    (tmp_path / "antiphon.toml").write_text(f'[http]\nallow_private = ["127.0.0.1"]\n{told}', encoding="utf-8")
    triggers = [
        {"id": "mastodon", **poll("mastodon.timeline", "brand", timeline="public")},
        {"id": "slack", **poll("slack.messages", "team")},
        {"id": "feed", **poll("feed.items", "news")},
    ]
    query = {"query": {"of": SAYS, "is": '(torréa OR "café torréa") AND NOT concours'}}
    routes = [
        {"if": [{"intent": {"of": "${{ event.text }}", "is": intent}}], "then": [
            {"id": intent, "use": "inbox.ticket", "with": {"title": intent, "text": "${{ event.text }}"}}]}
        for intent in INTENTS
    ]  # fmt: skip
    document = {"antiphon": 1, "id": "listen", "name": "Listen", "tz": "UTC", "triggers": triggers,
                "conditions": [query], "actions": routes}  # fmt: skip
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "listen.yaml").write_text(json.dumps(document), encoding="utf-8")
    app = Antiphon.open(tmp_path, clock=clock)
    listen(app)
    yield app
    app.close()


def listen(app: Antiphon) -> None:
    for trigger in ("mastodon", "slack", "feed"):
        app.wake("listen", trigger)
    app.activate("listen")


def test_l1_one_query_on_many_networks(app: Antiphon, network: Sandbox, clock: VirtualClock) -> None:
    """L1: one saved query is asked of two networks and a feed, whose mentions are kept in one form."""
    clock.sleep(60)
    network.post("ana", "Le CAFE TORREA est ouvert")
    network.post("ben", "Concours : gagnez un café Torréa")
    network.world.rooms.say("eva", network.world.rooms.room(FIRST), "torréa en parle")
    news = [FeedItem("Torréa ouvre à Lyon", "https://news.example/1"), FeedItem("Météo", "https://news.example/2")]
    network.feed("news", news)

    listen(app)

    ended = {_said(app, run.cause): run.state for run in app.store.runs.list(limit=100)}
    assert {
        "Le CAFE TORREA est ouvert": RunState.DONE,
        "torréa en parle": RunState.DONE,
        "Torréa ouvre à Lyon": RunState.DONE,
        "Concours : gagnez un café Torréa": RunState.DECLINED,
        "Météo": RunState.DECLINED,
    } == ended
    kept = [event.data for event in app.store.events.list() if "text" in event.data]
    assert {"mastodon", "slack", "feed"} == {data["network"] for data in kept}
    assert all({"id", "url", "text", "at", "author"} <= set(data) for data in kept)


def _said(app: Antiphon, event_id: str) -> str:
    event = app.store.events.get(event_id)
    assert event is not None
    return str(event.data.get("title") or event.data["text"])


def test_l7_intent_routes(app: Antiphon, network: Sandbox, clock: VirtualClock) -> None:
    """L7: a complaint, a wish to buy, a question and praise each go their own way."""
    clock.sleep(60)
    for text in INTENTS.values():
        network.post("ana", text)

    listen(app)

    tickets = app.store.records.list("inbox.ticket")
    assert set(INTENTS.items()) == {(one.data["title"], one.data["text"]) for one in tickets}

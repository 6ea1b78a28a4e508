"""Incidents: one at a time, and the whole way from a spike to what is let go when it is over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.antiphon_listening.conftest import Town
from tests.antiphon_networks.workbench import Listener

from antiphon.components.ports import Store
from antiphon.model.effect import EffectState
from antiphon.model.event import Event
from antiphon.testing.clock import VirtualClock
from antiphon_listening.incidents import Incidents, figures, level, severity

PAGE = Path(__file__).parents[2] / "docs" / "incidents.md"
HOUR = timedelta(hours=1)


def met(clock: VirtualClock, n: str, sentiment: str = "neutral", followers: int | None = None, **more: Any) -> Event:
    author = {"id": f"net:{n}", "handle": n, **({} if followers is None else {"followers": followers})}
    data = {"query": "torrea", "mention": f"mention:{n}", "sentiment": sentiment, "author": author, **more}
    return Event(f"met:torrea:mention:{n}", "query.met", clock.now(), data)


@pytest.fixture
def phone() -> Iterator[Listener]:
    """Where the owner is told."""
    listener = Listener()
    yield listener
    listener.stop()


def hour(town: Town, count: int, **said: Any) -> None:
    """An hour in which so many mentions are found, the engine at work as `up` has it."""
    for n in range(count):
        town.app.store.events.ingest([met(town.clock, f"{town.clock.now():%d%H}-{n}", **said)])
        town.clock.sleep(3600 / count)
    if not count:
        town.clock.sleep(3600)
    work(town)


def work(town: Town) -> None:
    for workflow in {*town.app.sweep_patterns(), *town.app.unfinished()}:
        town.app.activate(workflow)


def test_l9_crisis_breaker(town: Town, phone: Listener) -> None:
    """L9, C6: a spike opens one incident, tells the owner of the five loudest, and pulls the brake; what is held is
    planned when it is quiet, and goes nowhere until a person lets it go."""
    (document,) = re.findall(r"```yaml\n(antiphon: 1\nid: crisis-breaker.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    settings = town.folder / "antiphon.toml"
    told = f'[connections.phone]\nconnector = "notify"\nurl = "json://127.0.0.1:{phone.port}/owner"\n'
    settings.write_text(settings.read_text("utf-8") + told, encoding="utf-8")
    post = [{"use": "mastodon.post", "with": {"connection": "brand", "text": "Bonne journée"}}]
    town.write({"id": "daily", "triggers": [{"id": "by_hand", "manual": {}}], "actions": post})
    (town.folder / "workflows" / "crisis-breaker.yaml").write_text(document, encoding="utf-8")
    town.restart()
    work(town)
    for _ in range(24 * 4):
        hour(town, 3)

    for loudness in (900, 70_000, 20_000):
        hour(town, 25, sentiment="negative", followers=loudness)
    town.app.start("daily")
    work(town)

    (incident,) = Incidents(town.app.store.records).list()
    assert ("torrea-1", "open", "high") == (incident["id"], incident["state"], incident["level"])
    (notice,) = phone.heard
    assert "torrea-1 (high)" == notice.json["title"]
    assert 5 == len(re.findall(r"^\d\. .* followers\)", notice.json["message"], re.MULTILINE))
    assert ["workspace"] == [brake.scope for brake in town.app.store.brakes.standing()]
    assert ["torrea-1"] == [one.data["incident"] for one in town.kept("incident.opened")]
    assert [] == town.network.statuses("torrea")

    for _ in range(8):
        hour(town, 2)

    incident = Incidents(town.app.store.records).list()[0]
    assert ("torrea-1", "closed") == (incident["id"], incident["state"])
    (held,) = incident["plan"]
    assert "Bonne journée" in held["summary"]
    assert ["torrea-1"] == [one.data["incident"] for one in town.kept("incident.closed")]
    (ticket,) = town.app.store.records.list("inbox.ticket")
    assert "Held, and to be let go: 1" == ticket.data["title"]
    assert EffectState.HELD == town.app.store.ledger.get(held["effect"]).state  # type: ignore[union-attr]
    assert 1 == len(phone.heard)


def test_one_at_a_time(store: Store, clock: VirtualClock) -> None:
    """While one is open, its name comes to it; an act comes to its own incident, also when that is closed by then."""
    book, facts = Incidents(store.records), {"title": "A storm"}

    first = [book.open("torrea", act, facts, clock.now()) for act in ("a", "a", "b")]
    closed = [book.close("torrea-1", "ana", "", [], clock.now()) for _ in range(2)]
    later = [book.open("torrea", act, facts, clock.now()) for act in ("a", "c", "a", "b", "c")]

    assert ["torrea-1"] * 3 == first
    assert [True, False] == closed
    assert ["torrea-1", "torrea-2", "torrea-1", "torrea-1", "torrea-2"] == later
    assert {"torrea-1": "closed", "torrea-2": "open"} == {one["id"]: one["state"] for one in book.list()}
    assert ["opened", "seen again", "closed"] == [one["what"] for one in book.list()[-1]["history"]]


def test_figures(clock: VirtualClock) -> None:
    """Who speaks loudest: the negative before the others, the most followed first, each author once."""
    said = [met(clock, name, "negative", followers) for name, followers in (("a", 10), ("b", 500), ("c", None))]
    said += [met(clock, "d", "positive", 90_000), met(clock, "x", "negative", 7, query="other")]
    twice = Event("met:torrea:2", "query.met", clock.now(), {**said[1].data, "mention": "mention:b2"})

    found = figures([*said, twice], "torrea", clock.now())

    assert (5, 0.8, 90_510) == (found.mentions, found.negative_share, found.reach)
    assert ["b", "a", "c", "d"] == [one.data["author"]["handle"] for one in found.sources]
    assert (0, 0.0, 0, ()) == tuple(getattr(figures([], "torrea", clock.now()), name) for name in found.__slots__)


@pytest.mark.parametrize(
    ("z", "share", "reach", "expected", "told"),
    [
        (6, 0.5, 10_000, 12.0, "high"),
        (6, 0.1, 10_000, 2.4, "low"),
        (6, 0.5, 0, 3.0, "medium"),
        (6, 0.0, 10_000, 0.0, "low"),
    ],
)
def test_severity(z: float, share: float, reach: int, expected: float, told: str) -> None:
    """severity = z × negative share × log10(reach)."""
    assert (expected, told) == (severity(z, share, reach), level(severity(z, share, reach)))

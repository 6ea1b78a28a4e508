"""The pages of what is heard and of incidents, and the command line beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from tests.antiphon_listening.conftest import Town
from tests.web.conftest import HERE, signed_in
from typer.testing import CliRunner

from antiphon.cli.app import cli
from antiphon.components.page import PageContext
from antiphon.model.event import Event
from antiphon.web.server import create
from antiphon_listening.incidents import Incidents
from antiphon_listening.pages import incident, incidents, listening

NASTY = "<script>alert(1)</script>"
FACTS = {
    "title": NASTY, "severity": 12.5, "level": "high", "mentions": 40, "negative_share": 0.5, "reach": 9000,
    "sources": ["mention:1", "mention:gone"], "query": "torrea",
}  # fmt: skip


@pytest.fixture
def page(town: Town) -> Callable[..., PageContext]:
    def make(language: Literal["en", "fr"] = "en", **query: str) -> PageContext:
        return PageContext(town.app.store, town.clock, language, ZoneInfo("Europe/Paris"), query)

    return make


def hear(town: Town, n: int, sentiment: Any, author: Any, query: str = "torrea") -> None:
    data = {"query": query, "mention": f"mention:{n}", "network": "mastodon", "sentiment": sentiment, "author": author}
    mention = {"author": author, "url": f"https://a.example/{n}", "text": NASTY}
    town.app.store.events.ingest(
        [
            Event(f"met:{query}:{n}", "query.met", town.clock.now(), {**data, "url": f"https://a.example/{n}"}),
            Event(f"mention:{n}", "mention.heard", town.clock.now(), mention),
        ]
    )


def test_listening(town: Town, page: Callable[..., PageContext]) -> None:
    """Mentions by hour and how they feel, by query and network, and the loudest; hostile values stay what they are."""
    hear(town, 1, "negative", {"id": "a", "handle": NASTY, "followers": 900})
    hear(town, 2, "positive", {"id": "a", "handle": NASTY, "followers": 1000})
    town.clock.sleep(3600)
    hear(town, 3, ["?"], "nobody", query="rival")

    heard, silent = listening(page(hours="2"))

    assert "Mentions: 3 in 2 h, 1 of them negative." == heard.summary
    (chart,) = heard.charts
    assert ("02/03 10:00", "02/03 11:00") == chart.labels
    assert {"negative": (1, 0), "positive": (1, 0), "not told": (0, 1)} == {
        one.name: one.values for one in chart.series
    }
    by_query, by_network, loudest = heard.tables
    assert (("torrea", 2), ("rival", 1)) == by_query.rows
    assert (("mastodon", 3),) == by_network.rows
    assert (NASTY, 1000, "positive", "https://a.example/2") == loudest.rows[0]
    assert "Could not hear" == silent.heading


@pytest.mark.parametrize(
    "query", [{"hours": "x"}, {"hours": "-1"}, {"hours": "9" * 40}, {"query": "none"}, {"hours": "1"}]
)
def test_listening_to_nothing(page: Callable[..., PageContext], query: Mapping[str, str]) -> None:
    """Whatever an address asks is answered; where nothing was heard, that is said."""
    assert "Rien de ce que cherche une requête" in listening(page("fr", **query))[0].summary


def test_incidents(town: Town, page: Callable[..., PageContext]) -> None:
    """A row for each incident with a link to its own page, which has its history and who spoke loudest."""
    assert "There has been no incident." == incidents(page())[0].summary
    hear(town, 1, "negative", {"id": "a", "handle": "ana"})
    Incidents(town.app.store.records).open("torrea", "act", FACTS, town.clock.now())

    (block,) = incidents(page())
    detail = incident(page("fr"), "torrea-1")

    assert "Open: 1 of 1." == block.summary
    assert ("/incidents/torrea-1",) == block.tables[0].links
    assert ("torrea-1", "open", "high") == block.tables[0].rows[0][:3]
    assert detail is not None
    history, loudest, held = detail[0].tables
    assert f"torrea-1: {NASTY}" == detail[0].heading
    assert [("opened", "act")] == [row[1:] for row in history.rows]
    assert (("ana", "https://a.example/1"), ("n’est plus conservé", "mention:gone")) == loudest.rows
    assert () == held.rows
    assert None is incident(page(), "nothing-1")


def test_commands(town: Town) -> None:
    """Incidents are listed, shown and closed on the command line; the closing is told and in the audit."""
    Incidents(town.app.store.records).open("torrea", "act", FACTS, town.clock.now())

    def antiphon(*words: str) -> Any:
        return CliRunner().invoke(cli, [*words, "-C", str(town.folder)])

    shown = antiphon("incidents", "list", "--json")
    assert ["torrea-1"] == [one["id"] for one in json.loads(shown.stdout)]
    assert (
        "high (severity 12.5): 40 mentions, 50 % negative, reach 9,000"
        in antiphon("incidents", "show", "torrea-1").stdout
    )
    assert 1 == antiphon("incidents", "show", "nothing-1").exit_code
    closed = antiphon("incidents", "close", "torrea-1", "--because", "the recall is over")
    assert (0, "torrea-1 is closed; brakes hold 0 effects.") == (closed.exit_code, closed.stdout.strip())
    assert 1 == antiphon("incidents", "close", "torrea-1").exit_code
    assert "closed: the recall is over" == Incidents(town.app.store.records).list()[0]["history"][-1]["what"]
    assert ["incidents close"] == [one.what for one in town.app.store.audit.list(what="incidents")]
    assert ["torrea-1"] == [one.data["incident"] for one in town.kept("incident.closed")]


@pytest.mark.parametrize("path", ["listening", "listening?hours=3&query=torrea", "incidents", "incidents/torrea-1"])
def test_in_the_frame(town: Town, path: str) -> None:
    """The local web shows the pages, and what a stranger has written there is text."""
    hear(town, 1, "negative", {"id": "a", "handle": NASTY, "followers": 900})
    Incidents(town.app.store.records).open("torrea", "act", FACTS, town.clock.now())

    browser = signed_in(TestClient(create(town.app), base_url=HERE), town.app)

    answer = browser.get(f"/{path}")

    assert (200, False) == (answer.status_code, NASTY in answer.text)

"""What the pages tell of a workspace in which something of everything has happened."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from importlib.resources import files

import pytest
from fastapi.testclient import TestClient

from antiphon.app import Antiphon
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock
from antiphon.web.pages import OWN

ADDRESSES = [*(address for address, _ in OWN), "/why?workflow=desk&around=3h", "/brake/workspace"]


def shown(client: TestClient, address: str, language: str = "en") -> str:
    page = client.get(address, headers={"Accept-Language": language})
    assert page.status_code == 200, page.text
    return re.sub(r"<style>.*?</style>", "", page.text, flags=re.S)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_whole(desk: TestClient, address: str, language: str) -> None:
    """Every page has one main heading, a label for every field, and nothing of what was heard in its markup."""
    text = shown(desk, address, language)

    assert 1 == text.count("<h1")
    assert 1 == text.count('aria-current="page"') or "?" in address or "/brake" in address
    assert not re.search(r"<script|<b>Duval|<i>|style=|onclick|src=\"http", text)
    fields = re.findall(r"<(?:input|select|textarea)(?![^>]*hidden)[^>]*>", text)
    assert len(fields) == len(re.findall(r"<label[^>]*>", text))


def test_words() -> None:
    """Both languages have the same words, with the same gaps."""
    found = tomllib.loads(files("antiphon.web").joinpath("words.toml").read_text("utf-8"))
    gaps = {
        language: {key: sorted(re.findall(r"{\w+}", str(word))) for key, word in words.items()}
        for language, words in found.items()
    }

    assert gaps["en"] == gaps["fr"]
    assert found["en"]["states"].keys() == found["fr"]["states"].keys()


def test_today(desk: TestClient, full: Antiphon) -> None:
    """Today tells what waits for a person, what has happened, and what comes next."""
    waits, so_far, coming, *_ = shown(desk, "/").split("<section")[1:]
    [approval] = full.store.approvals.list()

    assert f'href="/approvals/{approval.id}"' in waits
    for told in ("the connection broke", "the token is no longer valid", "the network said no"):
        assert told in waits
    assert '<dt>failed</dt><dd class="value">1</dd>' in so_far
    assert "We close early today" in coming
    assert ["crosspost", "launch", "patience", "weekly"] == sorted(set(re.findall(r"<b>(\w+)</b>", coming)))


def test_nothing_yet(client: TestClient) -> None:
    """Where nothing has happened, the page says what to do."""
    text = shown(client, "/")

    assert "Nothing waits for a person." in text
    assert "“antiphon up” keeps them going" in text


def test_sieve(desk: TestClient, full: Antiphon) -> None:
    """Runs are found by workflow and by state."""
    [failed] = full.store.runs.list(state=RunState.FAILED)

    assert [failed.id] == re.findall(r'href="/runs/(\w+)"', shown(desk, "/runs?workflow=crosspost&state=failed"))
    assert 4 == len(re.findall(r'href="/runs/(\w+)"', shown(desk, "/runs?workflow=crosspost")))
    assert 422 == desk.get("/runs?state=odd").status_code


def test_turn(desk: TestClient, full: Antiphon) -> None:
    """A list that is long has pages, which show every run once."""
    for number in range(120):
        full.start("crosspost", inputs={"end": "done"}, cause=f"again {number}")
    seen = []
    for page in (1, 2, 3):
        text = shown(desk, f"/runs?workflow=crosspost&page={page}")
        seen += re.findall(r'href="/runs/(\w+)"', text)
        assert (page > 1, page < 3) == ('rel="prev"' in text, 'rel="next"' in text)
        assert "workflow=crosspost" in re.findall(r'href="\?([^"]+)" rel', text)[0]

    assert 124 == len(seen) == len(set(seen))


def test_event(desk: TestClient) -> None:
    """What was heard has a page, whatever its id, from which every workflow can be asked."""
    [address] = set(re.findall(r'href="(/events/mastodon[^"]+0[^"]+)"', shown(desk, "/events?type=mention.received")))
    text = shown(desk, address)

    assert "Ana &lt;b&gt;Duval&lt;/b&gt;" in text
    assert "/why?workflow=desk&amp;event=mastodon%3A0/%C3%A9" in text
    assert 404 == desk.get("/events/none").status_code


def test_why(desk: TestClient, clock: VirtualClock) -> None:
    """Why tells of a workflow and a moment what each trigger made of it, and how near what was heard came."""
    answered = shown(desk, "/why?workflow=desk&around=3h")
    about_one = shown(desk, "/why?workflow=desk&event=mastodon:1/é")
    not_due = shown(desk, "/why?workflow=weekly&at=2026-03-01T14:05")

    assert "“troll” is excluded" in answered
    assert "→ done" in answered
    assert "→ declined" in about_one
    assert "→ done" not in about_one
    assert "It was not due in that time; the nearest times are" in not_due


@pytest.mark.parametrize(
    ("query", "told"),
    [("workflow=desk&at=then", "That is no moment"), ("workflow=desk&event=none", "There is no such event")],
)
def test_why_not(desk: TestClient, query: str, told: str) -> None:
    """What cannot be asked is told so."""
    page = desk.get(f"/why?{query}")

    assert 400 == page.status_code
    assert told in page.text


def test_workflows(desk: TestClient, full: Antiphon, clock: VirtualClock) -> None:
    """Every workflow is listed with what wakes it, when it is next, and whether it runs as often as it should."""
    assert "alive · 1 per 1d expected" in shown(desk, "/workflows")
    clock.advance(timedelta(days=2))
    text = shown(desk, "/workflows")

    assert "silent · 1 per 1d expected" in text
    assert "9\xa0Mar,\xa008:00" in text
    assert 'href="/runs?workflow=weekly"' in text


def test_away(desk: TestClient, clock: VirtualClock) -> None:
    """A moment says how far away it is, in the reader's language."""
    clock.advance(timedelta(minutes=5))

    assert "<small>5 min ago</small>" in shown(desk, "/runs")
    assert "<small>il y a 5 min</small>" in shown(desk, "/runs", "fr")

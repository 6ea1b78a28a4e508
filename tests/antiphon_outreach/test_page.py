"""The page of creators, in both languages; and one of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from tests.web.conftest import HERE, signed_in

from antiphon import PageContext
from antiphon.app import Antiphon
from antiphon.web.server import create
from antiphon_outreach.book import Book
from antiphon_outreach.moving import Agree, Move
from antiphon_outreach.page import detail, view

from .conftest import Desk

ANA = "mastodon:ana@social.example"


def page(desk: Desk, language: Literal["en", "fr"] = "en", **query: str) -> PageContext:
    return PageContext(desk.store, desk.clock, language, ZoneInfo("Europe/Paris"), query)


def test_words() -> None:
    """Both languages have the same words."""
    told = tomllib.loads(files("antiphon_outreach").joinpath("words.toml").read_text("utf-8"))

    def keys(words: Mapping[str, Any]) -> Any:
        return {name: keys(word) if isinstance(word, dict) else None for name, word in words.items()}

    assert keys(told["en"]) == keys(told["fr"])


def test_empty(desk: Desk) -> None:
    """Where nobody is kept the page says so, and nobody is there to be shown."""
    [block] = view(page(desk, "fr"))

    assert ("Aucun créateur n’est encore enregistré.", ()) == (block.summary, block.tables)
    assert detail(page(desk), ANA) is None


@pytest.mark.parametrize(("language", "stage"), [("en", "in talks"), ("fr", "en discussion")])
def test_i5_list(desk: Desk, language: Literal["en", "fr"], stage: str) -> None:
    """I5: the page counts those at each stage, and leads to each of them."""
    desk.keep(ANA)
    desk.keep("x:<b>", person={"name": "<script>"})
    desk.do(Move(), creator=ANA, to="talks")

    [block] = view(page(desk, language))
    [only] = view(page(desk, language, stage="talks"))

    assert (stage, 1) in [(figure.label, figure.value) for figure in block.figures]
    assert 2 == len(block.tables[0].rows)
    assert [("/creators/mastodon%3Aana%40social.example",), ("ana@social.example", "Ana B.", stage)] == [
        only.tables[0].links,
        only.tables[0].rows[0][:3],
    ]


def test_i5_detail(desk: Desk) -> None:
    """I5, I6: one creator is shown with every move, what is agreed, and what is lacking before they go live."""
    desk.keep(ANA)
    desk.do(Move(), creator=ANA, to="talks", because="Met at the fair")
    desk.do(Agree(), creator=ANA, kind="gift", value=1200)

    told = detail(page(desk, "fr"), ANA)

    assert told is not None
    first, agreed, _ = told
    assert ("workflow drip", "prospect", "en discussion", "Met at the fair") == first.tables[0].rows[0][1:]
    assert ("2026-03-02", "cadeau", "1200.00 EUR") == agreed.tables[0].rows[0][:3]
    assert (
        "rémunérations et cadeaux de 2026 atteignent 1\u202f200,00 EUR ; à partir de 1\u202f000 EUR" in agreed.summary
    )
    assert "décret 2025-1137" in agreed.summary


def test_served(desk: Desk) -> None:
    """The local web shows the list and one creator, and nothing that somebody wrote becomes markup."""
    (desk.folder / "antiphon.toml").write_text('[workspace]\nname = "Torréa"\ntimezone = "Europe/Paris"\n', "utf-8")
    app = Antiphon.open(desk.folder, clock=desk.clock)
    book, now = Book(app.store.records), desk.clock.now()
    book.keep({ANA: {"network": "mastodon", "handle": "ana@social.example", "bio": "<script>alert(1)</script>"}}, now)
    browser = signed_in(TestClient(create(app), base_url=HERE), app)

    listed, one = browser.get("/creators"), browser.get("/creators/mastodon%3Aana%40social.example")

    assert (200, 200, 404) == (listed.status_code, one.status_code, browser.get("/creators/nobody").status_code)
    assert 'href="/creators/mastodon%3Aana%40social.example"' in listed.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in one.text
    app.close()

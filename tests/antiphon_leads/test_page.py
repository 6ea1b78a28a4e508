"""The page of leads, in both languages, with a reason for everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from antiphon import Block, PageContext
from antiphon.components.media import NoFiles
from antiphon.registry import Registry
from antiphon_leads import page
from antiphon_leads.words import words

from .conftest import Desk, said

NASTY = "<script>alert(1)</script>\r\nBcc: x\u202e"


def look(desk: Desk, language: Literal["en", "fr"] = "en") -> PageContext:
    return PageContext(desk.store, desk.clock, language, ZoneInfo("Europe/Paris"), {}, desk.files)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A desk with two leads, one of them two accounts, with a name that means no good."""
    now = desk.clock.now()
    form = {"type": "form.sent", "at": now.isoformat(), "post": "https://social.example/1"}
    given = {"handle": "ana", "name": NASTY, "email": "a@b.example", "email_verified": True}
    desk.book.keep("mastodon:1", said(**given, signals={"f:1": form}, facts={"branch": "hotel"}), now)
    desk.book.keep("mastodon:1", said(handle="ana_q"), now + timedelta(hours=1))
    desk.book.keep("slack:2", said(email="a@b.example", email_verified=True), now)
    desk.book.keep("mastodon:3", said(handle="ben"), now + timedelta(hours=2))
    return desk


def tables(blocks: list[Block]) -> dict[str, tuple[tuple[object, ...], ...]]:
    return {block.heading: block.tables[0].rows for block in blocks}


def test_list(filled: Desk) -> None:
    """Both axes of each person stand there, by leads.toml as it is now; who has the most points comes first."""
    [block] = page.view(look(filled))
    [unscored] = page.view(replace(look(filled), files=NoFiles()))

    assert words("en")["unscored"] in unscored.summary
    assert "2 people are kept as leads." == block.summary
    assert [("ana_q", 20, 40, 60), ("ben", 0, 0, 0)] == [(row[0], *row[2:5]) for row in block.tables[0].rows]
    assert ("/leads/mastodon%3A1", "/leads/mastodon%3A3") == block.tables[0].links


def test_one(filled: Desk) -> None:
    """Of one lead every point, basis, signal, earlier word and merge is told, by any of their accounts."""
    blocks = list(page.detail(look(filled), "slack:2") or [])

    shown, en = tables(blocks), words("en")
    assert ("Fit", 20.0, "branch is hotel") in shown[en["why"]]
    assert {"mastodon:1", "slack:2"} == {row[0] for row in shown[en["bases"]]}
    assert "handle: ana" == shown[en["history"]][0][2]
    assert ("slack:2", "mastodon:1", "standing") == shown[en["merges"]][0][:3]
    assert NASTY not in repr(blocks)


@pytest.mark.parametrize("key", ["nobody:1", "", "../x", "'; DROP TABLE records; --"])
def test_nobody(filled: Desk, key: str) -> None:
    """Of somebody who is no lead there is no page."""
    assert page.detail(look(filled), key) is None


def test_languages(filled: Desk) -> None:
    """Every word is there in both languages, and the page is in the menu."""
    assert words("en").keys() == words("fr").keys()
    assert "Prospects" == page.view(look(filled, "fr"))[0].heading
    assert {"leads", "consents"} <= {one.path for one in Registry.load().catalogue.pages}

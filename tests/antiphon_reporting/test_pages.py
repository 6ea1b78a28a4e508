"""Pages of the local web: what they say, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from antiphon import Block, PageContext
from antiphon.components.ports import Store
from antiphon.report.blocks import to_markup
from antiphon.report.words import Words
from antiphon.testing.clock import VirtualClock
from antiphon_reporting.actions import BLOCKS, KIND
from antiphon_reporting.pages import PAGES, board, one_formula, registry, report, reports

Page = Callable[..., PageContext]


@pytest.fixture
def page(store: Store, clock: VirtualClock) -> Page:
    """What a page is told."""

    def make(language: Literal["en", "fr"] = "en") -> PageContext:
        return PageContext(store, clock, language, ZoneInfo("Europe/Paris"), {})

    return make


def test_reports(page: Page, store: Store, clock: VirtualClock) -> None:
    """A report that was written is listed, and what it said then is shown again."""
    assert "No report" in reports(page())[0].summary
    note = {"to": "reports/board-2026-03-02", "title": "Board", "since": "2026-02-23T00:00:00+00:00",
            "until": "2026-03-02T00:00:00+00:00", "files": ["reports/board-2026-03-02.html"]}  # fmt: skip
    store.records.put(KIND, "w/report/-/1", note, clock.now())
    said = {"blocks": [Block(heading="The week", summary="All well.").model_dump(mode="json")]}
    store.records.put(BLOCKS, "board-2026-03-02", said, clock.now())

    [block] = reports(page())
    assert ("/reports/board-2026-03-02",) == block.tables[0].links
    assert ("Board", "reports/board-2026-03-02.html") == block.tables[0].rows[0][::2]
    assert [Block(heading="The week", summary="All well.")] == list(report(page(), "board-2026-03-02") or ())
    assert report(page(), "board-2026-03-03") is None


def test_formulas(page: Page) -> None:
    """Every formula is listed, and leads to all that is said of it; an id with a version leads there too."""
    [block] = registry(page("fr"))

    assert ("er_followers_post", "Taux d’engagement par abonné") == block.tables[0].rows[0][:2]
    assert "/formulas/er_followers_post" == block.tables[0].links[0]
    [one] = one_formula(page(), "er_followers_post@1") or ()
    assert "Engagement rate by followers" == one.heading
    assert any("Student" in str(cell) for row in one.tables[0].rows for cell in row)
    assert one_formula(page(), "er") is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_drawn(language: Literal["en", "fr"], page: Page) -> None:
    """All pages are drawn over an empty store, and have a title in both languages."""
    for one in PAGES:
        assert to_markup(tuple(one.view(page(language))), Words(language))
        assert {"en", "fr"} == set(one.title)
    assert board(page(language))

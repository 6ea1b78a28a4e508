"""The page of consents, in both languages."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from antiphon.builtins import consent_page
from antiphon.components.consents import Word, keep_wording, record
from antiphon.components.page import PageContext
from antiphon.components.ports import Store
from antiphon.testing.clock import VirtualClock

NEWS = Word(channel="email", purpose="newsletter", since="2026-03-02", proof="form:1")


@pytest.fixture
def filled(store: Store, clock: VirtualClock) -> Store:
    """A store in which Ana has agreed and withdrawn."""
    shown = keep_wording(store.records, "Once a month, <b>yes</b>.", clock.now())
    for word in (
        NEWS.model_copy(update={"wording": shown}),
        NEWS.model_copy(update={"given": False, "since": "2026-03-03"}),
    ):
        record(store.people, "email:ana@example.org", word, clock.now())
    return store


def look(store: Store, clock: VirtualClock, language: Literal["en", "fr"] = "en") -> PageContext:
    return PageContext(store, clock, language, ZoneInfo("Europe/Paris"), {})


def test_z1_list(filled: Store, clock: VirtualClock) -> None:
    """Z1: the last word of each person on each purpose stands there, and leads to all of theirs."""
    [block] = consent_page.view(look(filled, clock))

    assert "One word is kept." == block.summary
    assert ("email:ana@example.org", "", "email", "newsletter", "withdrawn") == block.tables[0].rows[0][:5]
    assert ("/consents/email%3Aana%40example.org",) == block.tables[0].links
    assert "retiré" == consent_page.view(look(filled, clock, "fr"))[0].tables[0].rows[0][4]


def test_z1_one(filled: Store, clock: VirtualClock) -> None:
    """Z1: every word of a person is told, the newest first, with its proof and the text that was shown."""
    [block] = consent_page.detail(look(filled, clock), "email:ana@example.org") or []

    assert ["withdrawn", "given"] == [row[2] for row in block.tables[0].rows]
    assert ("form:1", "Once a month, <b>yes</b>.") == (block.tables[0].rows[1][6], block.tables[0].rows[1][8])
    assert consent_page.detail(look(filled, clock), "nobody") is None


def test_nobody(store: Store, clock: VirtualClock) -> None:
    """Where nobody has said anything, that is said."""
    [block] = consent_page.view(look(store, clock, "fr"))

    assert ("Personne n’a encore rien dit.", ()) == (block.summary, block.tables)

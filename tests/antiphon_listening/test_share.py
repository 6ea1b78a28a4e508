"""Share of voice, as a part of a report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from antiphon.components.ports import Store
from antiphon.components.section import ReportContext
from antiphon.model.event import Event
from antiphon.model.report import Block
from antiphon_listening.share import ShareOfVoice

SINCE = datetime(2026, 3, 1, 23, tzinfo=UTC)
QUERIES = {"Rival": '"café rival" OR rival', "Torréa": "torréa AND NOT concours"}


def built(store: Store, language: Literal["en", "fr"] = "en") -> Block:
    options = ShareOfVoice.Options(queries=QUERIES)
    until = SINCE + timedelta(days=7)
    return ShareOfVoice().build(options, ReportContext(SINCE, until, language, ZoneInfo("Europe/Paris"), store))


def say(store: Store, day: int, kind: str, *texts: str) -> None:
    at = SINCE + timedelta(days=day)
    store.events.ingest([Event(f"{kind}:{day}:{text}", kind, at, {"text": text}) for text in texts])


def test_l8_shares_with_formula_and_query(store: Store) -> None:
    """L8: each brand's share of the period's mentions, with the formula and the query that found them."""
    say(store, 1, "mention.received", "Torréa !", "j'aime TORREA", "Café rival", "ni l'un ni l'autre")
    say(store, 2, "post.seen", "torrea ou rival ?", "concours torréa")
    say(store, 3, "feed.item", "Torréa ouvre")
    say(store, 3, "run.finished", "torréa")
    say(store, -1, "mention.received", "torréa, trop tôt")
    say(store, 7, "mention.received", "torréa, trop tard")

    block = built(store)

    assert "Torréa leads with 66.7 % of 6 mentions; 7 events were read." == block.summary
    (table,) = block.tables
    assert "share = mentions of one query ÷ mentions of all queries × 100" == table.title
    assert (("Torréa", 4, 66.7, QUERIES["Torréa"]), ("Rival", 2, 33.3, QUERIES["Rival"])) == table.rows
    assert ((66.7, 33.3),) == tuple(one.values for one in block.charts[0].series)


def test_l2_heard_twice_counts_once(store: Store) -> None:
    """L2, L8: what was heard as a mention of our account and by a saved query is one mention."""
    data = {"text": "torréa", "url": "https://a.example/1"}
    at = SINCE + timedelta(days=1)
    store.events.ingest([Event("a", "mention.received", at, data), Event("b", "mention.heard", at, data)])

    assert (("Torréa", 1, 100.0, QUERIES["Torréa"]), ("Rival", 0, 0.0, QUERIES["Rival"])) == built(store).tables[0].rows


def test_l8_saved_queries(store: Store) -> None:
    """L8: what saved queries have found is compared by their names, as they excluded and filtered it."""
    at = SINCE + timedelta(days=1)
    found = [("torrea", "1"), ("torrea", "2"), ("rival", "2"), ("other", "3")]
    store.events.ingest(
        [Event(f"met:{query}:{n}", "query.met", at, {"query": query, "mention": n}) for query, n in found]
    )
    options = ShareOfVoice.Options(saved=["torrea", "rival"])

    block = ShareOfVoice().build(options, ReportContext(SINCE, SINCE + timedelta(days=7), "en", ZoneInfo("UTC"), store))

    assert (("torrea", 2, 66.7, "a saved query"), ("rival", 1, 33.3, "a saved query")) == block.tables[0].rows
    assert "2 events were read" in block.summary


@pytest.mark.parametrize("wrong", [{}, {"queries": {"a": "a"}, "saved": ["a"]}])
def test_compares_something(wrong: dict[str, Any]) -> None:
    """Who is compared must be named, and once."""
    with pytest.raises(ValidationError, match="`queries`"):
        ShareOfVoice.Options(**wrong)


@pytest.mark.parametrize(("language", "heading"), [("en", "Share of voice"), ("fr", "Part de voix")])
def test_nothing_said(store: Store, language: Literal["en", "fr"], heading: str) -> None:
    """Where nobody was spoken of, that is said, and no share is made up."""
    say(store, 1, "mention.received", "rien")

    block = built(store, language)

    assert (heading, True, ()) == (block.heading, "1" in block.summary, block.tables)


def test_query_is_read_before(store: Store) -> None:
    """A query that cannot be read is refused with its place before any report is built."""
    with pytest.raises(ValidationError, match="character 7: this bracket closes nothing"):
        ShareOfVoice.Options(queries={"Torréa": "torréa)"})

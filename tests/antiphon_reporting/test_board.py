"""The Monday board over a real store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.antiphon_reporting.conftest import SINCE

from antiphon.components.ports import Store
from antiphon.components.section import ReportContext
from antiphon.model.measurement import Fetch, Measurement, Subject
from antiphon.model.report import Block, Measured
from antiphon.report import Reporter
from antiphon.testing.clock import VirtualClock
from antiphon_reporting import register_sections
from antiphon_reporting.sections import Board

Context = Callable[..., ReportContext]
Keep = Callable[..., None]
DAY = timedelta(days=1)
FETCHED = SINCE + 7 * DAY - timedelta(hours=2)


@pytest.fixture
def keep(store: Store) -> Keep:
    """Keep twelve posts of a week, the same metrics of each but for what a post is said to have of its own."""

    def kept(connection: str, network: str, followers: int | None = 1000, week: int = 0, **told: float) -> None:
        begin = SINCE + week * 7 * DAY
        posts = [
            Subject("post", f"{connection}{week}-{number}", connection, network, f"https://{connection}.example/{number}",
                    f"Post {number} of {connection}", begin + number * timedelta(hours=12))
            for number in range(12)
        ]  # fmt: skip
        at = begin + 7 * DAY - timedelta(hours=2)
        measured = [
            Measurement("post", post.id, connection, name, value + number % 3, at)
            for number, post in enumerate(posts)
            for name, value in told.items()
        ]
        if followers:
            measured.append(Measurement("account", connection, connection, "followers", followers, begin + DAY / 2))
        account = [Subject("account", connection, connection, network)] if followers else []
        store.metrics.keep(Fetch(network, connection, at), [*posts, *account], measured)

    return kept


def board(ctx: ReportContext, **options: Any) -> list[Block]:
    return list(Board().build(Board.Options(**options), ctx))


def figures(block: Block) -> Mapping[str, Any]:
    return {figure.label: figure.value for figure in block.figures}


def test_headline(context: Context, keep: Keep) -> None:
    """R4: every number stands beside that of the equal window before, with the band in which it may be chance."""
    keep("brand", "mastodon", week=-1, likes=9, replies=1, shares=2)
    keep("brand", "mastodon", 1100, likes=29, replies=1, shares=2)
    week = board(context())[0]

    posts, interactions, rate, followers, _ = week.figures
    assert (12, 12) == (posts.value, posts.before)
    assert (12 * 32 + 36, 12 * 12 + 36) == (interactions.value, interactions.before)
    assert (3.21, 1.5) == (rate.value, rate.before), "the first post came out before its followers were counted again"
    assert (1100, 1000) == (followers.value, followers.before)
    assert rate.noise is not None
    assert 0 < rate.noise < 3.21 - 1.5
    assert [("stacked", 7), ("line", 7)] == [(chart.kind, len(chart.labels)) for chart in week.charts]


def test_origins(context: Context, keep: Keep) -> None:
    """R3: every number of the board says by which formula, over how many, from whom, and when they were asked."""
    keep("brand", "mastodon", likes=9, replies=1, shares=2)
    blocks = board(context())

    numbers = [figure.origin for block in blocks for figure in block.figures]
    numbers += [chart.origin for block in blocks for chart in block.charts]
    cells = [cell for block in blocks[1:3] for table in block.tables for row in table.rows for cell in row]
    numbers += [cell.origin for cell in cells if isinstance(cell, Measured)]
    assert all(origin and origin.source and origin.fetched_at and origin.n is not None for origin in numbers)
    assert [] == [cell for cell in cells[1:] if isinstance(cell, float)]
    rate = blocks[0].figures[2].origin
    assert rate is not None
    assert ("er_followers_post@1", 12, "mastodon", FETCHED) == (rate.formula, rate.n, rate.source, rate.fetched_at)
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < 1.5 < rate.high


def test_missing(context: Context, keep: Keep) -> None:
    """R1: what a network does not tell is empty and named, and is a zero nowhere."""
    keep("brand", "mastodon", likes=9, replies=1)
    blocks = board(context())

    assert (None, None) == (figures(blocks[0])["Interactions"], figures(blocks[0])["Engagement rate by followers"])
    [row] = blocks[1].tables[0].rows
    assert [None, None] == [cell.value for cell in row[3:5] if isinstance(cell, Measured)]
    told = [row[:3] for row in blocks[-1].tables[0].rows]
    assert ("Engagement rate by followers", "Mastodon", "not told: shares") in told
    assert ("Shares, views, people reached, clicks", "Mastodon", "the network does not tell it") in told


def test_never_compared(context: Context, keep: Keep) -> None:
    """N2: networks are ranked by one formula; one that tells no views is never ranked against one that does."""
    keep("page", "facebook", likes=9, replies=1, shares=2, views=400)
    keep("film", "youtube", likes=9, replies=1, shares=2, views=900)
    keep("brand", "mastodon", likes=99, replies=9, shares=9)
    block = board(context(), rate="er_impressions")[1]

    assert [(1, "Facebook"), (2, "YouTube"), (None, "Mastodon")] == [row[:2] for row in block.tables[0].rows]
    assert "Ranked by er_impressions@1, the same for all. Not compared: Mastodon." == block.summary
    assert ("Facebook", "YouTube") == block.charts[0].labels


def test_close(context: Context, keep: Keep) -> None:
    """N2: an order that may be chance is told to be so."""
    keep("brand", "mastodon", likes=9, replies=1, shares=2)
    keep("sky", "bluesky", likes=9.2, replies=1, shares=2)

    assert "too close to call" in board(context())[1].summary


def test_few(context: Context, keep: Keep, store: Store) -> None:
    """3A: below ten posts there is no rate, and the reason is told."""
    keep("brand", "mastodon", likes=9, replies=1, shares=2)
    ctx = context()
    last = ReportContext(ctx.until - 2 * DAY, ctx.until, "en", ctx.timezone, store)
    first, second, rate, *_ = board(last)[0].figures

    assert (2, 33) == (first.value, second.value)
    assert (None, "2 posts; 10 are needed") == (rate.value, rate.note)


def test_best(context: Context, keep: Keep) -> None:
    """The best posts are led to, with all that was counted of them."""
    keep("brand", "mastodon", likes=9, replies=1, shares=2)
    keep("sky", "bluesky", likes=5, replies=1, shares=2)
    [table] = board(context(), best=2)[2].tables

    assert ["Post 11 of brand", "Post 8 of brand"] == [row[0] for row in table.rows]
    assert ("https://brand.example/11", "https://brand.example/8") == table.links
    assert [18, 11, 3, 4] == [cell.value for cell in table.rows[0] if isinstance(cell, Measured)]


def test_stale(context: Context, keep: Keep) -> None:
    """A source that was not asked for a day is told, and since when."""
    keep("brand", "mastodon", likes=9, replies=1, shares=2)
    fresh, old = (board(context(), stale=stale)[-1].tables[0].rows for stale in ("3h", "1h"))

    assert [] == [row for row in fresh if row[0] == "Everything"]
    assert ("Everything", "Mastodon", "not asked for more than 1 hours", FETCHED.isoformat()) == old[0]


def test_renamed(context: Context, store: Store, keep: Keep) -> None:
    """R5: a name that a network has given up is told with the day, and its numbers are neither zero nor lost."""
    keep("page", "instagram", likes=9, replies=1, shares=2, views=400)
    store.metrics.keep(Fetch("csv", "page", FETCHED, renamed={"instagram:impressions": "views"}), [], [])
    blocks = board(context())

    assert 12 * 400 + 12 == figures(blocks[0])["Views"]
    why = "came as impressions, which the network tells no more"
    assert ("Views", "Instagram", why, "2025-04-21") in blocks[-1].tables[0].rows


def test_never_asked(context: Context) -> None:
    """Where nothing was ever measured, the board says what to do."""
    [row] = board(context())[-1].tables[0].rows

    assert "metrics.collect" in str(row[2])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_written(
    language: str, context: Context, keep: Keep, store: Store, clock: VirtualClock, tmp_path: Path
) -> None:
    """R2: the board is written as a page that asks nothing of anybody, as Markdown and as CSV, in both languages."""
    keep("brand", "mastodon", likes=9, replies=1, shares=2)
    ctx = context()
    reporter = Reporter({one.name: one for one in register_sections()}, store, clock, tmp_path, ctx.timezone, "Torréa")
    written = reporter.write(
        ["board", "answered"], title="Board", since=ctx.since, until=ctx.until, language=language, to="reports/board"
    )

    page, text, rows = ((tmp_path / name).read_text(encoding="utf-8-sig") for name in written.files)
    assert {"en": "Where the numbers are from", "fr": "D’où viennent les chiffres"}[language] in page
    assert "<script" not in page
    assert "er\\_followers\\_post" in text
    assert "er_followers_post@1,12," in rows

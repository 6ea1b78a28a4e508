"""What the Monday board costs: from a database on disk to a page, Markdown and CSV on disk."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.bench.material import NOON
from tests.bench.measure import Figure, cpu

from antiphon.components.clock import SystemClock
from antiphon.model.measurement import Fetch, Measurement, Subject
from antiphon.report import Reporter
from antiphon.report.drawing import drawn
from antiphon.store.database import open_store
from antiphon_reporting import register_sections

ROWS = 1_000_000
ACCOUNTS = ("mastodon", "bluesky", "instagram", "facebook", "linkedin")
POSTS = 1_000
"""How many of each account, over two weeks."""
METRICS = ("likes", "replies", "shares", "views")
WEEK = timedelta(days=7)


def _fill(url: str) -> None:
    """Two weeks of posts, each counted again and again."""
    store, drawn = open_store(url, SystemClock()), random.Random(2026)
    counts = ROWS // (len(ACCOUNTS) * POSTS * len(METRICS))
    for account in ACCOUNTS:
        out = [NOON + number * 2 * WEEK / POSTS for number in range(POSTS)]
        posts = [
            Subject("post", f"{account}-{number}", account, account, f"https://social.example/{number}", "Roast", at)
            for number, at in enumerate(out)
        ]
        measured = (
            Measurement("post", post.id, account, name, float(drawn.randint(0, 50) + count), at)
            for post, begin in zip(posts, out, strict=True)
            for name in METRICS
            for count in range(counts)
            if (at := begin + count * 2 * WEEK / counts)
        )
        followers = [
            Measurement("account", account, account, "followers", 1000.0 + day, NOON + timedelta(days=day))
            for day in range(-1, 15)
        ]
        subjects = [*posts, Subject("account", account, account, account)]
        store.metrics.keep(Fetch(account, account, NOON + 2 * WEEK), subjects, (*measured, *followers))
    store.close()


def reporting(folder: Path) -> Iterator[Figure]:
    """The Monday board of a million metric rows, read and written."""
    url = f"sqlite:///{folder / 'metrics.db'}"
    _fill(url)
    sections = {section.name: section for section in register_sections()}

    def bare() -> None:
        with sqlite3.connect(folder / "metrics.db") as connection:
            connection.execute("select metric, count(*), sum(value) from metrics group by metric").fetchall()

    def ours() -> None:
        drawn.cache_clear()
        store = open_store(url, SystemClock())
        with tempfile.TemporaryDirectory() as to:
            reporter = Reporter(sections, store, SystemClock(), Path(to), ZoneInfo("Europe/Paris"), "Torréa")
            written = reporter.write(
                ["board"], title="Board", since=NOON + WEEK, until=NOON + 2 * WEEK, language="en", to="board"
            )
            assert len(written.files) == 3
        store.close()

    floor, spent = cpu(bare), cpu(ours)
    yield Figure(
        f"Monday board of {ROWS:,} metric rows",
        f"{spent:.2f} s",
        f"{spent / floor:.1f} × adding them up",
        "< 3 s",
        spent < 3,
    )

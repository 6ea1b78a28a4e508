"""What it costs to understand a text: every label of real posts, a query over each, and a saved query's mentions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.material import NOON
from tests.bench.measure import Figure, cpu

from antiphon.components.source import Part
from antiphon.model.event import Event
from antiphon.rehearsal.memory.policy import MemoryMarks
from antiphon.testing.posts import brand_posts
from antiphon_listening.query import parse
from antiphon_listening.sources import SavedQuery
from antiphon_listening.understanding import understand

TEXTS = 3_000
QUERY = '(torréa OR "café torréa" OR espresso) AND NOT (concours OR giveaway) AND livraison NEAR/5 retard'


def understanding(folder: Path) -> Iterator[Figure]:
    """Texts a second on one core with every label, each text another, and texts a second through a query."""
    posts = [post.text for post in brand_posts()]
    texts = [f"{posts[number % len(posts)]} {posts[number * 7 % len(posts)]} {number}" for number in range(TEXTS)]
    bare = cpu(lambda: [text.casefold().split() for text in texts])
    spent = cpu(lambda: [understand(text) for text in texts])
    rate, times = TEXTS / spent, f"{spent / bare:.0f} × only split"
    told = f"understanding, {sum(map(len, texts)) // TEXTS} characters"
    yield Figure(told, f"{rate:,.0f}/s", times, "≥ 1,500/s", rate >= 1500)
    query = parse(QUERY)
    spent = cpu(lambda: [query.holds(text) for text in texts])
    yield Figure("a query of eight words", f"{TEXTS / spent:,.0f}/s", f"{spent / bare:.0f} × only split", "", True)
    options = SavedQuery.Options.model_validate({"name": "all", "is": " OR ".join(["le", "la", "de", "the", "a"])})
    heard = [Event(f"e:{n}", "post.seen", NOON, {"id": f"{n}", "text": text}) for n, text in enumerate(texts)]
    part, marks = Part("brand", "post.search"), MemoryMarks()
    spent = cpu(lambda: SavedQuery().sift(options, part, heard, marks, NOON))
    rate = TEXTS / spent
    yield Figure(
        "mentions of a saved query", f"{rate:,.0f}/s", f"{spent / bare:.0f} × only split", "≥ 1,500/s", rate >= 1500
    )

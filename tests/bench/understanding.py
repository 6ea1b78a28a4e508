"""What it costs to understand a text: every label of real posts, and a query over each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure, cpu

from antiphon.testing.posts import brand_posts
from antiphon_listening.query import parse
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

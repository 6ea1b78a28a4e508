"""What people say about the invented brand in a week, in French and English, and what the brand has to tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class BrandPost:
    """One post, `hours_ago` before the present. `kind` is what a person would say it is: the truth to test against."""

    id: str
    author: str
    name: str
    text: str
    language: Literal["fr", "en"]
    hours_ago: float
    kind: Literal["complaint", "praise", "question", "neutral"]


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One item of the brand's news feed, `hours_ago` before the present."""

    id: str
    title: str
    text: str
    language: Literal["fr", "en"]
    url: str
    hours_ago: float


def brand_posts() -> tuple[BrandPost, ...]:
    """A hundred posts of a hundred people, the newest first; six in ten tag the brand, the others only name it."""
    return tuple(BrandPost(**line) for line in _lines("brand_posts.jsonl"))


def news() -> tuple[NewsItem, ...]:
    """Eight items, the newest first."""
    return tuple(NewsItem(**line) for line in _lines("news.jsonl"))


def _lines(name: str) -> Iterator[dict[str, Any]]:
    for line in files("antiphon.testing.posts").joinpath(name).read_text("utf-8").splitlines():
        yield json.loads(line)

"""What is known of a creator in numbers, each by a formula with a name; what is not known says why.

engagement         er_followers_median: median over the newest posts (10 at least) of likes + shares + replies, by the
                   followers at the reading; after er_followers_post (NapoleonCat, GRIN; read 2026-11-24)
view_to_follower   median views of a post by followers, as the creator or a table tells it
growth_stability   minus the standard deviation of the weekly logarithmic growth, over 3 readings and 14 days at least
authenticity       1 − flagged / sampled followers (see authenticity.py), 30 at least
relevance          share of the newest posts that hold one of the brief's words
audience_fit       0 to 1, as a person or a table tells it
safety             share of the newest posts that hold none of the words to avoid
past               orders' value by what was paid, of what they have done for us
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median, pstdev
from typing import Any

from antiphon_outreach.authenticity import of_kept

LEAST_POSTS, LEAST_SAMPLE, LEAST_READINGS = 10, 30, 3
_LEAST_SPAN, _WEEK = timedelta(days=14), timedelta(days=7)


_NUMBER, _GROUPED = (
    re.compile(r"(\d{1,15}(?:[.,]\d{1,20})*(?:e-?\d{1,2})?)([kmb]?)"),
    re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


@dataclass(frozen=True)
class Measured:
    """A creator in numbers. `rates` are the engagement rates of single posts, `told` how a value came about."""

    id: str
    network: str
    followers: int | None
    values: Mapping[str, float] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    rates: Sequence[float] = ()


def measured(
    creator: str, known: Mapping[str, Any], words: Sequence[str], avoid: Sequence[str], past: float | None = None
) -> Measured:
    """What is known of a creator, for a brief of some words and some to avoid."""
    readings, facts, posts = known["readings"], known["facts"], known["recent"]
    followers = next((one["followers"] for one in reversed(readings) if one["followers"] is not None), None)
    if followers is None:
        followers = _whole(facts.get("followers"))
    rates = _rates(posts, followers)
    found: dict[str, tuple[float | None, str]] = {
        "engagement": _engagement(rates, facts),
        "view_to_follower": _views(facts, followers),
        "growth_stability": _stability(readings),
        "authenticity": _authenticity(readings),
        "relevance": _share(posts, words, "the brief names no words", holds=True),
        "audience_fit": _told(facts, "audience_fit"),
        "safety": _share(posts, avoid, "the brief names no words to avoid", holds=False),
        "past": (past, "orders' value by cost") if past is not None else (None, "nothing was paid and sold yet"),
    }
    return Measured(
        creator,
        known["network"],
        followers,
        {name: value for name, (value, _) in found.items() if value is not None},
        {name: told for name, (value, told) in found.items() if value is not None},
        {name: told for name, (value, told) in found.items() if value is None},
        rates,
    )


def _rates(posts: Sequence[Mapping[str, Any]], followers: int | None) -> list[float]:
    counts = [[one[name] for name in ("likes", "shares", "replies") if one[name] is not None] for one in posts]
    return [sum(some) / followers for some in counts if some] if followers else []


def _engagement(rates: Sequence[float], facts: Mapping[str, Any]) -> tuple[float | None, str]:
    if len(rates) >= LEAST_POSTS:
        return median(rates), f"er_followers_median of {len(rates)} posts"
    told, because = _told(facts, "engagement_rate")
    return (told, because) if told is not None else (None, f"{len(rates)} posts with numbers, {LEAST_POSTS} are needed")


def _views(facts: Mapping[str, Any], followers: int | None) -> tuple[float | None, str]:
    views = number_of(facts.get("views"))
    if views is None or not followers:
        return None, "could not see: nobody tells the views of their posts"
    return views / followers, "median views as told, by followers"


def _stability(readings: Sequence[Mapping[str, Any]]) -> tuple[float | None, str]:
    told = [(datetime.fromisoformat(one["at"]), one["followers"]) for one in readings if one["followers"]]
    if len(told) < LEAST_READINGS or told[-1][0] - told[0][0] < _LEAST_SPAN:
        return None, f"{len(told)} readings, {LEAST_READINGS} over {_LEAST_SPAN.days} days are needed"
    rates = [
        math.log(after / before) / ((late - early) / _WEEK)
        for (early, before), (late, after) in pairwise(told)
        if late > early
    ]
    return -pstdev(rates), f"of {len(told)} readings"


def _authenticity(readings: Sequence[Mapping[str, Any]]) -> tuple[float | None, str]:
    found = next((sample for one in reversed(readings) if (sample := of_kept(one.get("sample") or {}))), None)
    if found is None or found.size < LEAST_SAMPLE:
        return None, f"{found.size if found else 0} followers were looked at, {LEAST_SAMPLE} are needed"
    low, high = found.interval
    return found.authenticity, f"{found.flagged} of {found.size} flagged; real are {low:.0%} to {high:.0%}"


def _share(
    posts: Sequence[Mapping[str, Any]], words: Sequence[str], without: str, *, holds: bool
) -> tuple[float | None, str]:
    if not words:
        return None, without
    if len(posts) < LEAST_POSTS:
        return None, f"{len(posts)} posts, {LEAST_POSTS} are needed"
    wanted = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word.casefold()) for word in words)})(?!\w)")
    met = sum(bool(wanted.search(str(one["text"]).casefold())) for one in posts)
    return (met if holds else len(posts) - met) / len(posts), f"{met} of {len(posts)} posts hold one of the words"


def _told(facts: Mapping[str, Any], name: str) -> tuple[float | None, str]:
    value = number_of(facts.get(name))
    if value is None or not 0 <= value <= 1:
        return None, "nobody tells it" if value is None else f"{value:g} is not between 0 and 1"
    return value, "as it was told"


def number_of(value: Any) -> float | None:
    """A number as tables write it: 12000, 12,000, 12 000, 0,034, 1.2m. None for what is none."""
    text = re.sub(r"[\s\u202f]", "", str(value)).casefold()
    if not (found := _NUMBER.fullmatch(text)):
        return None
    digits, unit = found.groups()
    digits = digits.replace(",", "") if _GROUPED.fullmatch(digits) else digits.replace(",", ".")
    return float(digits) * _UNITS[unit] if digits.count(".") < 2 else None


def _whole(value: Any) -> int | None:
    number = number_of(value)
    return None if number is None else int(number)

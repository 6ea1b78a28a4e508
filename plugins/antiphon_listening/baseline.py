"""Baselines: how much is usual for an hour, and how far from it an hour is.

    z = (x - median) / max(1.4826 · MAD, √median, 1)

x is the count of an hour; median and MAD (median absolute deviation, times 1.4826 to estimate a standard deviation:
Rousseeuw and Croux, JASA 88, 1993) are of the same hour of the week over the weeks before. √median is what counts
vary by where they come by chance alone (Poisson), and 1 keeps silence from making one mention a storm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt
from statistics import median

HOUR = timedelta(hours=1)

ENOUGH = 3
"""How many hours of the past are compared with at least: three weeks, or for a while three days."""

_DAY, _WEEK = 24, 168

Count = tuple[int, int]
"""How many mentions an hour had, and how many of them negative."""


def hour_of(at: datetime) -> int:
    """The number of the hour that a moment lies in, from 1970 (UTC)."""
    return int(at.timestamp()) // 3600


def moment_of(hour: int) -> datetime:
    """The beginning of an hour."""
    return datetime.fromtimestamp(hour * 3600, UTC)


def past(counts: Mapping[int, Count], hour: int, begun: int, weeks: int) -> Sequence[int]:
    """The counts of the same hour of the week, over so many weeks before it. While there are fewer than three, those of
    the same hour of the day; empty while there are fewer than three of those too.

    An hour of which nothing is known was silent, if it is not before `begun`.
    """
    for step, most in ((_WEEK, weeks), (_DAY, ENOUGH * 7)):
        hours = [hour - step * n for n in range(1, most + 1) if hour - step * n >= begun]
        if len(hours) >= ENOUGH:
            return [counts.get(one, (0, 0))[0] for one in hours]
    return ()


def deviation(x: int, usual: Sequence[int]) -> float:
    """How far a count is from what is usual, by the formula above."""
    middle = median(usual)
    mad = median(abs(one - middle) for one in usual)
    return float((x - middle) / max(1.4826 * mad, sqrt(middle), 1))


def negative_share(counts: Mapping[int, Count], before: int) -> float:
    """The share of negative mentions in all hours before one; 0 where there are none."""
    told = [count for hour, count in counts.items() if hour < before]
    total = sum(n for n, _ in told)
    return sum(negative for _, negative in told) / total if total else 0.0

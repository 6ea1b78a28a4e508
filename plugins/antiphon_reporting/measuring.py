"""Measuring: a formula asked of what is kept, for each connection; what cannot be told is refused with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from antiphon import Cohort, MetricBook, Origin, Pool, Ratio
from antiphon_reporting import intervals
from antiphon_reporting.formulas import Formula
from antiphon_reporting.intervals import Estimate

Refusal = Literal["", "missing", "few", "nothing"]
"""Why there is no value; empty when there is one."""

_SUMS = ("subjects", "counted", "x", "y", "xx", "yy", "xy", "r", "rr")


@dataclass(frozen=True, slots=True)
class Result:
    """What a formula came to on a connection, or why it did not: an input is missing, or there are too few.

    `missing` says of which input how many subjects have none.
    """

    formula: Formula
    connection: str
    network: str
    subjects: int
    counted: int
    estimate: Estimate | None
    refused: Refusal = ""
    missing: Mapping[str, int] = field(default_factory=dict)
    fetched_at: datetime | None = None

    def origin(self, source: str) -> Origin:
        """How the value is known."""
        told = self.estimate
        return Origin(
            formula=self.formula.name,
            expression=self.formula.expression,
            n=self.counted,
            low=_rounded(told.low) if told else None,
            high=_rounded(told.high) if told else None,
            source=source,
            fetched_at=self.fetched_at,
        )


def measure(book: MetricBook, formula: Formula, cohort: Cohort) -> Sequence[Result]:
    """The results of a formula for each connection that has subjects of its kind in the cohort."""
    match formula.shape:
        case "pooled" | "mean":
            return [rated(formula, pool) for pool in asked(book, cohort, formula.ratio)]
        case "balance":
            parts = [
                asked(book, cohort, Ratio(names)) for names in (formula.over, formula.under, formula.rest) if names
            ]
            return [_balanced(formula, pools) for pools in zip(*parts, strict=True)]
        case "change":
            start = cohort.since or cohort.until
            counted = Ratio(formula.over)
            before = asked(book, Cohort(cohort.kind, start), counted)
            after = asked(book, Cohort(cohort.kind, cohort.until), counted)
            return [_changed(formula, *both) for both in zip(before, after, strict=True)]


def asked(book: MetricBook, cohort: Cohort, ratio: Ratio) -> Sequence[Pool]:
    """What one ratio is made of, for each connection."""
    return book.pooled(cohort, [ratio])[ratio]


def rated(formula: Formula, pool: Pool) -> Result:
    """A pooled rate, or a mean of rates."""
    about = (formula, pool.connection, pool.network, pool.subjects, pool.counted)
    bare = Result(*about, None, missing=pool.missing, fetched_at=pool.fetched_at)
    if not pool.subjects:
        return replace(bare, refused="nothing")
    if not pool.counted and pool.missing:
        return replace(bare, refused="missing")
    if pool.counted < formula.least:
        return replace(bare, refused="few")
    made = intervals.pooled(pool) if formula.shape == "pooled" else intervals.mean(pool)
    return replace(bare, estimate=made.times(formula.times))


def joined(pools: Sequence[Pool]) -> Pool:
    """Several pools as one: parts of a connection, or connections of which the same is known."""
    sums = {name: sum(getattr(pool, name) for pool in pools) for name in _SUMS}
    missing: dict[str, int] = {}
    for pool in pools:
        for name, count in pool.missing.items():
            missing[name] = missing.get(name, 0) + count
    times = [pool.fetched_at for pool in pools if pool.fetched_at]
    connections, networks = {pool.connection for pool in pools}, {pool.network for pool in pools}
    of = (connections.pop() if len(connections) == 1 else "", networks.pop() if len(networks) == 1 else "")
    return Pool(*of, **sums, missing=missing, fetched_at=min(times, default=None))


def _balanced(formula: Formula, pools: Sequence[Pool]) -> Result:
    first = pools[0]
    missing = {name: count for pool in pools for name, count in pool.missing.items()}
    plus, minus, *rest = (pool.x for pool in pools)
    counted = 0 if missing else round(plus + minus + sum(rest))
    about = (formula, first.connection, first.network, first.subjects, counted)
    bare = Result(*about, None, missing=missing, fetched_at=first.fetched_at)
    if missing:
        return replace(bare, refused="missing")
    if counted < formula.least:
        return replace(bare, refused="few")
    made = intervals.balance(plus, minus, sum(rest), whole=bool(formula.rest))
    return replace(bare, estimate=made.times(formula.times))


def _changed(formula: Formula, before: Pool, after: Pool) -> Result:
    about = (formula, after.connection, after.network, after.subjects, after.counted)
    bare = Result(*about, None, fetched_at=after.fetched_at)
    if not after.counted or not before.x:
        return replace(bare, refused="missing", missing=after.missing or before.missing)
    grown = Estimate((after.x - before.x) / before.x, math.inf, math.inf)
    return replace(bare, estimate=grown.times(formula.times))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

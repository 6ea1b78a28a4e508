"""Measuring: a formula asked of what is kept, for each connection; what cannot be told is refused with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from antiphon import Cohort, MetricBook, Origin, Pool, Total
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
            return [rated(formula, pool) for pool in book.pooled(cohort, formula.over, formula.under)]
        case "balance":
            totals = book.totals(Cohort(cohort.kind, cohort.until, known=cohort.known), formula.inputs)
            return [_balanced(formula, some) for some in _each(totals).values()]
        case "change":
            after = _each(book.totals(Cohort(cohort.kind, cohort.until, known=cohort.known), formula.over))
            start = cohort.since or cohort.until
            before = _each(book.totals(Cohort(cohort.kind, start, known=start), formula.over))
            return [_changed(formula, before.get(connection, ()), some) for connection, some in after.items()]


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
    """Several pools as one: of networks of which the same is known."""
    sums = {name: sum(getattr(pool, name) for pool in pools) for name in _SUMS}
    missing: dict[str, int] = {}
    for pool in pools:
        for name, count in pool.missing.items():
            missing[name] = missing.get(name, 0) + count
    asked = [pool.fetched_at for pool in pools if pool.fetched_at]
    return Pool(connection="", network="", **sums, missing=missing, fetched_at=min(asked, default=None))


def _balanced(formula: Formula, totals: Sequence[Total]) -> Result:
    told = {one.metric: one.sum for one in totals}
    first = totals[0]
    absent = {name: first.subjects for name, value in told.items() if value is None}
    plus, minus, rest = (_sum(told, names) for names in (formula.over, formula.under, formula.rest))
    counted = 0 if absent else round(plus + minus + rest)
    about = (formula, first.connection, first.network, first.subjects, counted)
    bare = Result(*about, None, missing=absent, fetched_at=_asked(totals))
    if absent:
        return replace(bare, refused="missing")
    if counted < formula.least:
        return replace(bare, refused="few")
    made = intervals.balance(plus, minus, rest, whole=bool(formula.rest))
    return replace(bare, estimate=made.times(formula.times))


def _changed(formula: Formula, before: Sequence[Total], after: Sequence[Total]) -> Result:
    last = after[0]
    was = before[0].sum if before else None
    bare = Result(formula, last.connection, last.network, last.subjects, last.counted, None, fetched_at=last.fetched_at)
    if last.sum is None or not was:
        return replace(bare, refused="missing", missing={last.metric: last.subjects})
    grown = Estimate((last.sum - was) / was, math.inf, math.inf)
    return replace(bare, estimate=grown.times(formula.times))


def _each(totals: Sequence[Total]) -> dict[str, list[Total]]:
    found: dict[str, list[Total]] = {}
    for one in totals:
        found.setdefault(one.connection, []).append(one)
    return found


def _sum(told: Mapping[str, float | None], names: Sequence[str]) -> float:
    return math.fsum(told[name] or 0.0 for name in names)


def _asked(totals: Sequence[Total]) -> datetime | None:
    return min((one.fetched_at for one in totals if one.fetched_at), default=None)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

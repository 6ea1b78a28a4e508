"""A week on the board: the period and the one before it, as they stood at their ends, and what was asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from antiphon import Cohort, Fetch, MetricBook, Origin, Pool, ReportContext
from antiphon_reporting.formulas import Formula, formula
from antiphon_reporting.measuring import Result, joined, measure, rated
from antiphon_reporting.periods import before
from antiphon_reporting.words import Words

INTERACTIONS = ("likes", "replies", "shares")
"""What counts as an interaction on the board; whatever lacks one of them has no sum."""


@dataclass(frozen=True)
class Week:
    """The time that a board tells of; rates are by one formula for all networks."""

    ctx: ReportContext
    rate: Formula

    @property
    def book(self) -> MetricBook:
        """Where the measurements are."""
        return self.ctx.store.metrics

    @cached_property
    def words(self) -> Words:
        """What the board says."""
        return Words(self.ctx.language, "board")

    @cached_property
    def posts(self) -> Cohort:
        """The posts of the period."""
        return Cohort("post", self.ctx.until, self.ctx.since)

    @cached_property
    def earlier(self) -> Cohort:
        """Those of the period before, as they stood at its end: they were as old then as these are now."""
        since, until = before(self.ctx)
        return Cohort("post", until, since)

    @cached_property
    def interactions(self) -> Sequence[Pool]:
        """The interactions of the posts, for each connection."""
        return self.book.pooled(self.posts, INTERACTIONS, ())

    @cached_property
    def interactions_before(self) -> Sequence[Pool]:
        """Those of the posts of the period before."""
        return self.book.pooled(self.earlier, INTERACTIONS, ())

    @cached_property
    def pools(self) -> Sequence[Pool]:
        """What the rate is made of, for each connection."""
        return self.book.pooled(self.posts, self.rate.over, self.rate.under)

    @cached_property
    def rates(self) -> Sequence[Result]:
        """The rate of each connection that has posts."""
        return [rated(self.rate, pool) for pool in self.pools]

    @cached_property
    def comparable(self) -> Pool:
        """All posts of which the rate can be told, as one."""
        return joined([pool for pool in self.pools if pool.counted])

    @cached_property
    def growth(self) -> Mapping[str, Result]:
        """How the followers of each connection's account have grown."""
        cohort = Cohort("account", self.ctx.until, self.ctx.since)
        return {result.connection: result for result in measure(self.book, formula("growth"), cohort)}

    @cached_property
    def fetches(self) -> Sequence[Fetch]:
        """The last asking of each source before the period was over."""
        return self.book.fetches(until=self.ctx.until)

    def source(self, connections: Iterable[str]) -> str:
        """Who told what is known of some connections."""
        told = [one.source for one in self.fetches if one.connection in connections]
        return ", ".join(dict.fromkeys(told))

    def told(self, n: int, fetched_at: datetime | None, *connections: str, expression: str = "") -> Origin:
        """The origin of a sum of what was told."""
        return Origin(expression=expression, n=n, source=self.source(connections), fetched_at=fetched_at)

    def place(self, connection: str, network: str) -> str:
        """A connection with its network, as people read it."""
        name = self.words.name("networks", network)
        same = {pool.connection for pool in self.interactions if pool.network == network}
        return name if network and len(same) < 2 else f"{name} · {connection}" if network else connection

"""A week on the board: the period and the one before it, as they stood at their ends, and what was asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property

from antiphon import Cohort, Fetch, MetricBook, Origin, Pool, Ratio, ReportContext
from antiphon_reporting.formulas import Formula, formula
from antiphon_reporting.measuring import Result, asked, joined, measure, rated
from antiphon_reporting.periods import before, days
from antiphon_reporting.words import Words

COUNTED = ("likes", "replies", "shares")
"""What counts as an interaction on the board; whatever lacks one of them has no sum."""

INTERACTIONS = Ratio(COUNTED)
FOLLOWERS = Ratio(("followers",))

LOOKED_FOR = {name: Ratio((name,)) for name in (*COUNTED, "views", "reach", "clicks")}
"""Of what a post might have, what is told to be missing where it is."""

LONGEST = 62
"""How many days a chart by day has at most."""


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
    def _now(self) -> Mapping[Ratio, Sequence[Pool]]:
        """All that is asked of the posts of the period, in one question, in parts by the day."""
        return self.book.pooled(self.posts, [INTERACTIONS, self.rate.ratio, *LOOKED_FOR.values()], edges=self.edges)

    @cached_property
    def _then(self) -> Mapping[Ratio, Sequence[Pool]]:
        return self.book.pooled(self.earlier, [INTERACTIONS, self.rate.ratio, LOOKED_FOR["views"]])

    @cached_property
    def edges(self) -> Sequence[datetime]:
        """Where one day of the period ends and the next begins; none where there are too many to be drawn."""
        found = days(self.ctx)
        return [datetime.combine(day, time(), self.ctx.timezone) for day in found[1:]] if len(found) <= LONGEST else []

    def now(self, ratio: Ratio) -> Sequence[Pool]:
        """What a ratio of the posts is made of, for each connection."""
        return [joined(parts) for parts in self.by_day(ratio).values()]

    def then(self, ratio: Ratio) -> Sequence[Pool]:
        """The same of the posts of the period before."""
        return self._then[ratio]

    def by_day(self, ratio: Ratio) -> Mapping[str, Sequence[Pool]]:
        """The parts of each connection; a day without a post is not there."""
        found: dict[str, list[Pool]] = {}
        for pool in self._now[ratio]:
            found.setdefault(pool.connection, []).append(pool)
        return found

    @cached_property
    def rates(self) -> Sequence[Result]:
        """The rate of each connection that has posts."""
        return [rated(self.rate, pool) for pool in self.now(self.rate.ratio)]

    @cached_property
    def followers(self) -> Mapping[str, Pool]:
        """The followers of each account at the end, where they are told."""
        return self.followers_at(self.ctx.until)

    def followers_at(self, moment: datetime) -> Mapping[str, Pool]:
        """Those at another moment."""
        found = asked(self.book, Cohort("account", moment), FOLLOWERS)
        return {pool.connection: pool for pool in found if pool.counted}

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
        same = {pool.connection for pool in self.now(INTERACTIONS) if pool.network == network}
        return name if network and len(same) < 2 else f"{name} · {connection}" if network else connection

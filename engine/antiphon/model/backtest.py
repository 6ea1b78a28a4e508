"""A backtest: what a workflow would have done about what was heard in a period, day by day."""

from __future__ import annotations

from datetime import date, datetime

from antiphon.model.base import Noun


class Reason(Noun):
    """Why something was not done, and how often."""

    because: str
    count: int


class Day(Noun):
    """One day of the workspace's calendar. Runs and effects count on the day on which it happened to them."""

    day: date
    heard: int = 0
    """Events of the store, whether they matter to the workflow or not."""
    fired: int = 0
    declined: int = 0
    failed: int = 0
    sent: int = 0
    """Outward effects that would have gone out."""
    inward: int = 0
    """Effects that reach nobody outside: tickets, drafts, reports."""
    held: int = 0
    """Effects that were put off, for whatever reason but a full limit."""
    capped: int = 0
    """Effects that were put off or left out because a cap, a budget or another limit was full."""
    vetoed: int = 0
    """Effects that were refused or left out for another reason."""


class Difference(Noun):
    """One thing in which two versions differ: an effect by its key, or a call by its cause."""

    at: datetime
    what: str
    ours: str
    theirs: str


class Apart(Noun):
    """What two versions do not have in common: how many in total and per day, and the first of them."""

    count: int = 0
    per_day: dict[date, int] = {}
    examples: tuple[Difference, ...] = ()


class Differing(Noun):
    """How far two versions differ.

    `runs` are calls of which they made something else: one did not fire, declined or failed. `effects` are those that
    only one of them has, or both in another state or with another content.
    """

    version: str
    days: tuple[Day, ...]
    runs: Apart
    effects: Apart


class Backtest(Noun):
    """What a version of a workflow would have done from `since` to before `until` (UTC)."""

    workflow: str
    version: str
    since: datetime
    until: datetime
    timezone: str
    days: tuple[Day, ...]
    declined: tuple[Reason, ...] = ()
    failed: tuple[Reason, ...] = ()
    stopped: tuple[Reason, ...] = ()
    """What kept effects back: `rule: what it did`."""
    waiting: int = 0
    """Runs that had not ended when the period was over."""
    unchecked: int = 0
    """Effects whose content no network was asked about."""
    against: Differing | None = None

    def total(self, name: str) -> int:
        """The sum of one number of the days."""
        return sum(getattr(day, name) for day in self.days)

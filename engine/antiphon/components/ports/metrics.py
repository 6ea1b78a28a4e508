"""What became of posts, accounts, links and ads, in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from antiphon.errors import StoreError
from antiphon.model.measurement import Fetch, Measurement, Pool, Ratio, Reading, Standing, Subject, SubjectKind


@dataclass(frozen=True, slots=True)
class Cohort:
    """Subjects of a kind that came out from `since` to before `until`, as they stood just before `until`, or before
    `known` where that is another moment; without `since`, whenever they came out."""

    kind: SubjectKind
    until: datetime
    since: datetime | None = None
    known: datetime | None = None


class KeepsMeasurements(Protocol):
    """What a step may do with measurements."""

    def keep(self, fetch: Fetch, subjects: Iterable[Subject], measured: Iterable[Measurement]) -> int:
        """Keep what a source answered, in one transaction; returns how many measurements are new or corrected.

        The same fetch kept twice adds nothing. Of two values for one moment the one that was fetched later stands. What
        a subject is not said to have again (its address, title, time, effect) stays.
        """


class NoMeasurements:
    """Where nothing is measured."""

    def keep(self, fetch: Fetch, subjects: Iterable[Subject], measured: Iterable[Measurement]) -> int:
        """Raises StoreError."""
        raise StoreError(f"Nothing is kept here of what {fetch.source} has told.")


class MetricBook(KeepsMeasurements, Protocol):
    """One table of measurements. A value that was not told is not there, and is a zero in no sum."""

    def standings(
        self, cohort: Cohort, metrics: Sequence[str], *, by: Sequence[str] = (), limit: int = 100
    ) -> Sequence[Standing]:
        """Subjects with their values; those with the highest sum of the metrics in `by` first, where all are known."""

    def pooled(
        self, cohort: Cohort, ratios: Sequence[Ratio], *, edges: Sequence[datetime] = ()
    ) -> Mapping[Ratio, Sequence[Pool]]:
        """What sums and rates are made of, for each connection that has such subjects, and within it for each part of
        the time between `edges`: part 0 is what came out before the first of them."""

    def series(
        self, kind: SubjectKind, subject: str, connection: str, metric: str, *, since: datetime, until: datetime
    ) -> Sequence[Reading]:
        """The values of one metric of one subject, oldest first; `until` is exclusive."""

    def made_by(self, effect: str) -> Sequence[Standing]:
        """What an effect made, with the newest values of all its metrics."""

    def fetches(self, *, until: datetime | None = None) -> Sequence[Fetch]:
        """The last fetch of each source for each connection, without its payload; `until` is exclusive."""

    def payload(self, source: str, connection: str, at: datetime) -> Fetch | None:
        """One fetch with what it answered, where that is kept still."""

"""The port of measurements: one table, in which what was not told is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antiphon.components.ports import Cohort, Store
from antiphon.errors import StoreError
from antiphon.model.measurement import Fetch, Measurement, Ratio, Subject

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Cohort("post", MONDAY + 7 * DAY, MONDAY)


def post(id: str, day: float = 1, connection: str = "brand", **told: Any) -> Subject:
    return Subject("post", id, connection, "mastodon", at=MONDAY + day * DAY, **told)


def values(id: str, at: datetime, connection: str = "brand", **told: float) -> list[Measurement]:
    return [Measurement("post", id, connection, name, value, at) for name, value in told.items()]


def fetch(at: datetime, **told: Any) -> Fetch:
    return Fetch("mastodon", "brand", at, **told)


def keep(store: Store, *subjects: Subject, at: datetime, measured: list[Measurement]) -> int:
    return store.metrics.keep(fetch(at), subjects, measured)


def test_same_fetch_twice(store: Store) -> None:
    """R1: what is kept twice is there once, and the answer as it came is kept with it."""
    at, measured = MONDAY + DAY, values("1", MONDAY + DAY, likes=3, shares=0)
    answered = fetch(at, payload={"1": {"favourites_count": 3, "reblogs_count": 0, "seen": None}})

    assert 2 == store.metrics.keep(answered, [post("1")], measured)
    assert 0 == store.metrics.keep(answered, [post("1")], measured)
    assert answered == store.metrics.payload("mastodon", "brand", at)
    assert [replace(answered, payload={})] == list(store.metrics.fetches())
    [reading] = store.metrics.series("post", "1", "brand", "likes", since=MONDAY, until=WEEK.until)
    assert (3, at, "mastodon", at) == (reading.value, reading.at, reading.source, reading.fetched_at)


def test_missing_is_empty(store: Store) -> None:
    """R1: a metric that nobody told is in no standing and counts for nothing; a zero that was told is a zero."""
    keep(store, post("1"), post("2"), at=MONDAY + DAY, measured=values("1", MONDAY + DAY, likes=0))

    first, second = sorted(store.metrics.standings(WEEK, ["likes", "views"]), key=lambda one: one.subject.id)
    assert ({"likes": 0.0}, {}) == (first.values, second.values)
    pools = store.metrics.pooled(WEEK, [Ratio(("likes",)), Ratio(("views",))])
    [likes], [views] = pools.values()
    assert (2, 1, 0.0, {"likes": 1}) == (likes.subjects, likes.counted, likes.x, likes.missing)
    assert (2, 0, 0.0, {"views": 2}, None) == (views.subjects, views.counted, views.x, views.missing, views.fetched_at)


def test_as_it_stood(store: Store) -> None:
    """A week is told as it stood at its end, by the last value before it, however much came in later."""
    keep(store, post("1"), post("next", 8), at=MONDAY + 9 * DAY, measured=[
        *values("1", MONDAY + 2 * DAY, likes=1),
        *values("1", MONDAY + 6 * DAY, likes=5),
        *values("1", MONDAY + 8 * DAY, likes=50),
    ])  # fmt: skip

    assert [{"likes": 5.0}] == [one.values for one in store.metrics.standings(WEEK, ["likes"])]


def test_corrected(store: Store) -> None:
    """Of two values for one moment the one that was fetched later stands, in whatever order they are kept."""
    keep(store, post("1"), at=MONDAY + 3 * DAY, measured=values("1", MONDAY, likes=2))
    keep(store, post("1"), at=MONDAY + 2 * DAY, measured=values("1", MONDAY, likes=1))

    assert [{"likes": 2.0}] == [one.values for one in store.metrics.standings(WEEK, ["likes"])]


def test_known_stays(store: Store) -> None:
    """What a subject is not said to have again stays: where it is, and which effect made it."""
    said = post("1", url="https://social.example/1", title="New roast", effect="w/post/-/1")
    keep(store, said, at=MONDAY, measured=[])
    keep(store, Subject("post", "1", "brand"), at=MONDAY + DAY, measured=values("1", MONDAY, likes=4))

    [found] = store.metrics.made_by("w/post/-/1")
    assert (said, {"likes": 4.0}) == (found.subject, found.values)
    assert [] == list(store.metrics.made_by("w/post/-/2"))


def test_best(store: Store) -> None:
    """The best are those with the highest sum; one of which a part is not known is not among them."""
    keep(store, post("1"), post("2"), post("3"), at=MONDAY + DAY, measured=[
        *values("1", MONDAY + DAY, likes=3, shares=1),
        *values("2", MONDAY + DAY, likes=2, shares=9),
        *values("3", MONDAY + DAY, likes=99),
    ])  # fmt: skip

    best = store.metrics.standings(WEEK, ["likes"], by=["likes", "shares"], limit=5)
    assert ["2", "1"] == [one.subject.id for one in best]


def test_pooled(store: Store) -> None:
    """Sums are over the subjects that have all that is needed; how many lack what is told apart."""
    at = MONDAY + DAY
    keep(store, post("1"), post("2"), post("3"), post("sky", connection="sky"), at=at, measured=[
        *values("1", at, likes=2, shares=1, views=30),
        *values("2", at, likes=4, shares=0, views=20),
        *values("3", at, likes=9, shares=9),
        *values("sky", at, likes=1, shares=1, connection="sky"),
    ])  # fmt: skip

    [(brand, sky)] = store.metrics.pooled(WEEK, [Ratio(("likes", "shares"), ("views",))]).values()
    assert (3, 2, {"views": 1}, at) == (brand.subjects, brand.counted, brand.missing, brand.fetched_at)
    assert (7, 50, 25, 1300, 170) == (brand.x, brand.y, brand.xx, brand.yy, brand.xy)
    assert [0.3, 0.05] == pytest.approx([brand.r, brand.rr])
    assert (1, 0, {"views": 1}) == (sky.subjects, sky.counted, sky.missing)


def test_parts(store: Store) -> None:
    """A cohort is told in parts of its time; a part in which nothing came out is not there."""
    at = MONDAY + 6 * DAY
    keep(store, post("1", 0.5), post("2", 0.6), post("3", 5), at=at, measured=[
        *values("1", at, likes=2), *values("2", at, likes=3), *values("3", at, likes=7),
    ])  # fmt: skip

    edges = [MONDAY + day * DAY for day in (1, 2)]
    [pools] = store.metrics.pooled(WEEK, [Ratio(("likes",))], edges=edges).values()
    assert [(0, 5), (2, 7)] == [(pool.part, pool.x) for pool in pools]


def test_account(store: Store) -> None:
    """Followers are those that were last counted before a post came out, or else the first that were counted at all."""
    counted = [
        Measurement("account", "brand", "brand", "followers", value, MONDAY + day * DAY)
        for day, value in ((2, 100.0), (4, 200.0), (6, 400.0))
    ]
    keep(store, post("early", 1), post("late", 5), at=MONDAY + DAY, measured=[
        *counted, *values("early", MONDAY + 5 * DAY, likes=10), *values("late", MONDAY + 6 * DAY, likes=10),
    ])  # fmt: skip

    [[pool]] = store.metrics.pooled(WEEK, [Ratio(("likes",), ("account.followers",))]).values()
    assert (2, 300.0) == (pool.counted, pool.y)
    assert 0.15 == pytest.approx(pool.r)


def test_no_number(store: Store) -> None:
    """What is no number is refused, and nothing of its fetch is kept."""
    with pytest.raises(StoreError, match="likes of 1 is nan"):
        keep(store, post("1"), at=MONDAY, measured=values("1", MONDAY, views=1, likes=float("nan")))

    assert [] == list(store.metrics.fetches())

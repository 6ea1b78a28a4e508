"""Formulas asked of what is kept: their values, and why there is none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.antiphon_reporting.conftest import SINCE

from antiphon import Cohort, Fetch, Measurement, Subject, SubjectKind
from antiphon.components.ports import Store
from antiphon_reporting.formulas import formula
from antiphon_reporting.measuring import Result, measure

WEEK = timedelta(days=7)
UNTIL = SINCE + WEEK


def keep(store: Store, kind: SubjectKind, *told: dict[str, float], connection: str = "brand", days: float = 1) -> None:
    """Keep a subject for each set of numbers, told some days after the beginning of the week."""
    at = SINCE + timedelta(days=days)
    ids = [connection if kind == "account" else f"{kind}-{number}" for number in range(len(told))]
    subjects = [Subject(kind, id, connection, "mastodon", at=SINCE + timedelta(hours=1)) for id in ids]
    measured = [
        Measurement(kind, id, connection, name, value, at)
        for id, values in zip(ids, told, strict=True)
        for name, value in values.items()
    ]
    store.metrics.keep(Fetch("test", connection, at), subjects, measured)


def ask(store: Store, id: str) -> Result:
    """What a formula came to in the week."""
    one = formula(id)
    [result] = measure(store.metrics, one, Cohort(one.of, UNTIL, SINCE))
    return result


def value(store: Store, id: str) -> float | None:
    made = ask(store, id).estimate
    return made.value if made else None


def test_engagement(store: Store) -> None:
    """3A: each rate counts what it says, against what it says; those of one name are different numbers."""
    one = {"likes": 6.0, "replies": 1.0, "shares": 3.0, "clicks": 5.0, "saves": 5.0, "views": 200.0, "reach": 100.0}
    keep(store, "account", {"followers": 1000.0}, days=0)
    keep(store, "post", *[{**one, "plays": 50.0}] * 10)

    rates = ("er_followers_post", "er_reach", "er_impressions", "er_views", "er_modash", "er_late_v1", "er_late_v2")
    assert [1.0, 10.0, 5.0, 20.0, 0.6, 10.0, 7.5] == pytest.approx([value(store, id) for id in rates])


def test_pooled_and_mean(store: Store) -> None:
    """3A: the pooled rate stands beside the mean of posts: one that hardly anybody saw turns only the mean."""
    shown = {"likes": 1.0, "replies": 0.0, "shares": 0.0}
    keep(store, "post", {**shown, "views": 2.0}, *[{**shown, "views": 100.0}] * 9)

    assert (5.9, 10 / 902 * 100) == pytest.approx((value(store, "er_impressions"), value(store, "er_sum_impressions")))


def test_efficacy(store: Store) -> None:
    """3B: cost per engagement, thousand views, click and order, and the return; in the currency of the cost."""
    counts = {"likes": 30.0, "replies": 5.0, "shares": 5.0, "views": 8000.0, "clicks": 50.0, "orders": 4.0}
    keep(store, "ad", {**counts, "cost": 20.0, "revenue": 90.0}, {**counts, "cost": 60.0, "revenue": 70.0})

    costs = ("cpe", "cpm", "cpc", "cpa", "roas")
    assert [1.0, 5.0, 0.8, 10.0, 2.0] == pytest.approx([value(store, id) for id in costs])


def test_sentiment(store: Store) -> None:
    """3D: net sentiment with and without the neutral are two formulas, each with an interval around its value."""
    keep(store, "account", {"mentions_positive": 30.0, "mentions_negative": 10.0, "mentions_neutral": 60.0})

    for id, net in (("net_sentiment", 50.0), ("net_sentiment_total", 20.0)):
        made = ask(store, id).estimate
        assert made is not None
        assert made.low is not None
        assert made.high is not None
        assert net == pytest.approx(made.value)
        assert made.low < net < made.high


def test_promoters(store: Store) -> None:
    """3D: NPS is told from thirty answers on."""
    keep(store, "account", {"promoters": 20.0, "passives": 8.0, "detractors": 1.0})
    assert ("few", 29) == (ask(store, "nps").refused, ask(store, "nps").counted)

    keep(store, "account", {"promoters": 20.0, "passives": 9.0, "detractors": 1.0}, days=2)
    assert 19 / 30 * 100 == pytest.approx(value(store, "nps"))


def test_growth(store: Store) -> None:
    """R4: growth is against the beginning; an account that was not counted then has not grown from nothing."""
    keep(store, "account", {"followers": 1050.0}, days=5)
    refused = ask(store, "growth")
    assert ("missing", {"followers": 1}) == (refused.refused, refused.missing)

    keep(store, "account", {"followers": 1000.0}, days=-1)
    made = ask(store, "growth").estimate
    assert made is not None
    assert 5.0 == pytest.approx(made.value)
    assert made.low is None, "a count of all has no interval"


@pytest.mark.parametrize(
    ("posts", "refused", "missing"),
    [
        ([{"likes": 1.0, "replies": 1.0, "shares": 1.0}] * 12, "missing", {"views": 12}),
        ([{"likes": 1.0, "replies": 1.0, "shares": 1.0, "views": 9.0}] * 9, "few", {}),
        ([{"likes": 1.0, "replies": 1.0, "shares": 1.0, "views": 0.0}] * 12, "few", {}),
    ],
)
def test_refused(store: Store, posts: list[dict[str, float]], refused: str, missing: dict[str, int]) -> None:
    """A formula refuses when an input is missing, with which and of how many, and below its least number."""
    keep(store, "post", *posts)
    result = ask(store, "er_impressions")

    assert (refused, missing, None) == (result.refused, result.missing, result.estimate)

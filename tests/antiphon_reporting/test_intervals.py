"""Intervals, against numbers that others have published, and against chance itself."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from antiphon.model.measurement import Pool
from antiphon_reporting.intervals import Estimate, balance, difference, mean, noise_of_sums, pooled, student, wilson


def pool(pairs: Sequence[tuple[float, float]]) -> Pool:
    rates = [x / y for x, y in pairs]
    return Pool(
        "brand",
        "mastodon",
        len(pairs),
        len(pairs),
        x=sum(x for x, _ in pairs),
        y=sum(y for _, y in pairs),
        xx=sum(x * x for x, _ in pairs),
        yy=sum(y * y for _, y in pairs),
        xy=sum(x * y for x, y in pairs),
        r=sum(rates),
        rr=sum(rate * rate for rate in rates),
    )


def test_wilson() -> None:
    """The score interval is that of Newcombe's table (Statistics in Medicine 17, 1998, table I, method 3)."""
    for count, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        made = wilson(count, of)
        assert [low, high] == pytest.approx([made.low, made.high], abs=5e-5)


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 2.776), (9, 2.262), (29, 2.045), (999, 1.962)])
def test_student(freedom: int, quantile: float) -> None:
    """The quantile is that of the tables, to 0.01 from four degrees of freedom on."""
    assert quantile == pytest.approx(student(freedom), abs=0.01)


@pytest.mark.parametrize("made", [pooled, mean], ids=["pooled", "mean"])
def test_covers(made: object) -> None:
    """3A: of a thousand weeks of thirty posts, about 950 intervals hold the rate that the posts were drawn by."""
    drawn, held = random.Random(2026), 0
    for _ in range(1000):
        shown = [drawn.randint(500, 1500) for _ in range(30)]
        found = made(pool([(drawn.gauss(0.03, 0.01) * y, y) for y in shown]))  # type: ignore[operator]
        held += found.low <= 0.03 <= found.high

    assert 925 <= held <= 975


def test_tiny_posts() -> None:
    """3A: one post that hardly anybody saw turns the mean of rates, and not the pooled rate."""
    found = pool([(30, 1000)] * 11 + [(1, 2)])

    assert 0.0301 == pytest.approx(pooled(found).value, abs=1e-4)
    assert mean(found).value > 0.06


def test_alone() -> None:
    """One post tells nothing of others: it has a value and no interval."""
    found = pool([(30, 1000)])

    assert (0.03, None, None) == (pooled(found).value, pooled(found).low, mean(found).high)


def test_balance() -> None:
    """3D: net sentiment is between -1 and 1, with the interval of the share that is positive; a rest counts below."""
    made = balance(30, 10)

    assert 0.5 == made.value
    assert wilson(30, 40).low * 2 - 1 == pytest.approx(made.low)  # type: ignore[operator]
    assert 0.2 == balance(30, 10, 60, whole=True).value
    assert 1.0 == balance(40, 0).value
    assert balance(40, 0).high == pytest.approx(1.0)


def test_noise() -> None:
    """R4: of weeks that differ by chance alone, about one in twenty is beyond the noise."""
    drawn, beyond = random.Random(7), 0

    def week() -> Pool:
        posts = sum(drawn.random() < 0.5 for _ in range(40))
        return pool([(drawn.expovariate(1 / 20), 1.0) for _ in range(posts)] or [(0.0, 1.0)])

    for _ in range(1000):
        one, other = week(), week()
        beyond += abs(one.x - other.x) > noise_of_sums(one, other)

    assert beyond <= 60


def test_difference() -> None:
    """R4: two rates may differ by as much as both intervals together, as independent errors add up."""
    one, other = Estimate(0.3, 0.03, 0.03), Estimate(0.2, 0.04, 0.04)

    assert 0.05 == pytest.approx(difference(one, other))

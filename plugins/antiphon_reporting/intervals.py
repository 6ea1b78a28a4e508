"""Intervals: between which two numbers a rate may as well be, at 95 %."""

from __future__ import annotations

import math
from dataclasses import dataclass

from antiphon import Pool

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with half the width of its interval on either side; infinite where one value tells nothing of others."""

    value: float
    below: float
    above: float

    @property
    def low(self) -> float | None:
        """The lower end; None where there is none."""
        return self.value - self.below if math.isfinite(self.below) else None

    @property
    def high(self) -> float | None:
        """The upper end; None where there is none."""
        return self.value + self.above if math.isfinite(self.above) else None

    def times(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(self.value * factor, self.below * factor, self.above * factor)


def pooled(pool: Pool) -> Estimate:
    """Σx/Σy over the subjects of a pool; its variance by the delta method, n/(n-1) Σ(x - Ry)² / (Σy)²."""
    n, ratio = pool.counted, pool.x / pool.y
    if n < 2:
        return Estimate(ratio, math.inf, math.inf)
    squares = max(0.0, pool.xx - 2 * ratio * pool.xy + ratio * ratio * pool.yy)
    half = student(n - 1) * math.sqrt(n / (n - 1) * squares) / pool.y
    return Estimate(ratio, half, half)


def mean(pool: Pool) -> Estimate:
    """The mean of x/y over the subjects of a pool."""
    n = pool.counted
    value = pool.r / n
    if n < 2:
        return Estimate(value, math.inf, math.inf)
    half = student(n - 1) * math.sqrt(max(0.0, pool.rr - n * value * value) / (n - 1) / n)
    return Estimate(value, half, half)


def wilson(count: float, of: float) -> Estimate:
    """A share with its score interval (E. B. Wilson, Journal of the American Statistical Association 22, 1927)."""
    share = count / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z / (1 + Z * Z / of) * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return Estimate(share, share - middle + half, middle + half - share)


def balance(plus: float, minus: float, rest: float = 0.0, *, whole: bool = False) -> Estimate:
    """(plus - minus) / (plus + minus + rest); where rest is `whole` part of it, it counts even at zero."""
    of = plus + minus + rest
    if not whole:
        share = wilson(plus, of)
        return Estimate(2 * share.value - 1, 2 * share.below, 2 * share.above)
    value = (plus - minus) / of
    half = Z * math.sqrt(max(0.0, (plus + minus) / of - value * value) / of)
    return Estimate(value, half, half)


def difference(one: Estimate, other: Estimate) -> float:
    """How far two independent estimates may be apart by chance; infinite where one of them has no interval."""
    return math.hypot(max(one.below, one.above), max(other.below, other.above))


def noise_of_sums(one: Pool, other: Pool) -> float:
    """How far two sums of x may be apart by chance, when posts come by chance and each brings its own: a compound
    Poisson sum has the variance Σx² (Feller, An Introduction to Probability Theory, volume I, XII.2)."""
    return Z * math.sqrt(one.xx + other.xx)


def student(freedom: int) -> float:
    """The 97.5 % quantile of Student’s t, to 0.01 from four degrees of freedom on (Abramowitz and Stegun, 26.7.5).

    Below that it is too small: by 3 % at two, by a quarter at one.
    """
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + first / freedom + second / freedom**2 + third / freedom**3

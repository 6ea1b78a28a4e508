"""Spikes: by the formula, once each, in whatever order their mentions come; and how often the formula errs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from antiphon.components.watch import Firing, Sighting
from antiphon_listening.baseline import deviation, hour_of, past
from antiphon_listening.spikes import SpikeWatch, Spiking
from antiphon_listening.triggers import OnSpike

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def watching(**options: Any) -> SpikeWatch:
    return OnSpike().watch(OnSpike.Options.model_validate({"query": "torrea", **options}))


def mentions(at: datetime, count: int, negative: int = 0, loud: int = 0) -> list[Sighting]:
    """So many within the hour that begins then, the first of them negative, and the first of these influential."""
    step = HOUR / max(count, 1)
    fits = [(0, *([1] if n < negative else []), *([2] if n < loud else [])) for n in range(count)]
    return [Sighting(at + n * step, f"{at:%m%d%H}:{n:03}", fits[n]) for n in range(count)]


def usual(days: int, count: int = 4, negative: int = 0) -> list[Sighting]:
    return [one for hour in range(24 * days) for one in mentions(MONDAY + hour * HOUR, count, negative)]


def told(
    watch: SpikeWatch, arriving: Sequence[Sighting], memory: Spiking | None = None
) -> tuple[Spiking, list[Firing]]:
    """What is told of mentions in the order in which they come, time passing as they do, and now and then a restart."""
    memory, firings = memory or watch.begin(MONDAY), list[Firing]()
    for place, one in enumerate(arriving):
        while (due := watch.due(memory)) is not None and due <= one.at:
            memory, some = watch.elapse(memory, due)
            firings += some
        memory, some = watch.absorb(memory, one)
        if place % 97 == 0:
            memory = Spiking.model_validate(memory.model_dump(mode="json", exclude_defaults=True))
        firings += some
    return memory, firings


@pytest.mark.parametrize(
    ("x", "usually", "z"),
    [
        (10, [4, 4, 4, 4], 3.0),  # √4 is more than 1.4826 · 0
        (3, [0, 0, 0], 3.0),  # never less than 1
        (30, [10, 20, 10, 20, 10, 20, 30, 0], (30 - 15) / (1.4826 * 5)),
        (0, [9, 9, 9], -3.0),
    ],
)
def test_formula(x: int, usually: list[int], z: float) -> None:
    """z = (x - median) / max(1.4826 · MAD, √median, 1)."""
    assert z == pytest.approx(deviation(x, usually))


def test_same_hour_of_the_week() -> None:
    """What is usual is the same hour of the eight weeks before; of the same hour of the day while weeks are few."""
    hour = hour_of(MONDAY)
    counts = {hour - 168 * n: (n, 0) for n in range(1, 10)} | {hour - 24: (99, 0)}

    assert [1, 2, 3, 4, 5, 6, 7, 8] == past(counts, hour, hour - 168 * 10, 8)
    assert [99, 0, 0, 0, 0, 0, 1] == past(counts, hour, hour - 168, 8)
    assert () == past(counts, hour, hour - 24 * 2, 8)


def test_l9_one_spike_is_told_once() -> None:
    """L9: two hours far above the usual are one spike, however long it lasts; after six quiet hours it is over."""
    storm = MONDAY + timedelta(days=28, hours=9)
    hours = [mentions(storm + n * HOUR, 30, negative=3) for n in range(5)]
    after = [mentions(storm + n * HOUR, 4) for n in range(5, 14)]
    arriving = [*usual(28), *mentions(storm - HOUR, 4), *(one for some in (*hours, *after) for one in some)]

    _, begins = told(watching(), sorted(arriving))
    _, ends = told(watching(when="ends"), sorted(arriving))

    (begun,), (ended,) = begins, ends
    assert (storm, True) == (begun.since, storm + HOUR <= begun.at < storm + 2 * HOUR)
    assert {"z": pytest.approx(13.0), "negative_share": 0.15} == begun.told
    assert (storm, storm + 11 * HOUR) == (ended.since, ended.at)
    assert "quiet for 6h, after 150 mentions in 5h" == ended.summary


def test_l9_one_hour_is_no_spike() -> None:
    """L9: one loud hour alone, or two below the floor, open nothing."""
    storm = MONDAY + timedelta(days=28, hours=9)
    one_hour = [*usual(28), *mentions(storm, 40), *mentions(storm + HOUR, 4)]
    few = [*usual(28, count=0), *mentions(storm, 9), *mentions(storm + HOUR, 9)]

    assert [] == told(watching(), one_hour)[1]
    assert [] == told(watching(negative_floor=50), few)[1]
    assert 1 == len(told(watching(floor=9), few)[1])


def test_l9_a_worse_tone() -> None:
    """L9: an hour that is no louder opens one when twice the usual share of it is negative, with twenty at least."""
    storm = MONDAY + timedelta(days=28, hours=9)
    before = usual(28, count=20, negative=4)

    assert [] == told(watching(), [*before, *mentions(storm, 20, negative=7)])[1]
    assert ["8 of 20 mentions are negative"] == [
        one.summary.partition(":")[0] for one in told(watching(), [*before, *mentions(storm, 20, negative=8)[::-1]])[1]
    ]
    assert [] == told(watching(), [*usual(28, negative=1), *mentions(storm, 19, negative=19)])[1]


def test_l9_somebody_influential() -> None:
    """L9: one negative mention of somebody with many followers is enough, from the first day on, if that is asked."""
    loud = mentions(MONDAY, 1, negative=1, loud=1)

    assert 1 == len(told(watching(influential=10_000), loud)[1])
    assert 3 == len(watching(influential=10_000).interests)
    assert 2 == len(watching().interests)


@pytest.mark.parametrize(
    ("options", "begins", "ends"),
    [({}, 1, 11), ({"sensitivity": 14}, 0, 0), ({"floor": 31}, 0, 0), ({"calm": "2h"}, 1, 7)],
)
def test_l9_settings(options: dict[str, Any], begins: int, ends: int) -> None:
    """L9: sensitivity, floor and cool-down are settings: what is asked for makes a spike, and says when it is over."""
    storm = MONDAY + timedelta(days=28, hours=9)
    loud = [one for n in range(5) for one in mentions(storm + n * HOUR, 30)]
    quiet = [one for n in range(5, 14) for one in mentions(storm + n * HOUR, 4)]

    over = told(watching(**options, when="ends"), [*usual(28), *loud, *quiet])[1]

    assert begins == len(told(watching(**options), [*usual(28), *loud, *quiet])[1])
    assert [storm + n * HOUR for n in (ends,) if n] == [one.at for one in over]


def test_nothing_to_compare_with() -> None:
    """In its first days it knows of nothing that is usual, tells nothing, and says so."""
    watch = watching()
    memory, firings = told(watch, [*usual(1), *mentions(MONDAY + 24 * HOUR, 90), *mentions(MONDAY + 25 * HOUR, 90)])

    assert [] == firings
    assert "too little to compare with" in watch.explain(memory, MONDAY + 25 * HOUR).because


def test_a_second_spike_after_the_first() -> None:
    """What comes after a spike is over is another one."""
    storms = [MONDAY + timedelta(days=28, hours=9), MONDAY + timedelta(days=29, hours=9)]
    arriving = [one for storm in storms for n in range(2) for one in mentions(storm + n * HOUR, 30)]

    assert storms == [one.since for one in told(watching(), [*usual(28), *arriving])[1]]


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_order_and_repetition(random: Random, again: int) -> None:
    """Mentions of a day that come in any order, some of them again, are counted once each and open one spike."""
    storm = MONDAY + timedelta(days=28, hours=9)
    memory, _ = told(watching(), [one for one in usual(28) if one.at.hour in (8, 9, 10, 11)])
    arriving = [one for n in range(3) for one in mentions(storm + n * HOUR, 30, negative=1)]
    arriving += random.choices(arriving, k=again)
    random.shuffle(arriving)
    watch = watching()

    firings = list[Firing]()
    for one in arriving:
        memory, some = watch.absorb(memory, one)
        firings += some

    assert 1 == len(firings)
    assert [(30, 1)] * 3 == [memory.counts[hour_of(storm) + n] for n in range(3)]


def test_how_often_it_errs() -> None:
    """Over 40 weeks of a daily rhythm, with chance as in real counts, it tells what was put in, and little else."""
    random = Random(9)
    begun, weeks = hour_of(MONDAY), 48
    counts = {begun + n: (_drawn(random, 6 + 5 * (8 <= n % 24 <= 20)), 0) for n in range(weeks * 168)}
    planted = [begun + 8 * 168 + n * 60 for n in range(100)]
    for hour in planted:
        for later in range(3):
            counts[hour + later] = (counts[hour + later][0] + 40, 0)

    high = {
        hour: counts[hour][0] >= 10 and deviation(counts[hour][0], past(counts, hour, begun, 8)) >= 3
        for hour in range(begun + 8 * 168, begun + weeks * 168)
    }
    both = [hour for hour in high if high[hour] and high.get(hour - 1)]
    found = {hour for hour in planted if any(hour <= one <= hour + 3 for one in both)}
    false = [one for one in both if not any(hour - 1 <= one <= hour + 4 for hour in planted)]

    assert len(found) >= 95
    assert len(false) / 40 <= 0.5


def _drawn(random: Random, mean: float) -> int:
    """A negative binomial count (dispersion 5), as a Poisson count of a gamma-distributed mean."""
    bound, product, n = exp(-random.gammavariate(5, mean / 5)), random.random(), 0
    while product > bound:
        product, n = product * random.random(), n + 1
    return n


@pytest.mark.parametrize(
    "wrong", [{"calm": "90m"}, {"calm": "30m"}, {"sensitivity": 1}, {"weeks": 2}, {"negative_times": 1}]
)
def test_settings(wrong: dict[str, Any]) -> None:
    """A setting with which nothing would be told apart is refused."""
    with pytest.raises(ValidationError):
        OnSpike.Options.model_validate({"query": "torrea", **wrong})

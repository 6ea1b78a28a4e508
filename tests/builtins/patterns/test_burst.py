"""Bursts, against a model that keeps everything and looks at all of it each time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builtins.patterns.arrivals import MINUTE, at, sightings, told

from antiphon.builtins.patterns import burst
from antiphon.builtins.patterns.burst import BurstMemory, BurstWatch
from antiphon.builtins.patterns.memory import LATENESS
from antiphon.components.interest import Interest
from antiphon.components.watch import Sighting


def watching(at_least: int, minutes: int) -> BurstWatch:
    return BurstWatch((Interest("m.r"),), at_least, minutes * MINUTE)


def chains(events: list[Sighting], at_least: int, within: timedelta) -> list[list[tuple[str, datetime]]]:
    """All bursts of some events: of each its full events, with the event that the full window began with."""
    full = [
        (events[n - at_least + 1].id, one.at)
        for n, one in enumerate(events)
        if n + 1 >= at_least and one.at - events[n - at_least + 1].at <= within
    ]
    found: list[list[tuple[str, datetime]]] = []
    for one in full:
        if found and one[1] - found[-1][-1][1] <= within:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def model(arriving: list[Sighting], at_least: int, within: timedelta) -> list[tuple[str, datetime]]:
    """After each event, every burst of which nothing was told is told by its first full event."""
    known, answers, full_ones = set[Sighting](), list[tuple[str, datetime]](), set[datetime]()
    for sighting in arriving:
        latest = max(one.at for one in {*known, sighting})
        if sighting.at < latest - max(within, LATENESS):
            continue
        known.add(sighting)
        for chain in chains(sorted(known), at_least, within):
            if not any(when in full_ones for _, when in chain):
                answers.append(chain[0])
            full_ones |= {when for _, when in chain}
    return answers


@given(sightings(), st.integers(2, 4), st.integers(1, 20))
def test_model(arriving: list[Sighting], at_least: int, minutes: int) -> None:
    """In whatever order events arrive, and however often, each burst is told once, by what it began with."""
    watch = watching(at_least, minutes)

    assert model(arriving, at_least, watch.within) == told(watch, arriving)


@given(sightings(), st.integers(2, 4), st.integers(1, 20))
def test_in_order(arriving: list[Sighting], at_least: int, minutes: int) -> None:
    """Events that arrive as they happen give the first full event of each burst, and no other."""
    events = sorted(set(arriving))
    expected = [chain[0] for chain in chains(events, at_least, minutes * MINUTE)]

    assert expected == told(watching(at_least, minutes), sorted(arriving))


@given(st.lists(st.integers(0, 90), min_size=10, max_size=80), st.integers(2, 4), st.integers(1, 20))
def test_thinned(minutes: list[int], at_least: int, within: int) -> None:
    """What is forgotten is never missed."""
    arriving = [Sighting(at(minute), f"e{number:02}") for number, minute in enumerate(minutes)]
    spare, burst.SPARE = burst.SPARE, -2 * at_least
    try:
        found = told(watching(at_least, within), arriving)
    finally:
        burst.SPARE = spare

    assert model(arriving, at_least, within * MINUTE) == found


def test_late() -> None:
    """A late event completes a burst, and is told of then; one that comes far too late is passed over."""
    early = [Sighting(at(0), "a"), Sighting(at(20), "c"), Sighting(at(300), "z")]
    watch = watching(3, 30)

    assert [] == told(watch, early)
    assert [("a", at(20))] == told(watch, [*early[:2], Sighting(at(10), "b")])
    assert [] == told(watch, [*early, Sighting(at(10), "b")])


def test_long() -> None:
    """A burst that does not end is told once, and what is remembered of it stays small."""
    watch, memory, count = watching(25, 30), BurstMemory(), 0
    for number in range(5000):
        memory, fired = watch.absorb(memory, Sighting(at(0) + number * timedelta(seconds=1), f"e{number:04}"))
        count += len(fired)

    assert 1 == count
    assert len(memory.seen) <= 2 * 25 + burst.SPARE + 1


@pytest.mark.parametrize(
    ("minute", "because"),
    [
        (9, "2 of 3 within 10m; the nearest was 2026-03-02 09:09:00 UTC with 2"),
        (30, "0 of 3 within 10m; the nearest was 2026-03-02 09:09:00 UTC with 2"),
    ],
)
def test_explain(minute: int, because: str) -> None:
    """It says how many there were, and when there were the most."""
    watch, memory = watching(3, 10), BurstMemory()
    for minute_seen in (0, 9):
        memory, _ = watch.absorb(memory, Sighting(at(minute_seen), f"e{minute_seen}"))

    assert because == watch.explain(memory, at(minute)).because


def test_explain_told() -> None:
    """While a burst lasts it says since when."""
    watch, memory = watching(2, 10), BurstMemory()
    for minute_seen in (0, 9):
        memory, _ = watch.absorb(memory, Sighting(at(minute_seen), f"e{minute_seen}"))

    verdict = watch.explain(memory, at(15))

    assert (True, "at least 2 within 10m since 2026-03-02 09:09:00 UTC") == (verdict.holds, verdict.because)

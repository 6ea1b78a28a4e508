"""Combinations, against a model that tries every choice of events."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builtins.patterns.arrivals import MINUTE, sightings, told

from antiphon.builtins.patterns import combinations
from antiphon.builtins.patterns.combinations import AllOfWatch, CombinationWatch, InOrderWatch
from antiphon.builtins.patterns.memory import LATENESS
from antiphon.components.interest import Interest
from antiphon.components.watch import Sighting

INTERESTS = (Interest("a.a"), Interest("b.b"), Interest("c.c"))
KINDS = [AllOfWatch, InOrderWatch]


def suits(kind: type[CombinationWatch], choice: tuple[Sighting, ...], within: timedelta) -> bool:
    """Whether these events, one for each interest, are a combination."""
    if kind is InOrderWatch and not all(one < other for one, other in pairwise(choice)):
        return False
    return max(choice).at - min(choice).at <= within


def earliest(
    kind: type[CombinationWatch], free: list[Sighting], count: int, within: timedelta
) -> tuple[Sighting, Sighting] | None:
    """The beginning and the end of the combination that is complete first; of several, the one that began last."""
    candidates = [[one for one in free if place in one.fits] for place in range(count)]
    choices = [choice for choice in product(*candidates) if suits(kind, choice, within)]
    if not choices:
        return None
    end = min(max(choice) for choice in choices)
    return max(min(choice) for choice in choices if max(choice) == end), end


def model(
    kind: type[CombinationWatch], arriving: list[Sighting], count: int, within: timedelta
) -> list[tuple[str, datetime]]:
    """After each event, look at what lies between the combinations before it and after it."""
    known, spans = set[Sighting](), list[tuple[Sighting, Sighting]]()
    answers = []
    for sighting in arriving:
        latest = max(one.at for one in {*known, sighting})
        if sighting.at < latest - max(within, LATENESS) or any(first <= sighting <= last for first, last in spans):
            continue
        known.add(sighting)
        before = [last for _, last in spans if last < sighting]
        after = [first for first, _ in spans if first > sighting]
        free = [one for one in sorted(known) if all(one > last for last in before) and all(one < end for end in after)]
        if found := earliest(kind, free, count, within):
            spans.append(found)
            answers.append((found[0].id, found[1].at))
    return answers


@pytest.mark.parametrize("kind", KINDS)
@given(arriving=sightings(kinds=3), count=st.integers(2, 3), minutes=st.integers(1, 30))
@settings(max_examples=80, deadline=None)
def test_model(kind: type[CombinationWatch], arriving: list[Sighting], count: int, minutes: int) -> None:
    """In whatever order events arrive, and however often, each combination is told once."""
    watch = kind(INTERESTS[:count], minutes * MINUTE)
    met = [one._replace(fits=kept) for one in arriving if (kept := tuple(n for n in one.fits if n < count))]

    assert model(kind, met, count, watch.within) == told(watch, met)


@pytest.mark.parametrize("kind", KINDS)
@given(arriving=sightings(kinds=3), minutes=st.integers(1, 30))
def test_thinned(kind: type[CombinationWatch], arriving: list[Sighting], minutes: int) -> None:
    """Of events that arrive as they happen, what is forgotten is never missed."""
    events = sorted(set(arriving))
    watch = kind(INTERESTS, minutes * MINUTE)
    expected = told(watch, events)
    remembered, combinations.REMEMBERED = combinations.REMEMBERED, 1
    try:
        found = told(watch, events)
    finally:
        combinations.REMEMBERED = remembered

    assert expected == found

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.ghost.places import Place

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def when(item: Any) -> datetime:
    return START + timedelta(minutes=item["minute"])


@given(st.lists(st.lists(st.integers(0, 55), max_size=4), max_size=6), st.integers(1, 4))
def test_once(arrivals: list[list[int]], most: int) -> None:
    """Whatever comes between two polls, dated back by less than the overlap or in one minute with others, is given
    once; at first, only the newest is."""
    there: list[dict[str, Any]] = [{"id": f"old-{minute}", "minute": minute} for minute in (3, 3, 40)]
    given_first, place = Place.begin(sorted(there, key=when, reverse=True), when, HOUR, most)
    given_later: list[str] = []
    for poll, minutes in enumerate(arrivals):
        there += [{"id": f"{poll}-{number}", "minute": minute} for number, minute in enumerate(minutes)]
        items = sorted((one for one in there if when(one) >= place.at - HOUR), key=when)
        fresh, place = Place.read(place.written()).go_on(items, when, HOUR)
        given_later += [one["id"] for one in fresh]

    assert len(given_first) == min(most, 3)
    assert sorted(given_later) == sorted(one["id"] for one in there if not one["id"].startswith("old"))


def test_beginning() -> None:
    """Where there was nothing at first, everything is new afterwards."""
    nothing, place = Place.begin([], when, HOUR, 20)

    fresh, _ = Place.read(place.written()).go_on([{"id": "a", "minute": 0}], when, HOUR)

    assert (nothing, [one["id"] for one in fresh]) == ([], ["a"])

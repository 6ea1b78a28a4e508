"""The port of watches."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antiphon.components.ports import Fired, Place, Remembered, Store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def put(store: Store, *remembered: Remembered, fired: tuple[Fired, ...] = ()) -> None:
    store.watches.change([(one.watch, one.key) for one in remembered], lambda known: (remembered, fired))


def test_change(store: Store) -> None:
    """What is made of what is remembered is remembered, each under its name and key."""
    put(
        store,
        Remembered("w/a/1", "x", {"n": 1}),
        Remembered("w/a/1", "y", {"n": 2}),
        Remembered("w/b/1", "x", {"n": 3}),
    )
    seen: list[Mapping[Place, Any]] = []

    def doubled(known: Mapping[Place, Mapping[str, Any]]) -> tuple[list[Remembered], list[Fired]]:
        seen.append(known)
        return [Remembered(*place, {"n": 2 * memory["n"]}) for place, memory in known.items()], []

    store.watches.change([("w/a/1", "x"), ("w/a/1", "new")], doubled)

    assert [{("w/a/1", "x"): {"n": 1}}] == seen
    assert [{"n": 2}, {"n": 2}, {"n": 3}, None] == [
        store.watches.get(*place) for place in [("w/a/1", "x"), ("w/a/1", "y"), ("w/b/1", "x"), ("w/a/1", "new")]
    ]
    assert ["x", "y"] == store.watches.keys("w/a/1")


def test_nothing_is_changed(store: Store) -> None:
    """What fails in between changes nothing, and notes nothing down."""
    put(store, Remembered("w/a/1", "x", {"n": 1}))

    def fails(known: object) -> tuple[list[Remembered], list[Fired]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.watches.change([("w/a/1", "x")], fails)

    assert {"n": 1} == store.watches.get("w/a/1", "x")


def test_fired(store: Store) -> None:
    """What came about stays noted down, once, until it is answered."""
    one, other = Fired("1", NOW + HOUR, {"a": 1}), Fired("2", NOW, {"a": 2})
    put(store, Remembered("w/a/1", "x", {}), fired=(one, other))
    put(store, Remembered("w/a/1", "x", {}), fired=(one,))
    assert [other, one] == store.watches.fired()
    store.watches.answered(["2", "3"])

    assert [one] == store.watches.fired()


def test_due(store: Store) -> None:
    """What is due is found by its time, the first first, of those who are asked about."""
    at = {"a": NOW, "b": NOW - HOUR, "c": NOW + HOUR, "d": None}
    put(store, *(Remembered("w/a/1", key, {}, due) for key, due in at.items()), Remembered("w/b/1", "x", {}, NOW))

    assert [("w/a/1", "b"), ("w/a/1", "a")] == store.watches.due(["w/a/1"], NOW)
    assert [("w/a/1", "b")] == store.watches.due(["w/a/1", "w/b/1"], NOW, limit=1)
    assert NOW - HOUR == store.watches.next_due(["w/a/1"])
    assert store.watches.next_due([]) is None
    assert ["w/b/1"] == [name for name in ("w/a/1", "w/b/1") if store.watches.due([name], NOW) == [(name, "x")]]


def test_begun(store: Store) -> None:
    """Who remembers something without a key has begun."""
    put(store, Remembered("w/a/1", "", {}), Remembered("w/b/1", "x", {}))

    assert {"w/a/1"} == set(store.watches.begun(["w/a/1", "w/b/1", "w/c/1"]))


def test_forget(store: Store) -> None:
    """What was kept long enough goes, and all of a workflow that is named, but of no other whose name begins so."""
    put(store, Remembered("w/a/1", "x", {}, until=NOW), Remembered("w/a/1", "y", {}, until=NOW + HOUR))
    put(store, Remembered("w_/a/1", "x", {}), Remembered("w/b/1", "x", {}), Remembered("w2/a/1", "x", {}))
    store.watches.forget(NOW + timedelta.resolution)
    assert ["y"] == store.watches.keys("w/a/1")
    store.watches.forget(NOW, ["w", *(f"v{n}" for n in range(2000))])

    left = [name for name in ("w/a/1", "w/b/1", "w_/a/1", "w2/a/1") if store.watches.keys(name)]
    assert ["w_/a/1", "w2/a/1"] == left


def test_one_after_the_other(store: Store) -> None:
    """Of several who change the same places at once, in whatever order they name them, no change is lost."""
    places = [("w/a/1", f"k{n}") for n in range(5)]

    def count(turn: int) -> None:
        def more(known: Mapping[Place, Mapping[str, Any]]) -> tuple[list[Remembered], list[Fired]]:
            return [Remembered(*place, {"n": known.get(place, {"n": 0})["n"] + 1}) for place in places], []

        store.watches.change(places[:: 1 if turn % 2 else -1], more)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(40)))

    assert [{"n": 40}] * 5 == [store.watches.get(*place) for place in places]

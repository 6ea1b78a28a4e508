"""The port of events."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from antiphon.components.ports import Store
from antiphon.errors import StoreError
from antiphon.model.event import Event

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def event(number: int, **given: Any) -> Event:
    at = NINE + timedelta(minutes=number)
    return Event(**{"id": f"e{number}", "type": "mention.received", "at": at, "data": {"n": number}, **given})


def test_once(store: Store) -> None:
    """An event delivered again, in the same batch or a later one, is repeated and stays as it first came."""
    ingested = store.events.ingest([event(1), event(2), event(1, type="other.happened")])
    assert (event(1), event(2)) == ingested.new
    assert ingested.repeated == 1

    ingested = store.events.ingest([event(2, data={}), event(3)])
    assert (event(3),) == ingested.new
    assert ingested.repeated == 1
    assert event(2) == store.events.get("e2")


def test_nothing(store: Store) -> None:
    """An empty delivery is no mistake."""
    assert store.events.ingest([]).new == ()
    assert store.events.ingest_many([]) == (0, 0)
    store.events.mark_routed([])


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": "Déjà vu 🦊 \0 \ud83d", "deep": [{"a": [None, True, 1.5, -(2**70)]}]},
        {"": {"é": "\u2028"}},
    ],
)
def test_faithful(store: Store, data: dict[str, object]) -> None:
    """Data comes back as it was, whatever letters it holds."""
    kept = event(1, data=data, source="mastodon.mentions")
    store.events.ingest([kept])
    assert kept == store.events.get("e1")


def test_instants(store: Store) -> None:
    """Times are kept to the microsecond, in any zone, and come back in UTC."""
    paris = timezone(timedelta(hours=1))
    at = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=paris)
    store.events.ingest([event(1, at=at)])
    kept = store.events.get("e1")
    assert kept is not None
    assert kept.at == at
    assert kept.at.tzinfo is UTC


def test_naive(store: Store) -> None:
    """A time without a zone is refused, and nothing of its batch is kept."""
    with pytest.raises(StoreError, match="2026-03-02T09:00:00 has no time zone"):
        store.events.ingest([event(1), event(2, at=datetime(2026, 3, 2, 9))])
    assert store.events.get("e1") is None


def test_not_json(store: Store) -> None:
    """What JSON cannot hold is refused with a sentence."""
    with pytest.raises(StoreError, match="cannot be written as JSON"):
        store.events.ingest([event(1, data={"socket": object()})])


def test_half_a_name(store: Store) -> None:
    """An id that no database can hold is refused with a sentence."""
    with pytest.raises(StoreError, match="half a character"):
        store.events.ingest([event(1, id="\ud83d")])


def test_routing(store: Store) -> None:
    """Events wait, oldest first, until they are marked; one that comes late with an early time is not passed over."""
    store.events.ingest([event(3), event(2)])
    assert [event(2), event(3)] == store.events.unrouted(10)
    assert [event(2)] == store.events.unrouted(1)

    store.events.mark_routed(["e2", "e3", "never heard of"])
    store.events.ingest([event(1), event(2)])
    assert [event(1)] == store.events.unrouted(10)


def test_list(store: Store) -> None:
    """A list has the newest first; a period begins with its first instant and ends before its last."""
    store.events.ingest([event(number, type=f"t.{number % 2}") for number in range(6)])
    since, until = NINE + timedelta(minutes=1), NINE + timedelta(minutes=4)
    assert [event.id for event in store.events.list(since=since, until=until)] == ["e3", "e2", "e1"]
    assert [event.id for event in store.events.list(type="t.1", limit=2)] == ["e5", "e3"]
    assert store.events.list(type="t.9") == []


def test_count(store: Store) -> None:
    """A count tells the types of the period; a type that did not happen is not named."""
    store.events.ingest([event(number, type=f"t.{number % 2}") for number in range(5)])
    assert store.events.count(since=NINE, until=NINE + timedelta(minutes=4)) == {"t.0": 2, "t.1": 2}
    assert store.events.count(since=NINE - timedelta(1), until=NINE) == {}


def test_between(store: Store) -> None:
    """A period is streamed oldest first, each event once, also over pages and where many share one instant."""
    store.events.ingest_many(event(number, id=f"e{number:05}", at=NINE) for number in range(2500))
    store.events.ingest([event(1, id="later")])
    ids = [event.id for event in store.events_between(NINE, NINE + timedelta(hours=1))]
    assert [*(f"e{number:05}" for number in range(2500)), "later"] == ids
    assert list(store.events_between(NINE + timedelta(hours=1), NINE + timedelta(hours=2))) == []


def test_many(store: Store) -> None:
    """A long delivery is counted over its batches, duplicates within and between them alike."""
    delivered = [event(number % 700) for number in range(1000)]
    assert store.events.ingest_many(delivered, batch=100) == (700, 300)
    assert store.events.ingest_many(delivered, batch=333) == (0, 1000)


def test_flat(store: Store) -> None:
    """A delivery is read as it is written down: four times the events take no more memory."""

    def peak(numbers: range) -> int:
        def delivered() -> Iterator[Event]:
            for number in numbers:
                yield event(number, data={"text": "x" * 500})

        tracemalloc.start()
        store.events.ingest_many(delivered(), batch=500)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(range(500))
    once = peak(range(500, 2000))
    assert peak(range(2000, 8000)) < 1.5 * once


def test_ingest_routed(store: Store) -> None:
    """What is kept as offered is never offered; what waits to be offered goes on waiting, though it come again so."""
    store.events.ingest([event(1)])
    store.events.ingest([event(1), event(2)], routed=True)
    assert ["e1"] == [one.id for one in store.events.unrouted(10)]
    assert store.events.get("e2") is not None

"""The port of plugins' own documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from antiphon.components.ports import Record, Store
from antiphon.errors import StoreError

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_replaced(store: Store) -> None:
    """A document put again has the new data and the first time of creation."""
    assert Record("inbox.ticket", "1", {"a": 1}, NOW, NOW) == store.records.put("inbox.ticket", "1", {"a": 1}, NOW)
    later = Record("inbox.ticket", "1", {"b": [2]}, NOW, NOW + HOUR)
    assert later == store.records.put("inbox.ticket", "1", {"b": [2]}, NOW + HOUR)
    assert later == store.records.get("inbox.ticket", "1")


def test_kinds(store: Store) -> None:
    """One key may be used in several kinds."""
    store.records.put("inbox.ticket", "1", {"is": "ticket"}, NOW)
    store.records.put("inbox.draft", "1", {"is": "draft"}, NOW)
    assert [record.data for record in store.records.list("inbox.draft")] == [{"is": "draft"}]
    assert store.records.get("inbox.nothing", "1") is None


def test_list(store: Store) -> None:
    """A list has the newest first, by creation; `until` is exclusive."""
    for number in range(4):
        store.records.put("k", str(number), {}, NOW + number * HOUR)
    store.records.put("k", "0", {}, NOW + 9 * HOUR)
    assert [record.key for record in store.records.list("k")] == ["3", "2", "1", "0"]
    assert [record.key for record in store.records.list("k", since=NOW + HOUR, until=NOW + 3 * HOUR)] == ["2", "1"]
    assert [record.key for record in store.records.list("k", limit=1)] == ["3"]


def test_amended(store: Store) -> None:
    """What is made of a document takes its place, with the first time of creation; one that is not there is empty."""
    first = store.records.amend("k", "1", lambda known: {**known, "a": 1}, NOW)
    second = store.records.amend("k", "1", lambda known: {**known, "b": 2}, NOW + HOUR)

    assert Record("k", "1", {"a": 1}, NOW, NOW) == first
    assert Record("k", "1", {"a": 1, "b": 2}, NOW, NOW + HOUR) == second == store.records.get("k", "1")


def test_amended_in_vain(store: Store) -> None:
    """When nothing can be made of a document, nothing is kept."""
    with pytest.raises(ZeroDivisionError):
        store.records.amend("k", "1", lambda known: {"a": 1 // len(known)}, NOW)

    assert store.records.get("k", "1") is None


def test_all_or_none(store: Store) -> None:
    """Many are amended in one transaction; when one of them fails, none is."""
    store.records.put("k", "1", {"old": True}, NOW)
    with pytest.raises(StoreError):
        store.records.amend_all("k", ["1", "2", "3"], lambda key, _: {"bad": object() if key == "3" else 1}, NOW)
    assert [{"old": True}] == [record.data for record in store.records.all()]

    store.records.amend_all("k", ["1", "2", "2"], lambda key, known: {**known, "is": key}, NOW + HOUR)
    store.records.amend_all("k", [], lambda key, known: {}, NOW)

    assert [
        Record("k", "1", {"old": True, "is": "1"}, NOW, NOW + HOUR),
        Record("k", "2", {"is": "2"}, NOW + HOUR, NOW + HOUR),
    ] == [*store.records.all()]


def test_removed(store: Store) -> None:
    """What is taken out is gone, once."""
    store.records.put("k", "1", {}, NOW)

    assert [True, False] == [store.records.remove("k", "1"), store.records.remove("k", "1")]
    assert store.records.get("k", "1") is None


def test_every_one(store: Store) -> None:
    """All documents are read, however many there are."""
    for kind in ("a", "b"):
        store.records.amend_all(kind, [str(n) for n in range(601)], lambda key, _: {"n": int(key)}, NOW)

    assert sorted([*range(601), *range(601)]) == sorted(record.data["n"] for record in store.records.all())

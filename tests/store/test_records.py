"""The port of plugins' own documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from antiphon.components.ports import Record, Store

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

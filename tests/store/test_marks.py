"""The port of marks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from antiphon.components.ports import Store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_first(store: Store) -> None:
    """Only the first owner is first, however often either asks; scopes and keys do not meddle with one another."""
    first = store.marks.first
    assert first("w", "k", "ana", NOW, NOW + HOUR)
    assert not first("w", "k", "ben", NOW, NOW + HOUR)
    assert first("w", "k", "ana", NOW, NOW + HOUR)
    assert first("w", "other", "ben", NOW, NOW + HOUR)
    assert first("other", "k", "ben", NOW, NOW + HOUR)


def test_lapses(store: Store) -> None:
    """At `until` the mark is free for the next; the owner who asks again does not put it off."""
    assert store.marks.first("w", "k", "ana", NOW, NOW + HOUR)
    assert store.marks.first("w", "k", "ana", NOW + HOUR / 2, NOW + 9 * HOUR)
    assert not store.marks.first("w", "k", "ben", NOW + HOUR - timedelta.resolution, NOW + 9 * HOUR)
    assert store.marks.first("w", "k", "ben", NOW + HOUR, NOW + 2 * HOUR)
    assert not store.marks.first("w", "k", "ana", NOW + HOUR, NOW + 2 * HOUR)


def test_known(store: Store) -> None:
    """To ask what is known notes nothing, and an owner's own mark is not known to it."""
    assert not store.marks.known("w", "k", "ana", NOW)
    assert store.marks.first("w", "k", "ana", NOW, NOW + HOUR)
    assert not store.marks.known("w", "k", "ana", NOW)
    assert store.marks.known("w", "k", "ben", NOW)
    assert not store.marks.known("w", "k", "ben", NOW + HOUR)

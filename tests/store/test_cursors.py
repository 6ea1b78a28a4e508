"""The port of cursors."""

from __future__ import annotations

from antiphon.components.ports import Store


def test_moves(store: Store) -> None:
    """A cursor is None before the first poll, and then what was last said; another's stays."""
    assert store.cursors.get("brand/mentions") is None
    store.cursors.set("brand/mentions", "1")
    store.cursors.set("brand/feed", '{"etag": "é"}')
    store.cursors.set("brand/mentions", "2")
    assert store.cursors.get("brand/mentions") == "2"
    assert store.cursors.get("brand/feed") == '{"etag": "é"}'


def test_empty(store: Store) -> None:
    """An empty cursor is a cursor."""
    store.cursors.set("brand/mentions", "")
    assert store.cursors.get("brand/mentions") == ""

"""Credentials in the store."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from antiphon.components.ports import Credential, Store

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
BRAND = Credential("connection", "brand", "mastodon", {"server": "https://a.example"}, ["token"], "sealed", "k1", NINE)
SHOP = Credential("secret", "shop", "", {}, ["value"], "sealed", "k1", NINE)


def test_change(store: Store) -> None:
    """What a change leaves out is gone, what it brings is there, and the rest stays."""
    store.credentials.change(lambda found: [*found, SHOP, BRAND])
    assert [BRAND, SHOP] == list(store.credentials.list())
    newer = replace(BRAND, sealed="anew")
    store.credentials.change(lambda found: [newer])
    assert [newer] == list(store.credentials.list())
    assert newer == store.credentials.get("connection", "brand")
    assert store.credentials.get("secret", "shop") is None


def test_failed(store: Store) -> None:
    """A change that raises changes nothing."""
    store.credentials.change(lambda found: [BRAND])

    def fail(found: Sequence[Credential]) -> Sequence[Credential]:
        raise KeyError("no")

    with pytest.raises(KeyError):
        store.credentials.change(fail)
    assert [BRAND] == list(store.credentials.list())


def test_at_once(store: Store) -> None:
    """Changes at once come one after the other, and none is lost."""
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: store.credentials.change(lambda found: [*found, replace(SHOP, name=n)]), map(str, range(40))
            )
        )
    assert 40 == len(store.credentials.list())

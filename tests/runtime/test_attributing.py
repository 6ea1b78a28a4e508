from __future__ import annotations

from typing import Any

import pytest

from antiphon.components.ports import Store
from antiphon.model.effect import Done, Effect, Receipt
from antiphon.model.event import Event
from antiphon.runtime.attributing import attributed
from antiphon.testing.clock import VirtualClock


@pytest.fixture
def done(store: Store, clock: VirtualClock) -> str:
    """The key of an effect that was done, as `post-7` of the connection `brand`."""
    effect = Effect(
        key="thanks/answer/-/e-1", action="a.post", workflow="thanks", run="r", step="s", summary="", connection="brand"
    )
    store.ledger.plan([effect])
    store.ledger.claim(effect.key, "worker")
    store.ledger.settle(effect.key, Done(Receipt(remote_id="post-7", at=clock.now())))
    return effect.key


@pytest.mark.parametrize(
    ("data", "connection", "is_ours"),
    [
        ({"in_reply_to": "post-7"}, "brand", True),
        ({"references": ["post-7", "post-8"], "in_reply_to": "post-8"}, "brand", True),
        ({"in_reply_to": "post-7"}, "community", False),
        ({"in_reply_to": "post-8"}, "brand", False),
        ({"references": "post-7"}, "brand", False),
        ({"in_reply_to": None, "references": None}, "brand", False),
        ({}, "brand", False),
    ],
)
def test_about_ours(
    store: Store, clock: VirtualClock, done: str, data: dict[str, Any], connection: str, is_ours: bool
) -> None:
    """What answers an act of ours, wherever in its thread, has that act's key; anything else stays as it is."""
    event = Event("e-2", "message.received", clock.now(), data)

    (found,) = attributed([event], connection, store.ledger)

    assert found.data == ({**data, "effect": done} if is_ours else data)


def test_endless_thread(store: Store, clock: VirtualClock, done: str) -> None:
    """Of a thread without end only the newest part is looked up."""
    event = Event("e-2", "message.received", clock.now(), {"references": ["post-7", *map(str, range(100_000))]})

    assert attributed([event], "brand", store.ledger) == [event]

"""A context of a run that is about an event, over a real store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.context import Here, ReadContext
from antiphon.components.ports import Store
from antiphon.testing.clock import VirtualClock

Context = Callable[..., ReadContext]
NOTHING = cast(Any, None)


@pytest.fixture
def context(store: Store, clock: VirtualClock) -> Context:
    """The context of a run about an event."""

    def make(event: str = "m:1", data: Mapping[str, Any] | None = None, language: str = "en") -> ReadContext:
        here = Here("care", "r1", "step", ZoneInfo("Europe/Paris"), language=language, event=event)
        rest = (store.events, store.runs, store.ledger, store.people, store.records, store.marks)
        return ReadContext(here, clock, NOTHING, *rest, scope={"event": data or {}})

    return make

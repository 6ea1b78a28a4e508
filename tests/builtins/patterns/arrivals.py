"""What the patterns are tried on: events in the order in which they arrive, not in that in which they happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from antiphon.components.watch import Firing, Sighting, Watch

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minute: int) -> datetime:
    """So many minutes after nine."""
    return NINE + minute * MINUTE


def sightings(kinds: int = 1, span: int = 60) -> st.SearchStrategy[list[Sighting]]:
    """Events of some minutes, each of which meets one interest or several; some arrive late and some twice."""
    fits = st.sets(st.integers(0, kinds - 1), min_size=1).map(lambda met: tuple(sorted(met)))
    event = st.tuples(st.integers(0, span), fits)

    def named(events: list[tuple[int, tuple[int, ...]]]) -> list[Sighting]:
        return [Sighting(at(minute), f"e{number:02}", met) for number, (minute, met) in enumerate(events)]

    once = st.lists(event, max_size=24).map(named)
    return once.flatmap(
        lambda events: (
            st.lists(st.sampled_from(events), max_size=6).map(lambda again: [*events, *again])
            if events
            else st.just(events)
        )
    )


def told(watch: Watch[Any], events: Sequence[Sighting]) -> list[tuple[str, datetime]]:
    """What a watch tells of events that arrive in this order: what each began with, and when it was complete.

    Its memory is written down and read again after each: every event comes after a restart.
    """
    memory, firings = watch.begin(NINE), list[Firing]()
    for sighting in events:
        memory, fired = watch.absorb(memory, sighting)
        memory = watch.Memory.model_validate_json(memory.model_dump_json(exclude_defaults=True))
        firings += fired
    return [(firing.cause, firing.at) for firing in firings]

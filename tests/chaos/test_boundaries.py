"""Workers are killed at every boundary of an effect's life, one after the other; the next ones go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.chaos.arena import KINDS, Arena
from tests.chaos.fuse import BOUNDARIES, MOMENTS

from antiphon.testing.sandbox import Fault, FaultKind

WRITES = "POST /api/v1/statuses"


def _kill(arena: Arena, boundary: str) -> None:
    arena.mention(1)
    assert boundary == arena.life(boundary).killed_at


def _all_well(arena: Arena, parked: int = 0) -> None:
    arena.rest()
    count = arena.count()
    assert ([], [], []) == (count.lost, count.doubled, count.untrue)
    assert (len(arena.mentions) * len(KINDS) - parked, parked) == (count.done, count.parked)


@pytest.mark.parametrize("port", ["harvests", "events", "runs", "subscriptions"])
def test_calls(arena: Arena, port: str) -> None:
    """Before, within and after every word to the store by which a call is heard, opens a run, and is walked."""
    for boundary in BOUNDARIES:
        if boundary.startswith(f"{port}."):
            _kill(arena, boundary)
    _all_well(arena)


def test_effects(either_arena: Arena) -> None:
    """Before, within and after every word to the ledger, and around the request: nothing is lost or doubled."""
    for boundary in BOUNDARIES:
        if boundary.startswith(("ledger.plan", "ledger.claim", "ledger.settle", "request")):
            _kill(either_arena, boundary)
    _all_well(either_arena)


@pytest.mark.parametrize("moment", MOMENTS)
def test_doubt(arena: Arena, moment: str) -> None:
    """While a doubt is settled: what the network does not have is sent once; what nobody can look up stays parked."""
    for network, word in ((arena.network, "release"), (arena.other, "park")):
        arena.mention(1)
        network.faults.add(Fault(WRITES, FaultKind.RESET))
        assert "" == arena.life().killed_at
        arena.clock.advance(timedelta(minutes=1))
        assert f"ledger.{word} {moment}" == arena.life(f"ledger.{word} {moment}").killed_at
    _all_well(arena, parked=1)


def test_bare(arena: Arena) -> None:
    """A call without a key whose worker dies in the middle is never made a second time without asking a person."""
    for network_has_it, boundary in enumerate(("request before", "request answered")):
        arena.mention(1)
        arena.life("events.mark_routed after")  # the runs are open, and only those of the bare call are left to do
        for workflow in ("answer", "echo"):
            arena.app.activate(workflow)
        assert boundary == arena.life(boundary).killed_at
        arena.rest()
        count = arena.count()
        assert ([], [], []) == (count.lost, count.doubled, count.untrue)
        assert network_has_it + 1 == count.parked
        assert network_has_it == len(arena.other.statuses("brand"))
    arena.settle()
    arena.rest()
    assert (len(arena.mentions) * len(KINDS), 0) == (arena.count().done, arena.count().parked)
    assert 2 == len(arena.other.statuses("brand"))

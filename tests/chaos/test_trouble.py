"""Each thing that goes wrong at a network, and what must come of it; see tests/chaos/trouble.py."""

from __future__ import annotations

import pytest
from tests.chaos.arena import KINDS, Arena
from tests.chaos.trouble import LIES, WRITES

from antiphon.model.effect import EffectState
from antiphon.model.run import RunState
from antiphon.testing.sandbox import Fault, FaultKind, Sandbox

WRITTEN = 4
"""How many of the answers to a mention are written to the connection's network."""


def _requests(network: Sandbox) -> int:
    return len([request for request in network.requests if request.method == "POST"])


def _state(arena: Arena, kind: str) -> tuple[EffectState, str]:
    [entry] = [entry for known, _, entry in arena.entries() if known == kind]
    assert entry is not None
    return entry.state, entry.reason


@pytest.mark.parametrize(
    ("fault", "sent_again"),
    [
        (Fault(WRITES, FaultKind.ACCEPT_THEN_TIMEOUT, times=2, seconds=1.3), 0),
        (Fault(WRITES, FaultKind.ACCEPT_THEN_RESET, times=4), 0),
        (Fault(WRITES, FaultKind.CREATED_BUT_400, times=4), 0),
        (Fault(WRITES, FaultKind.TRUNCATED_JSON, times=4), 0),
        (Fault(WRITES, FaultKind.SLOW, times=2, seconds=0.3), 0),
        (Fault(WRITES, FaultKind.OK_WITH_ERROR, times=4), 4),
        (Fault(WRITES, FaultKind.HTML_INSTEAD_OF_JSON, times=4), 4),
        (Fault(WRITES, FaultKind.RATE_LIMITED, times=4), 4),
        (Fault(WRITES, FaultKind.RATE_LIMITED, times=4, retry_after=90), 4),
        (Fault(WRITES, FaultKind.SERVER_ERROR, times=12), 12),
        (Fault(WRITES, FaultKind.RESET, times=4), 4),
        (Fault("GET /api/v1/", FaultKind.SERVER_ERROR, times=3), 0),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else "",
)
def test_once(arena: Arena, fault: Fault, sent_again: int) -> None:
    """Every answer is there once in the end, without a person; only what was surely not done is sent again."""
    arena.network.faults.add(fault)
    arena.mention(1)
    arena.rest()
    count = arena.count()
    assert (len(KINDS), [], [], []) == (count.done, count.lost, count.doubled, count.untrue)
    assert fault.times == fault.happened
    assert WRITTEN + sent_again == _requests(arena.network)


def test_a_no_that_cannot_be_looked_after(arena: Arena) -> None:
    """A network that says no after doing it, and cannot be asked at that moment, is asked later."""
    arena.network.faults.add(
        Fault(WRITES, FaultKind.CREATED_BUT_400, times=4), Fault("GET /api/v1/", FaultKind.SERVER_ERROR, times=5)
    )
    arena.mention(1)
    arena.rest()
    count = arena.count()
    assert (len(KINDS), [], [], []) == (count.done, count.lost, count.doubled, count.untrue)
    assert WRITTEN == _requests(arena.network)


def test_patience(arena: Arena) -> None:
    """Nobody comes back before the time that the network gave."""
    arena.network.faults.add(Fault(WRITES, FaultKind.RATE_LIMITED, times=1, retry_after=600))
    arena.mention(1)
    arena.rest()
    posts = [request for request in arena.network.requests if request.method == "POST"]
    [refused] = [request for request in posts if request.status == 429]
    assert (posts[-1].at - refused.at).total_seconds() >= 600


@pytest.mark.parametrize("on", [WRITES, "GET /api/v1/"])
def test_revoked(arena: Arena, on: str) -> None:
    """Without a token nothing is sent and nothing is given up; once it is renewed, everything goes on."""
    arena.mention(1)
    arena.life("runs.open after")
    arena.network.faults.add(Fault(on, FaultKind.TOKEN_REVOKED))
    arena.rest()
    held = arena.app.store.runs.list(state=RunState.HELD)
    assert {None} == {run.not_before for run in held}
    told = ("does not accept the credentials", "waits for mention.answered")
    assert all(any(words in run.because for words in told) for run in held)
    assert any(told[0] in run.because for run in held)
    arena.resume()
    arena.rest()
    count = arena.count()
    assert (len(KINDS), [], [], []) == (count.done, count.lost, count.doubled, count.untrue)
    assert WRITTEN == len([one for one in arena.network.requests if one.method == "POST" and one.status == 200])


@pytest.mark.parametrize(
    ("kind", "state", "there"),
    [
        (FaultKind.ACCEPT_THEN_RESET, EffectState.PARKED, 1),
        (FaultKind.RESET, EffectState.PARKED, 0),
        (FaultKind.SERVER_ERROR, EffectState.PARKED, 0),
        (FaultKind.CREATED_BUT_400, EffectState.REJECTED, 1),
        (FaultKind.RATE_LIMITED, EffectState.DONE, 1),
    ],
    ids=lambda value: str(getattr(value, "value", value)),
)
def test_bare(arena: Arena, kind: FaultKind, state: EffectState, there: int) -> None:
    """A call without a key is parked at every doubt, with a reason; a person who has looked settles it."""
    arena.other.faults.add(Fault(WRITES, kind))
    arena.mention(1)
    arena.rest()
    found, reason = _state(arena, "bare")
    assert (state, there) == (found, len(arena.other.statuses("brand")))
    assert reason or state is EffectState.DONE
    assert [] == arena.count(LIES).untrue
    arena.settle()
    arena.rest()
    assert 1 == len(arena.other.statuses("brand"))
    assert len(KINDS) - (state is EffectState.REJECTED) == arena.count().done

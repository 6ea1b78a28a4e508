"""Foreseeing, and telling why a pattern did not come about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon import Event

MINUTE = timedelta(minutes=1)
BURST = {"id": "storm", "burst": {"event": "m.r", "at_least": 3, "within": "10m", "per": "${{ event.account }}"}}
SILENCE = {"id": "silence", "missing": {"event": "m.r", "for": "1h"}}


@pytest.fixture
def patterns(workspace: Any) -> Any:
    workspace.write({"id": "w", "triggers": [BURST, SILENCE, {"id": "plain", "event": {"type": "m.r"}}]})
    return workspace


def some(workspace: Any, *ages: int, account: str = "brand") -> list[Event]:
    """Events that happened so many minutes ago, in this order."""
    now = workspace.clock.now()
    return [Event(f"{account}{n}", "m.r", now - age * MINUTE, {"account": account}) for n, age in enumerate(ages)]


def test_calls(patterns: Any) -> None:
    """The calls are those that the router would open for the same events, and nothing is kept."""
    events = [*some(patterns, 90, 88, 86, 5), *some(patterns, 89, 87, account="other")]
    foreseen = patterns.app.foresee("w", events)
    assert [] == patterns.app.store.events.list()
    assert patterns.app.store.watches.next_due(patterns.app.watching.watchers) is None
    patterns.app.watching.absorb(events)

    opened = [run.cause for run in patterns.app.store.runs.list()]
    assert opened == [call.cause for call in foreseen.calls if call.trigger == "storm"]
    assert ["silence", "storm"] == sorted(call.trigger for call in foreseen.calls)


def test_answers(patterns: Any) -> None:
    """Each event is told what it came to, and of how many."""
    answers = patterns.app.foresee("w", some(patterns, 8, 7, 5, 4)).answers

    assert [
        "1 of 3 within 10m; the nearest was 2026-03-02 08:55:00 UTC with 1",
        "2 of 3 within 10m; the nearest was 2026-03-02 08:56:00 UTC with 2",
        "3 × m.r within 10m",
        "at least 3 within 10m since 2026-03-02 08:58:00 UTC",
    ] == [answers[f"brand{n}"]["storm"].because for n in range(4)]
    assert [False, False, True, False] == [answers[f"brand{n}"]["storm"].holds for n in range(4)]


def test_planned(patterns: Any) -> None:
    """What is foreseen can be planned, and a plan of it is the plan of the run that the router would open."""
    events = some(patterns, 8, 7, 5)
    [call] = patterns.app.foresee("w", events).calls
    plan = patterns.app.planner.draft(patterns.app.program("w"), [call])
    patterns.app.watching.absorb(events)

    [run] = patterns.app.store.runs.list()
    assert run.id == plan.runs[0].id
    assert "brand: 3 × m.r within 10m" == plan.runs[0].scope["trigger"]["summary"]


@pytest.mark.parametrize(
    ("trigger", "because"),
    [
        (0, "brand: 2 of 3 within 10m; the nearest was 2026-03-02 09:08:00 UTC with 2"),
        (1, "nothing since 2026-03-02 09:08:00 UTC: 2m of 1h"),
    ],
)
def test_why(patterns: Any, trigger: int, because: str) -> None:
    """Of what was heard it can be told how near a trigger was to waking its workflow."""
    patterns.app.sweep_patterns()
    patterns.clock.advance(7 * MINUTE)
    patterns.app.watching.absorb(some(patterns, 5, 2))
    program = patterns.app.program("w")

    verdict = patterns.app.watching.explain(program, program.triggers[trigger], patterns.clock.now())

    assert (False, because) == (verdict.holds, verdict.because)


def test_why_of_an_event(patterns: Any) -> None:
    """About an event, it is told of its key at its time; about one that is for nobody, that it is not."""
    program = patterns.app.program("w")
    [first, second] = some(patterns, 5, 2)
    patterns.app.watching.absorb([first, second])
    explain = patterns.app.watching.explain
    other = Event("x", "x.y", patterns.clock.now(), {})

    assert explain(program, program.triggers[0], first).because.startswith("brand: 1 of 3 within 10m")
    assert "x is none of the events that it waits for" == explain(program, program.triggers[0], other).because
    assert explain(program, program.triggers[2], first) is None

"""Runs that wait: what a hundred thousand of them cost, and how ten thousand are woken at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.bench.material import NOON
from tests.bench.measure import Figure, cpu, resident

from antiphon.app import Antiphon
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.testing.clock import VirtualClock

FEW, MANY, DUE = 1_000, 100_000, 10_000
DOCUMENT = """antiphon: 1
id: patient
name: Waits for four days
tz: Europe/Paris
triggers:
  - {id: by_hand, manual: {}}
actions:
  - wait: 4d
  - {use: log, with: {message: "It is time for ${{ run.id }}"}}
"""


def waiting(folder: Path) -> Iterator[Figure]:
    """What is asked every few seconds while runs wait, their memory, and a great many that are due at once."""
    costs, memory = {}, {}
    for count in (FEW, MANY):
        clock = VirtualClock(NOON)
        app = _workspace(folder / f"waiting-{count}", clock)
        _lay_down(app, count)
        app.unfinished(), app.next_due()
        memory[count] = resident()
        costs[count] = cpu(lambda app=app: (app.unfinished(), app.next_due("patient"), app.next_due()))  # type: ignore[misc]
        if count == MANY:
            yield from _wake(app, clock)
        app.close()
    grown = costs[MANY] / costs[FEW]
    yield Figure(
        "looking for what is due, 100,000 wait", f"{1000 * costs[MANY]:.1f} ms", f"{grown:.2f} × 1,000", "", True
    )
    more = memory[MANY] - memory[FEW]
    yield Figure("memory of 100,000 that wait", f"{more:+.0f} MiB", "", "flat", more < 20)


def _wake(app: Antiphon, clock: VirtualClock) -> Iterator[Figure]:
    due = app.next_due("patient")
    assert due is not None
    clock.set(due + timedelta(seconds=DUE - 1))
    began, ticks = time.process_time(), time.monotonic()
    done = app.activate("patient")
    spent, took = time.process_time() - began, time.monotonic() - ticks
    assert Counter({RunState.DONE: DUE}) == Counter(run.state for run in done.runs), "all that are due, and no other"
    assert len({run.id for run in done.runs}) == DUE, "each once"
    yield Figure("10,000 woken at once", f"{DUE / spent:,.0f}/s", f"{took:.0f} s on the wall", "no stall", True)


def _workspace(folder: Path, clock: VirtualClock) -> Antiphon:
    (folder / "workflows").mkdir(parents=True)
    (folder / "antiphon.toml").write_text('[workspace]\nname = "Bench"\ntimezone = "Europe/Paris"\n')
    (folder / "workflows" / "patient.yaml").write_text(DOCUMENT)
    return Antiphon.open(folder, clock=clock)


def _lay_down(app: Antiphon, count: int) -> None:
    """Runs as they stand in the store while they wait, each due a second after the one before."""
    program = app.program("patient")
    for begin in range(0, count, 1_000):
        app.store.runs.open(_waiting(program.fingerprint, n) for n in range(begin, min(begin + 1_000, count)))


def _waiting(program: str, number: int) -> Run:
    until = NOON + timedelta(days=4, seconds=number)
    kept = {"until": until.isoformat()}
    step = StepRecord(path="wait", step="wait", kind="wait", state=StepState.HELD, result=kept, at=NOON)
    return Run(
        id=f"{number:016x}",
        key=f"patient/by_hand/{number}",
        workflow="patient",
        program=program,
        trigger="by_hand",
        cause=str(number),
        state=RunState.HELD,
        because="wait: waits",
        created_at=NOON,
        not_before=until,
        steps=(step,),
    )

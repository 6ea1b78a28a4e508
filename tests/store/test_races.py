"""Several threads and processes that want the same thing at the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from threading import Barrier

from antiphon.components.ports import Harvest, Store
from antiphon.model.effect import Effect
from antiphon.model.evaluation import EvaluationKind, once
from antiphon.model.event import Event
from antiphon.model.person import Person
from antiphon.model.run import Run
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
THREADS = 8


def effects(count: int) -> list[Effect]:
    return [
        Effect(key=f"k{number:03}", action="a.b", workflow="w", run="r", step="s", summary="Say it")
        for number in range(count)
    ]


def runs(count: int) -> list[Run]:
    given = {"workflow": "w", "program": "p", "trigger": "t", "cause": "c", "created_at": NINE}
    return [Run(id=f"r{number:03}", key=f"w/{number}", **given) for number in range(count)]


def start(url: str, workers: int) -> list[subprocess.Popen[str]]:
    """Processes that have done all but open the store."""
    script = Path(__file__).with_name("contend.py")
    processes = [
        subprocess.Popen(
            [sys.executable, script, url, str(worker)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for worker in range(workers)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return processes


def finish(processes: list[subprocess.Popen[str]]) -> list[dict[str, list[str]]]:
    """Give the word to all of them; what each has won."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=30)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [json.loads(answer) for answer in answers]


def test_processes(store_url: str, store: Store) -> None:
    """Two processes want the same effects, runs and events: each goes to exactly one of them, and none is lost."""
    store.ledger.plan(effects(100))
    store.runs.open(runs(100))
    won = finish(start(store_url, 2))
    for what, expected in (
        ("effects", [effect.key for effect in effects(100)]),
        ("runs", [run.id for run in runs(100)]),
        ("events", sorted(f"e{number}" for number in range(1000))),
    ):
        assert expected == sorted(won[0][what] + won[1][what])
    assert len(store.events.unrouted(2000)) == 1000


def test_first_opening(store_url: str) -> None:
    """Two processes that find an empty database both get a whole one."""
    won = finish(start(store_url, 2))
    assert sorted(f"e{number}" for number in range(1000)) == sorted(won[0]["events"] + won[1]["events"])


def test_pollers(store: Store) -> None:
    """Threads that bring the same home at once wait for one another, in whatever order it came to them."""
    barrier = Barrier(THREADS)
    events = [Event(id=f"e{number}", type="t.t", at=NINE) for number in range(50)]
    people = [Person(id=f"m:{number}", network="m", handle="h") for number in range(20)]
    asked = once("w", "t", EvaluationKind.ASKED, NINE)

    def poll(worker: int) -> None:
        order = slice(None, None, -1 if worker % 2 else 1)
        mine = Event(id=f"mine{worker}", type="t.t", at=NINE)
        barrier.wait()
        store.harvests.bring_in(Harvest(NINE, [*events, mine][order], people[order], False, [asked], ("w/t", "1")))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(poll, range(THREADS)))

    assert len(events) + THREADS == len(store.events.unrouted(1000))
    assert [THREADS] == [one.count for one in store.evaluations.list("w")]
    assert len(people) == len(store.people.list())


def test_threads(store: Store) -> None:
    """Of many threads one claims each effect, one opens each run, one is first, and each event is new once."""
    store.ledger.plan(effects(20))
    barrier = Barrier(THREADS)
    events = [Event(id=f"e{number}", type="t.t", at=NINE) for number in range(200)]
    people = [Person(id=f"m:{number}", network="m", handle="h") for number in range(20)]

    def contend(worker: int) -> tuple[list[str], list[str], list[str], list[str]]:
        order = slice(None, None, -1 if worker % 2 else 1)
        barrier.wait()
        claimed = [effect.key for effect in effects(20) if store.ledger.claim(effect.key, str(worker))]
        opened = [run.id for run in store.runs.open(runs(20)[order])]
        new = [event.id for event in store.events.ingest(events[order]).new]
        store.events.mark_routed([event.id for event in events[order]])
        store.people.seen(people[order], NINE + worker * timedelta(hours=1))
        first = [key for key in "abc" if store.marks.first("s", key, str(worker), NINE, NINE + timedelta(hours=1))]
        return claimed, opened, new, first

    with ThreadPoolExecutor(THREADS) as pool:
        won = [sorted(chain.from_iterable(lists)) for lists in zip(*pool.map(contend, range(THREADS)), strict=True)]

    assert won == [
        [effect.key for effect in effects(20)],
        [run.id for run in runs(20)],
        sorted(event.id for event in events),
        ["a", "b", "c"],
    ]
    assert store.events.unrouted(1) == []
    assert {person.last_seen for person in store.people.list()} == {NINE + 7 * timedelta(hours=1)}


def test_restart(store_url: str, clock: VirtualClock) -> None:
    """What was written is there when the database is opened again."""
    store = open_store(store_url, clock)
    store.events.ingest([Event(id="e1", type="t.t", at=NINE)])
    store.ledger.plan(effects(1))
    assert store.ledger.claim("k000", "ana")
    store.close()

    store = open_store(store_url, clock, migrate=False)
    assert [event.id for event in store.events.unrouted(9)] == ["e1"]
    assert not store.ledger.claim("k000", "ben")
    store.close()

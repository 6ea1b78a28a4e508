"""`make bench`: every figure with its ratio and what is hoped for. It measures and never fails.

`make bench ARGS="polling watching"` measures these parts alone.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.bench.leads import leads
from tests.bench.material import NOON, events, thankful, workspace
from tests.bench.measure import Figure, command_cpu, cpu, resident
from tests.bench.networks import composing, polling
from tests.bench.reporting import reporting
from tests.bench.understanding import understanding
from tests.bench.waiting import waiting
from tests.bench.watching import watching

from antiphon.app import Antiphon
from antiphon.components.clock import SystemClock
from antiphon.model.backtest import Backtest
from antiphon.model.event import Event
from antiphon.rehearsal.backtest import backtest
from antiphon.runtime.evaluations import Offering
from antiphon.runtime.match import Matcher
from antiphon.runtime.opening import ROUTED_AT_ONCE
from antiphon.store.database import open_store

MATCHED = 20_000
INGESTED = 50_000
MANY = 1_000_000


def _match_all(matcher: Matcher, heard: Sequence[Event]) -> None:
    for event in heard:
        matcher.match(event)


def _offer_all(matcher: Matcher, heard: Sequence[Event]) -> None:
    for start in range(0, len(heard), ROUTED_AT_ONCE):
        offering = Offering(matcher, heard[0].at)
        for event in heard[start : start + ROUTED_AT_ONCE]:
            offering.woken(event)
        offering.missed()


def matching(folder: Path) -> Iterator[Figure]:
    """Events a second on one core, and how the cost of an event grows with the workflows."""
    heard = list(events(MATCHED))
    bare = cpu(lambda: [event for event in heard if event.data["topic"] == "product007x"])
    for by in ("topic", "words"):
        costs, kept = {}, 0.0
        for count in (10, 100, 1000):
            app = Antiphon.open(workspace(folder / f"{by}-{count}", count, by=by))
            matcher = Matcher(app.programs.values(), app.registry.catalogue.triggers)
            fired = sum(len(matcher.match(event)) for event in heard)
            costs[count] = cpu(partial(_match_all, matcher, heard))
            kept = cpu(partial(_offer_all, matcher, heard)) if count == 100 else kept
            assert fired >= MATCHED // 1000 * min(count, 20) // 20, "the workflows must really fire"
        rate = MATCHED / costs[100]
        growth = costs[1000] / costs[10]
        times = f"{costs[100] / bare:.0f} × the bare loop"
        yield Figure(f"matching by {by}, 100 workflows", f"{rate:,.0f}/s", times, "≥ 50,000/s", rate >= 50_000)
        offered = MATCHED / kept
        yield Figure(
            f"and every miss kept, {by}",
            f"{offered:,.0f}/s",
            f"{kept / costs[100]:.1f} × without",
            "≥ 50,000/s",
            offered >= 50_000,
        )
        yield Figure(f"matching by {by}, 1,000 against 10", f"{growth:.2f} ×", "", "≤ 2 ×", growth <= 2)


def ingesting(folder: Path) -> Iterator[Figure]:
    """Events a second into SQLite on disk, each known one recognised."""
    heard = list(events(INGESTED))
    turn = iter(range(1000))

    def bare() -> None:
        with sqlite3.connect(folder / f"bare{next(turn)}.db") as connection:
            connection.execute("create table event (id text primary key, type text, at text, data text)")
            rows = ((one.id, one.type, one.at.isoformat(), json.dumps(one.data)) for one in heard)
            connection.executemany("insert or ignore into event values (?, ?, ?, ?)", rows)

    def ours() -> None:
        store = open_store(f"sqlite:///{folder / f'ours{next(turn)}.db'}", SystemClock())
        store.events.ingest_many(heard)
        store.close()

    known = open_store(f"sqlite:///{folder / 'known.db'}", SystemClock())
    known.events.ingest_many(heard)
    floor, new, again = cpu(bare), cpu(ours), cpu(lambda: known.events.ingest_many(heard))
    known.close()
    rate, rate_again = INGESTED / new, INGESTED / again
    yield Figure("ingest, new", f"{rate:,.0f}/s", f"{new / floor:.1f} × bare sqlite3", "≥ 15,000/s", rate >= 15_000)
    yield Figure("ingest, known", f"{rate_again:,.0f}/s", f"{again / floor:.1f} × bare sqlite3", "", True)


def memory(folder: Path) -> Iterator[Figure]:
    """The memory in use after a tenth and after all of a million events that are ingested and matched."""
    app = Antiphon.open(workspace(folder / "memory", 100))
    matcher = Matcher(app.programs.values(), app.registry.catalogue.triggers)
    stream = events(MANY)
    before = 0.0
    while batch := list(islice(stream, 10_000)):
        app.store.events.ingest_many(batch)
        for event in batch:
            matcher.match(event)
        app.store.events.mark_routed([event.id for event in batch])
        if before == 0.0 and batch[-1].id.endswith(f":{MANY // 10 - 1}"):
            before = resident()
    after = resident()
    app.close()
    grown = f"{before:.0f} → {after:.0f} MiB"
    yield Figure("memory over 1,000,000", grown, f"{after / before:.2f} × at 100,000", "flat", after - before < 20)


def backtesting(folder: Path) -> Iterator[Figure]:
    """A million events heard once more by a simple workflow, of which one in a hundred matters to it."""
    app = Antiphon.open(thankful(folder / "thankful"))
    app.store.events.ingest_many(events(MANY, once_in=100))
    bare = (
        cpu(lambda: sum(1 for _ in app.store.events_between(NOON, NOON + timedelta(seconds=MANY // 10))), turns=1) * 10
    )
    program, tenth = app.program("thanks"), timedelta(seconds=MANY // 10)
    replayed: list[Backtest] = []
    cpu(lambda: backtest(app, program, NOON, NOON + tenth), turns=1)
    before = resident()
    spent = cpu(lambda: replayed.append(backtest(app, program, NOON, NOON + 10 * tenth)), turns=1)
    grown, effects = resident() - before, replayed[0].total("sent")
    app.close()
    times = f"{spent / bare:.1f} × reading them"
    yield Figure("backtest over 1,000,000", f"{spent:.0f} s", times, "≤ 60 s", spent <= 60)
    each = grown * 1024 / (0.9 * effects)
    told = f"+{grown:.0f} MiB beside a tenth of it"
    yield Figure(f"its memory, {effects:,} sent", told, f"{each:.1f} kB an effect", "only effects", each < 12)


def commands(folder: Path) -> Iterator[Figure]:
    """The CPU of whole commands, against an interpreter that does nothing."""
    bare = command_cpu("-c", "pass")
    help_ = command_cpu("-c", "from antiphon.cli import main; main()", "--help")
    made = workspace(folder / "check", 100)
    check = command_cpu("-c", "from antiphon.cli import main; main()", "check", cwd=made)
    yield Figure("antiphon --help", f"{help_:.2f} s", f"{help_ / bare:.0f} × python -c pass", "≤ 0.4 s", help_ <= 0.4)
    yield Figure(
        "check of 100 documents", f"{check:.2f} s", f"{check / bare:.0f} × python -c pass", "≤ 2 s", check <= 2
    )


PARTS = (
    commands,
    matching,
    ingesting,
    backtesting,
    memory,
    waiting,
    watching,
    polling,
    composing,
    understanding,
    leads,
    reporting,
)


def main(*names: str) -> None:
    """Measure the parts of these names, or all, and print it."""
    console = Console()
    table = Table(title="Antiphon's figures: best of three turns, CPU time", title_justify="left")
    for heading in ("figure", "measured", "ratio", "hoped for", ""):
        table.add_column(heading)
    with tempfile.TemporaryDirectory() as folder, console.status("measuring") as status:
        for part in (part for part in PARTS if not names or part.__name__ in names):
            status.update(part.__doc__ or "")
            for figure in part(Path(folder)):
                mark = "[green]✓" if figure.reached else "[yellow]not reached"
                table.add_row(figure.name, figure.measured, figure.ratio, figure.hoped, mark)
    console.print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])

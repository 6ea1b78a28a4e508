"""`make chaos`: kills workers at random, lets networks fail at random, and counts at the networks what came of it.

    make chaos ARGS="--kills 500 --seed 7 --database postgresql://user@127.0.0.1/empty"

It ends with 1 if anything was lost or doubled, or the ledger says what is not true. Half of the kills are at a boundary
that the worker itself counts down to, half come from outside after a random time. With `--database` every arena is
played in a schema of its own of that PostgreSQL; otherwise in a SQLite file of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table
from tests.chaos.arena import Arena, Count
from tests.chaos.crew import Crew
from tests.chaos.trouble import LIES, on_brand, on_other

MOST_CROSSINGS = 90
LIVES_AN_ARENA = 14
RENEWALS = 3
"""How often the person renews the token: a network takes it away twice at most, perhaps while it is being renewed, and
nobody can ask with a dead token what there is to answer. What is not asked yet waits at the network and is not lost."""

MOST_ANSWERS = 4


@dataclass
class Tally:
    """The figures of all arenas."""

    arenas: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    effects: int = 0
    done: int = 0
    rejected: int = 0
    parked: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0

    def add(self, seed: int, first: Count, last: Count) -> None:
        """Add what one arena came to: when it was at rest, and after a person has settled what waited for one."""
        self.arenas += 1
        self.effects += last.expected
        self.done += last.done
        self.rejected += last.rejected
        self.parked += first.parked
        self.lost += len({*first.lost, *last.lost})
        self.doubled += len({*first.doubled, *last.doubled})
        found = {*first.lost, *first.doubled, *first.untrue, *last.lost, *last.doubled, *last.untrue}
        self.wrong += [f"seed {seed}: {one}" for one in sorted(found)]
        self.wrong += [f"seed {seed}: {last.parked} still parked"] * bool(last.parked)


def play(seed: int, folder: Path, crew: Crew, database: str, tally: Tally) -> None:
    """One arena: mentions come, networks fail and workers die; then all is let come to rest, and is counted."""
    random = Random(seed)
    with Arena(folder, crew, database) as arena:
        faults = on_brand(random)
        bare_faults = on_other(random)
        arena.network.faults.add(*faults)
        arena.other.faults.add(*bare_faults)
        for _ in range(LIVES_AN_ARENA):
            if random.random() < 0.4:
                arena.mention(1)
            if random.random() < 0.5:
                end = arena.life(random.randint(1, MOST_CROSSINGS))
            else:
                end = arena.life(kill_after=random.uniform(0.0, 0.35))
            if end.killed_at:
                tally.kills[end.killed_at] += 1
        arena.rest()
        for _ in range(RENEWALS):
            arena.resume()
            arena.rest()
        first = last = arena.count(LIES)
        for _ in range(MOST_ANSWERS):  # what a person sends may meet the next fault, and come back to the person
            arena.settle()
            arena.resume()
            arena.rest()
            last = arena.count(LIES)
            if not last.parked:
                break
        tally.add(seed, first, last)
        for fault in (*faults, *bare_faults):
            tally.faults[fault.kind.value] += fault.happened


def main() -> int:
    """Play until there were enough kills; print the figures."""
    asked = argparse.ArgumentParser(prog="make chaos", description="Kill workers at random and count.")
    asked.add_argument("--kills", type=int, default=500, help="how many, at least")
    asked.add_argument("--seed", type=int, default=1, help="where the luck begins")
    asked.add_argument("--database", default="", help="an address of a PostgreSQL; else SQLite")
    given = asked.parse_args()
    tally, seed = Tally(), given.seed
    with Crew() as crew, tempfile.TemporaryDirectory(prefix="antiphon-chaos-") as folder:
        while tally.kills.total() < given.kills:
            play(seed, Path(folder) / str(seed), crew, own_schema(given.database), tally)
            seed += 1
            if sys.stderr.isatty():
                print(f"\r{tally.kills.total()} kills", end="", file=sys.stderr)  # noqa: T201
    show(tally)
    return 1 if tally.wrong else 0


def own_schema(database: str) -> str:
    """The address of a new schema on a PostgreSQL, or nothing for SQLite."""
    if not database:
        return ""
    import psycopg

    schema = f"chaos_{uuid.uuid4().hex}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{database}?options=-csearch_path%3D{schema}"


def show(tally: Tally) -> None:
    """Print the figures, and every single thing that is wrong."""
    console = Console()
    table = Table("crash suite", "", box=None, pad_edge=False)
    outside = tally.kills["outside"]
    boundaries = len([name for name in tally.kills if name != "outside"])
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(tally.faults.items()) if count)
    rows = {
        "kills": f"{tally.kills.total():,} ({outside} from outside, the others at {boundaries} boundaries)",
        "faults": f"{tally.faults.total():,} ({kinds})",
        "effects": f"{tally.effects:,} expected, {tally.done:,} done, {tally.rejected} rejected with a reason",
        "lost": str(tally.lost),
        "doubled": str(tally.doubled),
        "parked": f"{tally.parked} waited for a person, who settled them",
    }
    for name, told in rows.items():
        table.add_row(name, told)
    console.print(table)
    for wrong in tally.wrong:
        console.print(f"WRONG  {wrong}", style="red")


if __name__ == "__main__":
    sys.exit(main())

"""One of several processes that want the same: run by test_races.py, which starts them all at once."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

from antiphon.components.clock import SystemClock
from antiphon.model.event import Event
from antiphon.store.database import open_store

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def main(url: str, worker: str) -> None:
    """Open the store at the word, claim all that is there, ingest what the others ingest too, and tell what was won."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    store = open_store(url, SystemClock())
    effects = [entry.effect.key for entry in store.ledger.list(limit=1000)]
    runs = [run.id for run in store.runs.list(limit=1000)]
    events = [Event(id=f"e{number}", type="t.t", at=AT) for number in range(1000)]
    if worker == "1":
        events.reverse()
    won = {
        "effects": [key for key in effects if store.ledger.claim(key, worker)],
        "runs": [run for run in runs if store.runs.claim(run, worker, timedelta(hours=1))],
        "events": [
            event.id for start in range(0, 1000, 50) for event in store.events.ingest(events[start : start + 100]).new
        ],
    }
    store.close()
    sys.stdout.write(json.dumps(won))


if __name__ == "__main__":
    main(*sys.argv[1:])

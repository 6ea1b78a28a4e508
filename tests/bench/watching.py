"""What it costs to count events: a million of them through the router and a burst trigger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from tests.bench.material import NOON, events
from tests.bench.measure import Figure, resident

from antiphon.app import Antiphon
from antiphon.testing.clock import VirtualClock

BATCH = 10_000
FEW = 50_000
MANY = 1_000_000
BURST = "burst: {event: mention.received, at_least: 25, within: 30m}"
TRIGGERS = {
    "no pattern": "event: {type: nothing.received}",
    "one key": BURST,
    "5,000 keys": BURST.replace("}", ', per: "${{ event.author.id }}"}'),
}


def watching(folder: Path) -> Iterator[Figure]:
    """Events a second on one core from the store through a burst trigger, and whether a million slow it down."""
    costs = {name: sum(_routed(_opened(folder / name, trigger), FEW)) / FEW for name, trigger in TRIGGERS.items()}
    for name in ("one key", "5,000 keys"):
        rate, times = 1 / costs[name], f"{costs[name] / costs['no pattern']:.1f} × without"
        yield Figure(f"routing through a burst, {name}", f"{rate:,.0f}/s", times, "≥ 5,000/s", rate >= 5000)
    app = _opened(folder / "million", BURST)
    routed = _routed(app, MANY)
    first = sum(islice(routed, 10))
    before = resident()
    *_, last = (sum(some) for some in iter(lambda: list(islice(routed, 10)), []))
    grown = resident() - before
    slower = f"{last / first:.2f} ×"
    yield Figure("the last 100,000 of 1,000,000", slower, "the first", "≤ 1.5 ×", last <= 1.5 * first)
    yield Figure("memory meanwhile", f"{grown:+.0f} MiB", "", "flat", grown < 20)


def _opened(folder: Path, trigger: str) -> Antiphon:
    """A workspace whose one workflow has this trigger, a month after the events."""
    (folder / "workflows").mkdir(parents=True)
    (folder / "antiphon.toml").write_text("")
    head = "antiphon: 1\nid: counts\nname: Counts\ntz: UTC\n"
    body = f"triggers:\n  - id: counted\n    {trigger}\nactions:\n  - {{use: log, with: {{message: hello}}}}\n"
    (folder / "workflows" / "counts.yaml").write_text(head + body)
    return Antiphon.open(folder, clock=VirtualClock(NOON + timedelta(days=30)))


def _routed(app: Antiphon, count: int) -> Iterator[float]:
    """The CPU seconds of routing each batch of so many events."""
    heard = events(count)
    while batch := list(islice(heard, BATCH)):
        app.store.events.ingest_many(batch)
        began = time.process_time()
        app.route()
        yield time.process_time() - began
    app.close()

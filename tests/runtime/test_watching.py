"""Watching: what comes about together is answered once, over restarts, late events, repetitions and two routers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from antiphon import Event
from antiphon.app import Antiphon
from antiphon.runtime.coming import coming_of
from antiphon.testing.clock import VirtualClock

MINUTE = timedelta(minutes=1)
BURST = {"id": "storm", "burst": {"event": "m.r", "at_least": 3, "within": "10m", "per": "${{ event.account }}"}}
SILENCE = {"id": "silence", "missing": {"event": "m.r", "for": "1h"}}
LAUNCH = {"id": "launch", "all_of": {"events": [{"type": "m.r"}, {"type": "x.y"}], "within": "10m"}}
FUNNEL = {"id": "funnel", "in_order": {"events": [{"type": "x.y"}, {"type": "m.r"}], "within": "10m"}}
SAY = {"use": "net.send", "with": {"text": "${{ trigger.id }}: ${{ trigger.summary }}"}}


@pytest.fixture
def everywhere(workspace: Any, store_url: str) -> Any:
    """The workspace on each of the two databases, with one workflow that has all the patterns."""
    toml = workspace.folder / "antiphon.toml"
    toml.write_text(toml.read_text() + f'[database]\nurl = "{store_url}"\n')
    workspace.write({"id": "w", "triggers": [BURST, SILENCE, LAUNCH, FUNNEL], "actions": [SAY]})
    assert [] == [str(problem) for problem in workspace.app.compiled.problems]
    return workspace


@pytest.fixture
def patterns(workspace: Any) -> Any:
    """The same on SQLite."""
    workspace.write({"id": "w", "triggers": [BURST, SILENCE, LAUNCH, FUNNEL], "actions": [SAY]})
    return workspace


def event(number: int, at: datetime, type: str = "m.r", account: str = "brand", **data: Any) -> Event:
    return Event(f"e{number:03}", type, at, {"account": account, **data}, "test")


def causes(app: Antiphon) -> list[str]:
    """What was answered."""
    return sorted(run.cause for run in app.store.runs.list(limit=1000))


def folded(app: Antiphon, events: Sequence[Event]) -> list[str]:
    """What is to be answered of events that arrive in this order, one after the other and in memory only."""
    memories: dict[tuple[str, str], Any] = {}
    found = []
    for one in events:
        for seen in app.watching.watchers.see(one, app.clock.now()):
            watch, place = seen.watcher.watch, (seen.watcher.name, seen.key)
            memory, firings = watch.absorb(memories.get(place) or watch.begin(app.clock.now()), seen.sighting)
            memories[place] = memory
            found += [coming_of(seen.watcher, seen.key, firing).cause for firing in firings]
    return sorted(found)


def some(seed: int, now: datetime, count: int = 40) -> list[Event]:
    """Events of the last hour, in the order in which they arrive."""
    rng = random.Random(seed)
    kinds, accounts = ["m.r", "m.r", "x.y"], ["a", "b", ""]
    return [event(n, now - rng.randint(0, 30) * MINUTE, rng.choice(kinds), rng.choice(accounts)) for n in range(count)]


def heard(app: Antiphon, events: Sequence[Event], size: int = 1) -> None:
    """Let events arrive, so many at once, and route after each time."""
    for begin in range(0, len(events), size):
        app.store.events.ingest(events[begin : begin + size])
        app.route()


@pytest.mark.parametrize("seed", range(2))
def test_order(everywhere: Any, seed: int) -> None:
    """What arrives late, event by event and with a restart now and then, is answered as the patterns say."""
    arriving = some(seed, everywhere.clock.now())
    for begin in range(0, len(arriving), 10):
        heard(everywhere.app, arriving[begin : begin + 10])
        everywhere.app.close()
        everywhere.app = everywhere._opened()
    expected = folded(everywhere.app, arriving)

    assert expected == causes(everywhere.app)
    assert {"storm", "launch", "funnel"} == {cause.split(":")[0] for cause in expected}


def test_repeated(everywhere: Any) -> None:
    """Events that are offered again, as after a crash before they were marked, change nothing."""
    arriving = some(1, everywhere.clock.now())
    heard(everywhere.app, arriving)
    before = causes(everywhere.app)
    for one in arriving:
        everywhere.app.watching.absorb([one])

    assert before == causes(everywhere.app)


@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("after", [False, True])
def test_cut(patterns: Any, cut: Any, crash: type[BaseException], at: int, after: bool) -> None:
    """Whichever writing a crash interrupts, before or after it, everything is answered, and once."""
    arriving = sorted(some(2, patterns.clock.now()), key=lambda one: (one.at, one.id))
    expected = folded(patterns.app, arriving)
    for part in ("watching", "opening"):
        patterns.app.__dict__.pop(part)
    patterns.app.store.events.ingest(arriving)
    patterns.app.__dict__["store"] = cut(patterns.app.store, at=at, after=after)
    with pytest.raises(crash):
        patterns.app.sweep_patterns()
    patterns.reopen()
    patterns.app.sweep_patterns()

    assert expected == causes(patterns.app)
    assert [] == patterns.app.store.watches.fired()


def test_two_routers(everywhere: Any) -> None:
    """Two routers that offer the same events at the same time open each run once, and lose none."""
    arriving = sorted(some(5, everywhere.clock.now(), 400), key=lambda one: (one.at, one.id))
    everywhere.app.store.events.ingest(arriving)
    routers = [everywhere.app, everywhere._opened()]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(router.route) for router in routers]:
            done.result()
    routers[1].close()

    assert folded(everywhere.app, arriving) == causes(everywhere.app)


def test_silence(everywhere: Any, clock: VirtualClock) -> None:
    """It counts from the first sight of the trigger, over restarts, and wakes the workflow once, when it is due."""
    app = everywhere.app
    app.sweep_patterns()
    begun = clock.now()
    assert begun + 60 * MINUTE == app.pattern_due()
    heard(app, [event(1, begun + 10 * MINUTE)])
    assert begun + 60 * MINUTE == app.pattern_due(), "an event of the future happens now"
    clock.advance(30 * MINUTE)
    heard(app, [event(2, begun + 20 * MINUTE)])
    everywhere.reopen()
    clock.set(begun + 80 * MINUTE - timedelta(seconds=1))
    assert () == everywhere.app.sweep_patterns()
    clock.advance(timedelta(seconds=1))
    assert ("w",) == everywhere.app.sweep_patterns()
    everywhere.reopen()

    assert () == everywhere.app.sweep_patterns()
    assert [f"silence:{(begun + 80 * MINUTE).isoformat()}"] == causes(everywhere.app)
    assert everywhere.app.pattern_due() is None


def test_heard_first(everywhere: Any, clock: VirtualClock) -> None:
    """What was heard is taken in before anything is taken for silence."""
    everywhere.app.sweep_patterns()
    clock.advance(90 * MINUTE)
    everywhere.app.store.events.ingest([event(1, clock.now() - 45 * MINUTE)])
    everywhere.app.sweep_patterns()

    assert [] == causes(everywhere.app)


def test_told(patterns: Any, network: Any) -> None:
    """The run is told in words, by number, and of the newest events; `event` is the one that completed it."""
    says = "${{ trigger.summary }}, ${{ trigger.count }}, ${{ trigger.key }}, ${{ trigger.events[0].text }}, "
    says += "${{ trigger.since }}, ${{ event.id }}"
    patterns.write({"id": "w", "triggers": [BURST], "actions": [{"use": "net.send", "with": {"text": says}}]})
    now = patterns.clock.now()
    heard(patterns.app, [event(n, now + n * MINUTE, text=f"text {n}", deep={"a": 1}) for n in range(-2, 1)])
    patterns.settle("w")

    expected = f"brand: 3 × m.r within 10m, 3, brand, text -2, {(now - 2 * MINUTE).isoformat()}, e000"
    assert [expected] == network.texts


def test_each_is_an_act(patterns: Any, network: Any) -> None:
    """One event that completes what several triggers wait for has an effect for each of them."""
    now = patterns.clock.now()
    heard(patterns.app, [event(1, now - 2 * MINUTE, "x.y"), event(2, now - MINUTE), event(3, now)])
    patterns.settle("w")

    assert ["funnel", "launch"] == sorted(text.split(":")[0] for text in network.texts)


def test_own_events(workspace: Any) -> None:
    """What a workflow brings about itself does not complete its own patterns, but ends a silence."""
    burst = {"id": "b", "burst": {"event": "a.b", "at_least": 2, "within": "10m"}}
    silence = {"id": "s", "missing": {"event": "a.b", "for": "1h"}}
    workspace.write({"id": "w", "triggers": [burst, silence], "actions": [{"emit": "a.b"}, {"emit": "a.b"}]})
    workspace.app.sweep_patterns()
    due = workspace.app.pattern_due()
    workspace.clock.advance(30 * MINUTE)
    workspace.app.start("w")
    workspace.settle("w")
    workspace.app.route()

    assert ["w"] == [run.workflow for run in workspace.app.store.runs.list()]
    assert due + 30 * MINUTE == workspace.app.pattern_due()


def test_no_key(patterns: Any) -> None:
    """An event that gives no key is counted nowhere; one that gives something odd, under what that is written as."""
    now = patterns.clock.now()
    patterns.app.store.events.ingest([Event(f"e{n}", "m.r", now, {"other": 1}) for n in range(5)])
    patterns.app.store.events.ingest([Event(f"o{n}", "m.r", now, {"account": {"b": 1, "a": [2]}}) for n in range(5)])
    patterns.app.route()

    assert ['storm:{"a": [2], "b": 1}:o0'] == causes(patterns.app)


def test_fails(workspace: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A watch that fails in its own code misses what it was shown, and keeps nobody else from their events."""
    plain = {"id": "plain", "triggers": [{"id": "t", "event": {"type": "m.r"}}]}
    workspace.write({"id": "w", "triggers": [BURST, SILENCE]}, plain)
    [storm] = [one for name, one in workspace.app.watching.watchers.items() if "storm" in name]
    object.__setattr__(storm.watch, "within", "nonsense")
    workspace.app.store.events.ingest([event(1, workspace.clock.now())])

    assert ("plain",) == workspace.app.route()
    assert "w/storm" in caplog.text
    assert "fails in its own code, and misses 1 events: TypeError" in caplog.text
    assert [] == workspace.app.store.events.unrouted(10)


def test_disabled(everywhere: Any, clock: VirtualClock) -> None:
    """A workflow that was laid to rest begins anew when it is enabled again."""
    everywhere.app.sweep_patterns()
    resting = {"id": "w", "enabled": False, "triggers": [SILENCE]}
    everywhere.write(resting)
    everywhere.app.sweep_patterns()
    clock.advance(5 * 60 * MINUTE)
    everywhere.write({**resting, "enabled": True})

    assert () == everywhere.app.sweep_patterns()
    assert clock.now() + 60 * MINUTE == everywhere.app.pattern_due()


def test_forgotten(everywhere: Any, clock: VirtualClock) -> None:
    """What nothing can come of any more is not remembered for ever."""
    heard(everywhere.app, [event(1, clock.now())])
    [storm] = [name for name in everywhere.app.watching.watchers if "storm" in name]
    assert everywhere.app.store.watches.get(storm, "brand") is not None
    clock.advance(timedelta(days=2))
    everywhere.app.sweep_patterns()

    assert everywhere.app.store.watches.get(storm, "brand") is None

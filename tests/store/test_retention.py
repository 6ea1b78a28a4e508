"""The port of retention: what may go, and what never does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from antiphon.components.ports import Remembered, Store
from antiphon.model.alert import Alert, Message, MessageState
from antiphon.model.effect import Done, Effect, Outcome, Receipt, Unknown
from antiphon.model.evaluation import EvaluationKind, once
from antiphon.model.event import Event
from antiphon.model.plan import Plan
from antiphon.model.retention import RetentionSettings
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.runtime.retention import BATCH, Pruner
from antiphon.testing.clock import VirtualClock

DAY = timedelta(days=1)


def _run(at: datetime, id: str, cause: str = "") -> Run:
    cause = cause or id
    return Run(id=id, key=f"w/t/{cause}", workflow="w", program="p", trigger="t", cause=cause, created_at=at)


def _effect(run: str) -> Effect:
    return Effect(key=f"w/send/-/{run}", action="net.send", workflow="w", run=run, step="send", summary="Send")


def _pruned(store: Store, clock: VirtualClock, **settings: Any) -> dict[str, int]:
    pruner = Pruner(store, RetentionSettings.model_validate(settings), clock)
    would = {one.name: one.count for one in pruner.old()}
    went = {one.name: one.count for one in pruner.prune()}
    assert would == went, "what would go is what goes"
    return {name: count for name, count in went.items() if count}


def _heard(store: Store, at: datetime, *events: tuple[str, str], routed: bool = True) -> None:
    store.events.ingest([Event(id, type, at) for id, type in events], routed=routed)


def test_events(store: Store, clock: VirtualClock) -> None:
    """An event goes when it is older than it is kept, and not at that very moment."""
    _heard(store, clock.now(), ("old", "a.b"))
    _heard(store, clock.now() + DAY, ("new", "a.b"))
    clock.advance(11 * DAY)

    assert {"events": 1} == _pruned(store, clock, events="10d")
    assert ["new"] == [event.id for event in store.events.list()]


def test_not_offered(store: Store, clock: VirtualClock) -> None:
    """An event that has not been offered to the workflows stays, however old it is."""
    _heard(store, clock.now(), ("waits", "a.b"), routed=False)
    clock.advance(900 * DAY)

    assert {} == _pruned(store, clock)


def test_by_type(store: Store, clock: VirtualClock) -> None:
    """An event goes by the rule that names its type most exactly."""
    _heard(store, clock.now(), ("1", "mention.received"), ("2", "mention.edited"), ("3", "order.placed"), ("4", "x.y"))
    clock.advance(40 * DAY)
    settings = {"events": "30d", "mention.*": "60d", "mention.edited": "10d", "order.placed": "forever"}

    assert {"events": 1, "mention.edited": 1} == _pruned(store, clock, **settings)
    assert {"1", "3"} == {event.id for event in store.events.list()}
    clock.advance(40 * DAY)
    assert {"mention.*": 1} == _pruned(store, clock, **settings)


def test_answered_now(store: Store, clock: VirtualClock) -> None:
    """The event of a run that has not ended stays."""
    _heard(store, clock.now(), ("e:1", "a.b"), ("e:2", "a.b"))
    store.runs.open([_run(clock.now(), "r1", "e:1"), _run(clock.now(), "r2", "e:2")])
    store.runs.finish("r1", RunState.HELD)
    store.runs.finish("r2", RunState.DONE)
    clock.advance(11 * DAY)

    assert {"events": 1} == _pruned(store, clock, events="10d")
    assert ["e:1"] == [event.id for event in store.events.list()]


def test_runs(store: Store, clock: VirtualClock) -> None:
    """A run goes with its steps when it ended so long ago, and not by when it began."""
    store.runs.open([_run(clock.now(), "early"), _run(clock.now(), "late"), _run(clock.now(), "open")])
    store.runs.record_step("early", StepRecord(path="s", step="s", kind="set", state=StepState.DONE, at=clock.now()))
    store.runs.finish("early", RunState.DONE)
    clock.advance(20 * DAY)
    store.runs.finish("late", RunState.FAILED)
    clock.advance(9 * DAY)

    assert {"runs": 1} == _pruned(store, clock, runs="10d")
    assert {"late", "open"} == {run.id for run in store.runs.list()}


@pytest.mark.parametrize(
    ("outcome", "goes"),
    [(None, False), (Unknown("no answer"), False), (Done, True)],
    ids=["planned", "unknown", "done"],
)
def test_unsettled(store: Store, clock: VirtualClock, outcome: Outcome | type[Done] | None, goes: bool) -> None:
    """A run with an effect that is not settled stays; the effect itself stays in any case, and so does its history."""
    store.runs.open([_run(clock.now(), "r")])
    store.ledger.plan([_effect("r")])
    if outcome is not None:
        store.ledger.claim("w/send/-/r", "worker")
        said = Done(Receipt(remote_id="1", at=clock.now())) if isinstance(outcome, type) else outcome
        store.ledger.settle("w/send/-/r", said)
    store.runs.finish("r", RunState.DONE)
    clock.advance(500 * DAY)

    assert ({"runs": 1} if goes else {}) == _pruned(store, clock)
    assert store.ledger.get("w/send/-/r") is not None
    assert store.ledger.history("w/send/-/r")


def test_marks(store: Store, clock: VirtualClock) -> None:
    """A mark goes when it counts no more; while it counts, the run that owns it stays."""
    store.runs.open([_run(clock.now(), "r")])
    store.runs.finish("r", RunState.DONE)
    store.marks.first("workflow:w", "ana", "r", clock.now(), clock.now() + 30 * DAY)
    clock.advance(20 * DAY)

    assert {} == _pruned(store, clock, runs="10d")
    clock.advance(11 * DAY)
    assert {"runs": 1, "marks": 1} == _pruned(store, clock, runs="10d")


def test_evaluations(store: Store, clock: VirtualClock) -> None:
    """Evaluations go by their hour."""
    store.evaluations.add([once("w", "t", EvaluationKind.ASKED, clock.now())])
    clock.advance(89 * DAY)
    assert {} == _pruned(store, clock)
    clock.advance(2 * DAY)
    assert {"evaluations": 1} == _pruned(store, clock)


def test_alerts(store: Store, clock: VirtualClock) -> None:
    """An alert goes when people were told of it long ago, and the message that told of it once it has gone out."""
    told, untold = (Alert(kind="failed", key=key, text="it failed", at=clock.now()) for key in ("told", "untold"))
    store.alerts.keep(told)
    message = Message(destination="d", kind="failed", title="t", body="b", at=clock.now())
    store.alerts.gather("failed", clock.now(), lambda alerts: [message, message])
    store.alerts.keep(untold)
    sent = store.alerts.due(clock.now())[0].number
    store.alerts.claim(sent)
    store.alerts.settle(sent, MessageState.SENT)
    clock.advance(101 * DAY)

    assert {"alerts": 1, "messages": 1} == _pruned(store, clock, alerts="100d")
    assert [MessageState.WAITING] == [one.state for one in store.alerts.list()]
    assert not store.alerts.keep(untold), "it is still known"


def test_plans(store: Store, clock: VirtualClock) -> None:
    """A plan goes by when it was made, but for one of a workflow that still has to do what was applied."""
    plans = [
        Plan(workflow=name, programs={name: "p"}, calls=(), runs=(), effects=(), planned_at=clock.now())
        for name in ("shown", "w")
    ]
    for one in plans:
        store.plans.keep(one)
    store.plans.begin(plans[1].fingerprint, clock.now(), follow=False)
    store.runs.open([_run(clock.now(), "r1")])
    clock.advance(91 * DAY)

    assert {"plans": 1} == _pruned(store, clock)
    store.runs.finish("r1", RunState.DONE)
    assert {"plans": 1} == _pruned(store, clock)


def test_watches(store: Store, clock: VirtualClock) -> None:
    """What is remembered goes when it has been due for long, and nobody came for it."""
    now = clock.now()
    left = [Remembered("w/a/1", "", {"a": 1}, now), Remembered("w/b/1", "", {"a": 1}, now + 20 * DAY)]
    left.append(Remembered("w/c/1", "", {"a": 1}))
    store.watches.change([(one.watch, one.key) for one in left], lambda _: (left, ()))
    clock.advance(11 * DAY)

    assert {"watches": 1} == _pruned(store, clock, watches="10d")
    assert [False, True, True] == [store.watches.get(one.watch, "") is not None for one in left]


def test_batches(store: Store, clock: VirtualClock) -> None:
    """All of it goes, in transactions of bounded size, the oldest first."""
    _heard(store, clock.now(), *((f"e:{n:05}", "a.b") for n in range(2 * BATCH + 5)))
    _heard(store, clock.now() - DAY, ("older", "a.b"))
    clock.advance(500 * DAY)
    [cut, *_] = RetentionSettings().cuts(clock.now())

    assert 1 == store.retention.prune(cut, 1)
    assert store.events.get("older") is None
    assert {"events": 2 * BATCH + 5} == _pruned(store, clock)


def test_forever(store: Store, clock: VirtualClock) -> None:
    """What is kept for ever never goes."""
    _heard(store, clock.now(), ("e:1", "a.b"))
    clock.advance(3000 * DAY)

    assert {} == _pruned(store, clock, events="forever", runs="forever", evaluations="forever")


def test_now_and_then(store: Store, clock: VirtualClock) -> None:
    """Of several that prune, one does so within an hour."""
    pruner = Pruner(store, RetentionSettings(), clock)
    turns = [bool(pruner.now_and_then()) for _ in range(3)]
    clock.advance(timedelta(hours=1))

    assert [True, False, False] == turns
    assert pruner.now_and_then()


@pytest.mark.parametrize("written", [{"events": "1h"}, {"runs": "soon"}, {"mention": "3d"}, {"Mention.*": "3d"}])
def test_refused(written: dict[str, str]) -> None:
    """Less than a day, what is no length of time, and what is no kind of event is refused."""
    with pytest.raises(ValueError, match=r"too short|length of time|neither events"):
        RetentionSettings.model_validate(written)

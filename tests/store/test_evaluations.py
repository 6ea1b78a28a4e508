"""The port of evaluations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from antiphon.components.ports import Store
from antiphon.model.evaluation import Evaluation, EvaluationKind, Near, hour_of
from antiphon.model.event import Event

NOON = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)


def _missed(at: datetime = NOON, near: float | None = None, **fields: Any) -> Evaluation:
    given = {"workflow": "w", "trigger": "t", "kind": EvaluationKind.MISSED, "reason": "language equals “fr”"}
    nearest = None if near is None else Near(event=f"e:{near}", because="language (“en”) is not “fr”", distance=near)
    return Evaluation.model_validate(
        {**given, "hour": hour_of(at), "first_at": at, "last_at": at, "near": nearest, **fields}
    )


def test_rolled_up(store: Store) -> None:
    """What comes again within the hour is added: the counts, the last moment; the first examples stay."""
    later = NOON + timedelta(minutes=10)
    store.evaluations.add([_missed(count=2, examples=("e:1", "e:2"))])
    store.evaluations.add([_missed(later, count=3, examples=("e:3",))])
    [kept] = store.evaluations.list("w")

    assert (5, NOON, later, ("e:1", "e:2")) == (kept.count, kept.first_at, kept.last_at, kept.examples)


def test_nearest(store: Store) -> None:
    """The nearest event of the hour is the one that stays."""
    for near in (None, 1.0, 0.2, 0.5, None):
        store.evaluations.add([_missed(near=near)])
    [kept] = store.evaluations.list("w")

    assert kept.near == Near(event="e:0.2", because="language (“en”) is not “fr”", distance=0.2)


def test_apart(store: Store) -> None:
    """Hours, kinds, reasons, triggers and workflows are told apart; the newest hour comes first."""
    hour = timedelta(hours=1)
    store.evaluations.add([_missed(NOON - hour), _missed(), _missed(reason="text is missing", count=9)])
    store.evaluations.add([_missed(kind=EvaluationKind.HEARD), _missed(trigger="u"), _missed(workflow="v")])

    found = store.evaluations.list("w", trigger="t")
    assert [9, 1, 1, 1] == [one.count for one in found]
    assert hour_of(NOON - hour) == found[-1].hour
    assert ["u"] == [one.trigger for one in store.evaluations.list("w") if one.trigger != "t"]
    assert 1 == len(store.evaluations.list("w", since=hour_of(NOON - hour), until=hour_of(NOON)))


def test_with_the_events(store: Store) -> None:
    """Events are noted as offered together with why they woke nothing."""
    store.events.ingest([Event("e:1", "mention.received", NOON)])
    store.events.mark_routed(["e:1"], [_missed(examples=("e:1",))])

    assert [] == store.events.unrouted(10)
    assert [("e:1",)] == [one.examples for one in store.evaluations.list("w")]


def test_odd_letters(store: Store) -> None:
    """A reason may hold what no database keeps."""
    store.evaluations.add([_missed(reason="it said \0")])

    assert ["it said \ufffd"] == [one.reason for one in store.evaluations.list("w")]

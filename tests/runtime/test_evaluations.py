"""Every evaluation is kept: matches as runs, the rest rolled up with the nearest miss."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon import Event, Page, RetryLater
from antiphon.builtins.triggers import OnEvent
from antiphon.components.pattern import Pattern
from antiphon.model.evaluation import EvaluationKind
from antiphon.model.program import Program, Trigger
from antiphon.runtime.causes import CAUSED
from antiphon.runtime.evaluations import Offering
from antiphon.runtime.match import Matcher

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MISSED, OWN = EvaluationKind.MISSED, EvaluationKind.OWN


def _matcher(*matches: Any) -> Matcher:
    triggers = tuple(
        Trigger(id=str(n), kind="event", options={"type": "mention.received", "match": match})
        for n, match in enumerate(matches)
    )
    return Matcher([Program(id="w", name="w", timezone="UTC", triggers=triggers, steps=())], {"event": OnEvent})


def _event(number: int, source: str = "test", **data: Any) -> Event:
    return Event(f"e:{number}", "mention.received", NINE, data, source)


def _offered(matcher: Matcher, *events: Event) -> Any:
    offering = Offering(matcher, NINE)
    for event in events:
        offering.woken(event)
    return offering.missed()


def test_reasons() -> None:
    """The misses of a batch are counted by the field that was not as asked."""
    matcher = _matcher({"followers": {"above": 100}, "text": {"longer_than": 3}})
    told = _offered(matcher, _event(1, followers=90), _event(2, followers=50), _event(3, followers=200, text="a"))

    assert {"followers above 100": 2, "text longer than 3": 1} == {one.reason: one.count for one in told}
    assert {("e:1", "e:2"), ("e:3",)} == {one.examples for one in told}


def test_nearest() -> None:
    """The nearest event is told with both values."""
    [told] = _offered(_matcher({"followers": {"above": 100}}), *(_event(n, followers=n) for n in (10, 90, 50)))

    assert ("e:90", "followers (90) is not above 100", 0.1) == (told.near.event, told.near.because, told.near.distance)


def test_ruled_out() -> None:
    """An event that the index has not led to a trigger counts as missed by the field that the trigger is filed by."""
    matcher = _matcher({"text": {"contains_any": ["broken"]}, "language": "fr"})
    told = _offered(
        matcher,
        _event(1, language="en", text="broken"),
        _event(2, language="fr", text="fine"),
        _event(3, language="fr", text="broken"),
    )

    assert {"language equals “fr”": ("e:1",), "text contains any of “broken”": ("e:2",)} == {
        one.reason: one.examples for one in told
    }


def test_own() -> None:
    """What the workflow has caused itself wakes it not, and is counted as such."""
    offering = Offering(_matcher({}), NINE)

    assert [] == offering.woken(_event(1, source=f"{CAUSED}w"))
    assert [(OWN, ("e:1",))] == [(one.kind, one.examples) for one in offering.missed()]


Datas = st.fixed_dictionaries(
    {}, optional={"text": st.sampled_from(["broken", "fine", "so broken"]), "n": st.integers(0, 3)}
)
Broken = {"contains_any": ["broken", "fine"]}
Matches = st.one_of(
    st.sampled_from([{}, {"n": 1}, {"n": [1, 2]}, {"n": {"above": 1}}, {"text": {"contains": "broken"}}]),
    st.sampled_from([{"text": Broken, "n": {"above": 2}}, {"text": {"longer_than": 4}, "n": 2}]),
)


@settings(max_examples=200, deadline=None)
@given(matches=st.lists(Matches, max_size=5), datas=st.lists(Datas, max_size=8))
def test_nothing_is_forgotten(matches: list[Any], datas: list[dict[str, Any]]) -> None:
    """Each event is counted once for each trigger: as a match, or as missed by a field that really was not as asked."""
    matcher, events = _matcher(*matches), [_event(n, **data) for n, data in enumerate(datas)]
    offering = Offering(matcher, NINE)
    woken = Counter(one.trigger for event in events for one in offering.woken(event))
    told = offering.missed()

    for n, match in enumerate(matches):
        mine = [one for one in told if one.trigger == str(n)]
        pattern = Pattern.model_validate(match)
        assert len(events) == woken[str(n)] + sum(one.count for one in mine)
        for one in mine:
            field = one.reason.split(" ")[0]
            only = Pattern.model_validate({field: match[field]})
            assert not any(only.holds(event.data) for event in events if event.id in one.examples)
            assert one.near is not None
            assert not pattern.holds(next(event.data for event in events if event.id == one.near.event))


def _kept(workspace: Any, trigger: str = "") -> dict[tuple[str, str], int]:
    found = workspace.app.store.evaluations.list("w", trigger=trigger)
    return {(str(one.kind), one.reason): one.count for one in found}


def test_routed(workspace: Any) -> None:
    """What is offered to the workflows and wakes none is kept; what opens a run is kept by the run alone."""
    workspace.write({"id": "w", "triggers": [{"id": "t", "event": {"type": "a.b", "match": {"n": {"above": 1}}}}]})
    events = [Event(f"e:{n}", "a.b", workspace.clock.now(), {"n": n}) for n in range(4)]
    workspace.app.store.events.ingest(events)
    workspace.app.route()

    assert {("missed", "n above 1"): 2} == _kept(workspace)
    assert 2 == len(workspace.app.store.runs.list(workflow="w"))


def test_tick(workspace: Any, clock: Any) -> None:
    """A tick that is passed over is kept with the schedule's reason."""
    workspace.write({"id": "w", "triggers": [{"id": "s", "schedule": {"cron": "0 * * * *", "max_late": "15m"}}]})
    due = clock.now() - timedelta(minutes=20)
    workspace.app.wake("w", "s", due)

    assert {("passed over", "it was due 20m ago, 15m is allowed"): 1} == _kept(workspace)


def test_polls(workspace: Any, network: Any) -> None:
    """A source that is asked leaves how often, what it gave, what of it was only learnt, and what did not fit."""
    poll = {"source": "net.items", "with": {"connection": "brand"}, "match": {"n": {"above": 2}}}
    workspace.write({"id": "w", "triggers": [{"id": "p", "poll": poll}]})
    network.pages = {
        None: Page([_item(0)], "0"),
        "0": Page([_item(1), _item(2), _item(3)], "3"),
        "3": RetryLater("the network is full", after=timedelta(minutes=1)),
    }
    workspace.app.wake("w", "p")
    workspace.app.wake("w", "p")
    with pytest.raises(RetryLater):
        workspace.app.wake("w", "p")

    expected = {("asked", ""): 2, ("learnt", ""): 1, ("heard", ""): 3, ("missed", "n above 2"): 2}
    assert {**expected, ("unanswered", "the network is full"): 1} == _kept(workspace, "p")


def _item(n: int) -> Event:
    return Event(f"item:{n}", "item.seen", NINE, {"n": n, "text": f"item {n}"})

"""Why a workflow fired, or did not: judged once more by what was in force, and told from what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from antiphon.model.run import Verdict
from antiphon.runtime.explaining import Explainer, Explanation, Told

MINUTE = timedelta(minutes=1)
HEARD = {"id": "t", "event": {"type": "mention.received", "match": {"followers": {"above": 1000}}}}
NINES = {"id": "nine", "schedule": {"cron": "0 * * * *", "max_late": "15m"}}


def _heard(workspace: Any, id: str, *, route: bool = True, **data: Any) -> None:
    workspace.app.store.events.ingest([workspace.event(data, id)])
    if route:
        workspace.app.route()


def _explain(workspace: Any, since: datetime, trigger: str = "") -> Explanation:
    app = workspace.app
    found: Explanation = app.explainer.explain(app.program("w"), since, app.clock.now() + MINUTE, trigger)
    return found


def _told(workspace: Any, since: datetime) -> Told:
    [told] = _explain(workspace, since).triggers
    return told


def test_missed(workspace: Any, clock: Any) -> None:
    """An event that did not fit is told with both values, and the one that came nearest stands first."""
    workspace.write({"id": "w", "triggers": [HEARD]})
    begun = clock.now()
    for id, followers in (("far", 10), ("near", 900), ("fits", 2000)):
        _heard(workspace, id, followers=followers)
    told = _told(workspace, begun)

    assert ["near", "far"] == [one.event for one in told.missed]
    assert "followers (900) is not above 1000" == told.missed[0].miss.because  # type: ignore[union-attr]
    assert ["fits"] == [one.run.cause for one in told.judged if one.run]


def test_as_it_was(workspace: Any, clock: Any) -> None:
    """An event is judged by the document that was in force when it happened, and not by that of today."""
    workspace.write({"id": "w", "triggers": [HEARD]})
    begun = clock.now()
    _heard(workspace, "e:1", followers=500)
    lower = {"id": "t", "event": {"type": "mention.received", "match": {"followers": {"above": 100}}}}
    workspace.write({"id": "w", "triggers": [lower]})
    _heard(workspace, "e:2", followers=500)
    what = _explain(workspace, begun)
    by_event = {one.event: one for one in what.triggers[0].judged}

    assert 2 == len(what.versions)
    assert "followers (500) is not above 1000" == by_event["e:1"].miss.because  # type: ignore[union-attr]
    assert by_event["e:2"].run is not None


def test_nothing_listened(workspace: Any, clock: Any) -> None:
    """Before anything has listened with a document, its events are judged by the document as it is."""
    workspace.write({"id": "w", "triggers": [HEARD]})
    _heard(workspace, "e:1", route=False, followers=2000)
    what = _explain(workspace, clock.now() - MINUTE)

    assert () == what.versions
    assert [(None, None)] == [(one.miss, one.run) for one in what.triggers[0].judged]


def test_silence(workspace: Any, clock: Any) -> None:
    """When nothing was heard, the last event of that type is told."""
    workspace.write({"id": "w", "triggers": [HEARD]})
    _heard(workspace, "e:1", followers=1)
    clock.advance(timedelta(hours=3))
    told = _told(workspace, clock.now() - MINUTE)

    assert () == told.judged
    assert told.last_heard is not None
    assert "e:1" == told.last_heard.event


def test_last_asked(workspace: Any, network: Any, clock: Any) -> None:
    """A poll tells when its source was asked last."""
    from antiphon import Page

    network.pages = {None: Page([], "0")}
    poll = {"id": "p", "poll": {"source": "net.items", "with": {"connection": "brand"}}}
    workspace.write({"id": "w", "triggers": [poll]})
    asked = clock.now()
    workspace.app.wake("w", "p")
    clock.advance(timedelta(hours=2))

    assert asked == _told(workspace, clock.now() - MINUTE).asked


def test_ticks(workspace: Any, clock: Any) -> None:
    """Each time of a schedule is told: the run that answered it, why it was passed over, or that nobody came."""
    workspace.write({"id": "w", "triggers": [NINES]})
    begun = clock.now().replace(minute=0) + timedelta(hours=1)
    clock.advance(begun - clock.now())
    workspace.app.wake("w", "nine", begun)
    clock.advance(timedelta(hours=2, minutes=20))
    workspace.app.wake("w", "nine", begun + timedelta(hours=1))
    told = _told(workspace, begun)

    assert [begun + timedelta(hours=n) for n in range(3)] == [one.at for one in told.ticks]
    assert [True, False, False] == [one.run is not None for one in told.ticks]
    assert ["", "it was due 1h20m ago, 15m is allowed", ""] == [one.passed_over for one in told.ticks]


def test_not_due(workspace: Any, clock: Any) -> None:
    """A schedule that was not due tells its nearest times."""
    workspace.write({"id": "w", "triggers": [NINES]})
    hour = clock.now().replace(minute=0)
    clock.advance(timedelta(minutes=30))
    told = _told(workspace, clock.now() - MINUTE)

    assert () == told.ticks
    assert (hour, hour + timedelta(hours=1)) == told.next_to


def test_declined(workspace: Any, clock: Any) -> None:
    """A run that its conditions have declined is told with the verdict that did so."""
    workspace.write({"id": "w", "triggers": [HEARD], "conditions": ["${{ event.followers < 1500 }}"]})
    begun = clock.now()
    _heard(workspace, "e:1", followers=2000)
    workspace.settle("w")
    [run] = _explain(workspace, begun).runs

    assert ["event.followers < 1500: 2000 < 1500 is false"] == [verdict.because for verdict in run.verdicts]


def test_held(workspace: Any, clock: Any) -> None:
    """What a run wanted to do and could not is told with its reason, and so is the brake."""
    send = {"use": "net.send", "with": {"text": "later"}}
    workspace.write({"id": "w", "triggers": [HEARD], "actions": [send]})
    begun = clock.now()
    workspace.app.store.brakes.put("workflow:other", "not ours", by="ana")
    workspace.app.store.brakes.put("workspace", "a storm", by="ana")
    workspace.app.store.brakes.lift("workspace", by="ana")
    _heard(workspace, "e:1", followers=2000)
    workspace.settle("w")
    what = _explain(workspace, begun)

    assert ["held"] == [str(entry.state) for entry in what.stopped]
    assert [] == list(what.brakes), "one that was lifted at the moment it was put on never stood"
    clock.advance(MINUTE)
    workspace.app.store.brakes.put("workspace", "a storm", by="ana")
    assert ["a storm"] == [brake.reason for brake in _explain(workspace, begun).brakes]


def test_gone(workspace: Any, clock: Any) -> None:
    """A workflow that was laid to rest, or taken away, is said to be so from the moment that something listened."""
    workspace.write({"id": "w", "triggers": [HEARD]})
    workspace.app.route()
    before = clock.now() + MINUTE
    workspace.write({"id": "w", "triggers": [HEARD], "enabled": False})
    workspace.app.route()

    assert not _explain(workspace, clock.now()).enabled
    assert workspace.app.explainer.explain(workspace.app.program("w"), before - 2 * MINUTE, before).enabled


def test_only_one(workspace: Any, clock: Any) -> None:
    """One trigger may be asked about alone."""
    workspace.write({"id": "w", "triggers": [HEARD, NINES]})

    assert ["nine"] == [one.trigger for one in _explain(workspace, clock.now(), "nine").triggers]


def test_together(workspace: Any, clock: Any) -> None:
    """A trigger that several events wake is asked about by whoever knows, at the end of the period."""
    workspace.write({"id": "w", "triggers": [HEARD]})
    app, asked = workspace.app, list[Any]()

    def near(program: Any, trigger: Any, at: datetime) -> Verdict:
        asked.append((program.id, trigger.id, at))
        return Verdict(holds=False, because="3 of 5 within 10m")

    until = clock.now() + MINUTE
    what = Explainer(app.store, app.registry.catalogue, near).explain(app.program("w"), clock.now(), until)

    assert [("w", "t", until)] == asked
    assert ["3 of 5 within 10m"] == [one.together.because for one in what.triggers if one.together is not None]


def test_silence_that_wakes(workspace: Any, clock: Any) -> None:
    """A trigger that waits for nothing to happen tells for how long nothing has."""
    quiet = {"id": "quiet", "missing": {"event": "post.published", "for": "2h"}}
    workspace.write({"id": "w", "triggers": [quiet]})
    workspace.app.sweep_patterns()
    since = clock.now()
    clock.advance(timedelta(minutes=29))
    [told] = _explain(workspace, since).triggers

    assert told.together is not None
    assert "30m of 2h" in told.together.because

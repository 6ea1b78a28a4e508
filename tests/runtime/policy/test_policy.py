"""Policy end to end: a workspace, a network, and what the network is and is not told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from antiphon.model.effect import EffectState
from antiphon.model.person import Person
from antiphon.model.run import Run, RunState
from antiphon.runtime.policy import braking
from antiphon.testing.clock import VirtualClock

from ..brand import BOOST, LIKE, POST, TICKET, Brand, branded

HELD, DONE, VETOED = EffectState.HELD, EffectState.DONE, EffectState.VETOED
SAID = {"subject": "${{ event.who }}"}


@pytest.fixture
def brand(tmp_path: Path, store_url: str, clock: VirtualClock) -> Iterator[Brand]:
    """A workspace that posts what it hears, about whoever said it."""
    with branded(tmp_path, store_url, clock) as brand:
        yield brand


def govern(brand: Brand, policy: str, *actions: Mapping[str, object], **keys: object) -> None:
    """A workspace with this policy."""
    brand.settle(server=brand.network.url, token=brand.account.token, policy=policy)
    brand.write(*(actions or (POST,)), **{**SAID, **keys})


def say(brand: Brand, number: int, who: str = "ana", **data: str) -> Run:
    """Answer another event; the run as it stands afterwards."""
    event = brand.event(f"e{number}", who=who, **{"text": f"Hello {number}", **data})
    found = brand.app.store.runs.get(brand.run(event))
    assert found is not None
    return found


def go_on(brand: Brand) -> None:
    """What `up` does every now and then."""
    for workflow in brand.app.unfinished():
        brand.app.activate(workflow)


def test_nothing_is_asked(brand: Brand) -> None:
    """A workspace without a policy limits nothing, and keeps no rulings."""
    brand.write(POST)
    run = say(brand, 1)
    assert RunState.DONE is run.state
    assert [] == list(brand.app.store.rulings.history(run.steps[0].effect))


def test_cap(brand: Brand, clock: VirtualClock) -> None:
    """The third message to a person is held until the first is as old as the cap says, and then goes by itself."""
    govern(brand, '[[policy.caps]]\nmax = 2\nper = "3h"\n')
    first = clock.now()
    assert [RunState.DONE] * 2 == [say(brand, number).state for number in (1, 2)]
    assert RunState.DONE is say(brand, 9, who="ben").state
    third = say(brand, 3)
    assert (RunState.HELD, first + timedelta(hours=3)) == (third.state, third.not_before)
    assert "cap: 2 of 2 per 3h for ana" in third.because

    clock.advance(timedelta(hours=2, minutes=59))
    go_on(brand)
    assert "Hello 3" not in brand.texts
    clock.advance(timedelta(minutes=1))
    go_on(brand)
    assert 1 == brand.texts.count("Hello 3")


def test_cap_over_workflows(brand: Brand) -> None:
    """A cap of a group counts what other workflows sent in that group, and nothing else."""
    group = {**POST, "cap": {"max": 1, "per": "1d", "scope": "workspace", "group": "outreach"}}
    govern(brand, "", group)
    brand.write({**POST, "cap": {"group": "outreach"}}, id="other", **SAID)
    brand.app.start("other", event=brand.event("e0", who="ana", text="From the other"), trigger="heard")
    brand.app.activate("other")
    assert RunState.HELD is say(brand, 1).state
    assert RunState.DONE is say(brand, 2, who="ben").state


def test_skip(brand: Brand) -> None:
    """A step that a full cap skips is left out, and the run goes on."""
    cap = {"max": 1, "per": "1d", "otherwise": "skip"}
    govern(brand, "", {**POST, "cap": cap}, TICKET)
    say(brand, 1)
    second = say(brand, 2)
    assert RunState.DONE is second.state
    assert ["skipped", "done"] == [step.state for step in second.steps]
    assert ["Hello 1"] == brand.texts


def test_hours(brand: Brand, clock: VirtualClock) -> None:
    """At night by the person's own clock a message is held until their morning."""
    clock.set(datetime(2026, 3, 2, 21, 30, tzinfo=UTC))
    govern(brand, '[[policy.hours]]\nbetween = ["08:00", "20:00"]\n')
    brand.app.store.people.seen(
        [Person(id="ana", network="mastodon", handle="ana", timezone="America/New_York")], clock.now()
    )
    assert RunState.DONE is say(brand, 1).state  # 16:41 in New York
    night = say(brand, 2, who="ben")  # nobody knows where ben lives: 22:41 in Paris
    assert (RunState.HELD, datetime(2026, 3, 3, 7, tzinfo=UTC)) == (night.state, night.not_before)
    clock.set(datetime(2026, 3, 3, 7, tzinfo=UTC))
    go_on(brand)
    assert 1 == brand.texts.count("Hello 2")


def test_suppression_is_read_at_the_last_moment(brand: Brand, clock: VirtualClock) -> None:
    """Who opts out while a message to them is held is not reached by it."""
    govern(brand, '[[policy.caps]]\nmax = 1\nper = "1h"\n')
    say(brand, 1)
    held = say(brand, 2)
    assert RunState.HELD is held.state
    brand.app.store.suppressions.add("@Ana", reason="opted out")
    clock.advance(timedelta(hours=1))
    go_on(brand)
    [entry] = [one for one in brand.app.store.ledger.list() if one.state is VETOED]
    assert "suppression: ana must not be reached" in entry.reason
    assert "opted out" in entry.reason
    assert ["Hello 1"] == brand.texts


def test_consent(brand: Brand, clock: VirtualClock) -> None:
    """On a channel that needs consent, only who has given it is reached."""
    govern(brand, '[policy]\nconsent = ["mastodon"]\n')
    facts = {"consent": {"mastodon": "2026-01-01"}}
    brand.app.store.people.seen([Person(id="ana", network="mastodon", handle="ana", facts=facts)], clock.now())
    assert RunState.DONE is say(brand, 1).state
    assert RunState.STOPPED is say(brand, 2, who="ben").state
    assert ["Hello 1"] == brand.texts


def test_budget(brand: Brand, clock: VirtualClock) -> None:
    """A quota of a day holds until the next day begins where the workspace is."""
    govern(brand, '[[policy.budgets]]\nconnection = "brand"\neffects = 1\nper = "day"\n')
    say(brand, 1)
    assert datetime(2026, 3, 2, 23, tzinfo=UTC) == say(brand, 2).not_before


def test_near_duplicates(brand: Brand) -> None:
    """Nearly the same words are refused for a while; a reply of two words is not compared."""
    govern(brand, '[policy.near_duplicates]\nwithin = "1d"\n')
    say(brand, 1, text="Our new autumn roast is here, come and taste it on Saturday at nine")
    again = say(brand, 2, text="OUR NEW AUTUMN ROAST is here: come and taste it on Saturday at nine!")
    assert RunState.STOPPED is again.state
    assert "100% like" in again.because
    assert [RunState.DONE] * 2 == [say(brand, number, text="Thank you").state for number in (3, 4)]


def test_blackout(brand: Brand) -> None:
    """On a day of a blackout nothing goes out until the day after its last."""
    govern(brand, '[[policy.blackouts]]\nfrom = 2026-03-01\nto = 2026-03-03\nbecause = "mourning"\n')
    held = say(brand, 1)
    assert datetime(2026, 3, 3, 23, tzinfo=UTC) == held.not_before
    assert "mourning" in held.because


def test_inward(brand: Brand) -> None:
    """What reaches nobody outside is not held back by anything."""
    govern(brand, "[policy]\neffects_per_run = 1\n", TICKET, {**TICKET, "id": "second"}, POST)
    brand.app.store.brakes.put("workspace", "test", by="ana")
    run = say(brand, 1)
    assert ["done", "done", "held"] == [step.state for step in run.steps]


def test_per_run(brand: Brand) -> None:
    """What a run would do beyond its limit waits for a person; a workflow's own limit is the tighter one."""
    govern(brand, "[policy]\neffects_per_run = 5\n", POST, BOOST, limits={"effects_per_run": 1})
    run = say(brand, 1, status=brand.heard().id)
    assert (RunState.HELD, None) == (run.state, run.not_before)
    assert "1 of 1 effects per run" in run.because


def test_per_day(brand: Brand, clock: VirtualClock) -> None:
    """The day of the workspace and the day of a workflow each have their limit, and begin anew at midnight."""
    govern(brand, "[policy]\neffects_per_day = 3\n", limits={"effects_per_day": 1})
    say(brand, 1)
    held = say(brand, 2)
    assert "1 of 1 effects per day of w" in held.because
    clock.set(held.not_before)  # type: ignore[arg-type]
    go_on(brand)
    assert {DONE} == {entry.state for entry in brand.app.store.ledger.list()}


def test_brake(brand: Brand, clock: VirtualClock) -> None:
    """A brake holds everything outward in its scope; lifted, what it held goes on by itself, once."""
    brand.write(POST, LIKE, **SAID)
    store = brand.app.store
    for scope in ("workspace", "account:brand", "workflow:w"):
        braking.put(store, scope, "crisis", by="ana", now=clock.now())
        run = say(brand, len(scope), status=brand.heard().id)
        assert (RunState.HELD, None) == (run.state, run.not_before)
        assert f"the brake of {scope} is on: crisis" in run.because
        go_on(brand)
        assert f"Hello {len(scope)}" not in brand.texts
        lifted, released = braking.lift(store, scope, by="ben", now=clock.now())
        assert (scope, 1) == (lifted.scope if lifted else "", released)
        go_on(brand)
        assert 1 == brand.texts.count(f"Hello {len(scope)}")
    braking.put(store, "account:another", "", by="ana", now=clock.now())
    assert RunState.DONE is say(brand, 99, status=brand.heard().id).state


def test_brake_that_ends(brand: Brand, clock: VirtualClock) -> None:
    """A brake with an end lifts itself, and what it held goes on then."""
    brand.write(POST, **SAID)
    until = clock.now() + timedelta(hours=2)
    braking.put(brand.app.store, "workspace", "", by="ana", now=clock.now(), until=until)
    assert until == say(brand, 1).not_before
    clock.set(until)
    go_on(brand)
    assert ["Hello 1"] == brand.texts


def test_blast_radius(brand: Brand, clock: VirtualClock) -> None:
    """A day on which a workflow does far more than usual brakes it; a person lets it go on, and it is counted anew."""
    govern(brand, "[policy]\nblast_radius = 2\n")
    for day in range(3):
        for number in range(6):
            say(brand, day * 10 + number)
        clock.advance(timedelta(days=1))
    states = [say(brand, 100 + number).state for number in range(14)]
    assert [RunState.DONE] * 12 + [RunState.HELD] * 2 == states
    [brake] = brand.app.store.brakes.standing()
    assert "workflow:w" == brake.scope
    assert "12 of 2 × the usual 6 of a day of w" in brake.reason

    clock.advance(timedelta(minutes=1))
    braking.lift(brand.app.store, "workflow:w", by="ana", now=clock.now())
    go_on(brand)
    assert 2 == sum(text in brand.texts for text in ("Hello 112", "Hello 113"))


def test_priority(brand: Brand, clock: VirtualClock) -> None:
    """Of two workflows that wait for one place, the one of higher priority gets it, whoever came first."""
    govern(brand, '[[policy.caps]]\nmax = 1\nper = "1h"\n', priority=10)
    brand.write(POST, id="urgent", priority=90, **SAID)
    say(brand, 1)
    say(brand, 2)
    brand.app.start("urgent", event=brand.event("e3", who="ana", text="Urgent"), trigger="heard")
    brand.app.activate("urgent")
    clock.advance(timedelta(hours=1))
    assert ("urgent", "w") == brand.app.unfinished()
    brand.app.activate("w")
    assert "Hello 2" not in brand.texts
    go_on(brand)
    assert "Urgent" in brand.texts
    assert "Hello 2" not in brand.texts


def test_plan(brand: Brand, clock: VirtualClock) -> None:
    """A plan asks the same rules, counts its own effects too, and keeps nothing."""
    govern(brand, '[[policy.caps]]\nmax = 2\nper = "1h"\n')
    events = [brand.event(f"e{number}", who="ana", text=f"Hello {number}") for number in range(3)]
    planned = brand.app.plan("w", events=events, trigger="heard")
    assert ["", ""] == [entry.reason for entry in planned.entries[:2]]
    last = planned.entries[2]
    assert "would be held until 2026-03-02 11" in last.reason
    assert "cap: 2 of 2 per 1h for ana" in last.reason
    assert [] == list(brand.app.store.ledger.list())
    assert [] == list(brand.app.store.rulings.history(last.effect.key))


def test_rulings_are_kept(brand: Brand) -> None:
    """What every rule said is kept with its reason, also when it let the effect pass."""
    govern(brand, '[[policy.caps]]\nmax = 2\nper = "1h"\n[[policy.hours]]\nbetween = ["00:00", "24:00"]\n')
    run = say(brand, 1)
    kept = brand.app.store.rulings.latest(run.steps[0].effect)
    assert [("hours", "pass"), ("cap", "pass")] == [(one.rule, one.verdict) for one in kept]
    assert "0 of 2 per 1h for ana" == kept[1].because


def test_undo_is_not_held(brand: Brand, clock: VirtualClock) -> None:
    """No rule keeps a mistake from being taken back."""
    brand.write(POST, **SAID)
    run = say(brand, 1)
    brand.app.store.brakes.put("workspace", "crisis", by="ana")
    undoings = brand.app.undoer.of_run(run)
    brand.app.undoer.undo(undoings, "a mistake")
    assert [] == brand.texts

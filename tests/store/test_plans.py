"""Plans that are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from antiphon.components.ports import Store
from antiphon.errors import InputError, StoreError
from antiphon.model.plan import Call, Plan
from antiphon.testing.clock import VirtualClock


def plan(clock: VirtualClock, cause: str = "1", workflow: str = "w") -> Plan:
    calls = (Call(trigger="by_hand", cause=cause),)
    return Plan(workflow=workflow, programs={workflow: "abc"}, calls=calls, runs=(), effects=(), planned_at=clock.now())


def test_again(store: Store, clock: VirtualClock) -> None:
    """A plan that is made once more is as old as the last time; that it was applied stays."""
    first = plan(clock)
    store.plans.keep(first)
    store.plans.begin(first.fingerprint, clock.now(), follow=False)
    applied_at = clock.now()
    clock.advance(timedelta(hours=1))
    store.plans.keep(plan(clock))
    found = store.plans.get(first.id)
    assert found is not None
    assert (clock.now(), applied_at) == (found.planned_at, found.applied_at)
    assert [found] == list(store.plans.list())


def test_begun(store: Store, clock: VirtualClock) -> None:
    """The first moment of its application stays, and so does the consent to follow."""
    store.plans.keep(plan(clock))
    began = clock.now()
    for follow in (False, True, False):
        begun = store.plans.begin(plan(clock).fingerprint, clock.now(), follow=follow)
        clock.advance(timedelta(minutes=1))
    assert (began, True) == (begun.applied_at, begun.follow)
    with pytest.raises(StoreError, match="There is no plan"):
        store.plans.begin("0" * 64, clock.now(), follow=False)


def test_found(store: Store, clock: VirtualClock) -> None:
    """A plan is found by an unambiguous beginning of its fingerprint, and the newest are listed first."""
    plans = []
    for number in range(17):
        plans.append(plan(clock, str(number), f"w{number % 2}"))
        store.plans.keep(plans[-1])
        clock.advance(timedelta(minutes=1))
    assert plans[3] == store.plans.get(plans[3].fingerprint)
    assert plans[::-1] == list(store.plans.list())
    assert plans[-2::-2] == list(store.plans.list(workflow="w1"))
    assert plans[-1:] == list(store.plans.list(limit=1))
    shared = next(digit for digit in "0123456789abcdef" if sum(one.id.startswith(digit) for one in plans) > 1)
    with pytest.raises(InputError, match="several plans"):
        store.plans.get(shared)
    for nothing in ("", "zzz", "%", "0" * 64):
        assert None is store.plans.get(nothing)

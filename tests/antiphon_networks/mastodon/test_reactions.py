from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from antiphon import AccessLost, RetryLater
from antiphon.model.effect import Done, Rejected, Unknown
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_networks.mastodon.reactions import Boost, Delete, Favourite, Unboost, Unfavourite

if TYPE_CHECKING:
    from tests.antiphon_networks.conftest import Desk

ACTIONS = [(Boost, "reblogged"), (Favourite, "favourited")]


def count(desk: Desk, action: Any, status: Any) -> int:
    return len(status.reblogs) if action is Boost else len(status.favourited_by)


@pytest.mark.parametrize(("action", "flag"), ACTIONS)
def test_done_once(desk: Desk, action: Any, flag: str) -> None:
    """Done twice, it is there once."""
    status = desk.network.post("ana", "bonjour")
    effect = desk.plan(action, status=status.id)
    assert (effect.idempotency, effect.reversible) == ("lookup", True)
    for _ in range(2):
        assert isinstance(desk.perform(action, effect), Done)
    assert count(desk, action, status) == 1


@pytest.mark.parametrize(("action", "flag"), ACTIONS)
def test_event(desk: Desk, action: Any, flag: str) -> None:
    """The event that brought a status names it as well as its id."""
    status = desk.network.post("ana", "bonjour")
    event = {"network": "mastodon", "id": status.id}
    assert desk.plan(action, status=event).payload == desk.plan(action, status=int(status.id)).payload


@pytest.mark.parametrize(("action", "flag"), ACTIONS)
def test_lost_answer(desk: Desk, action: Any, flag: str) -> None:
    """When the answer is lost, a look at the status settles it."""
    status = desk.network.post("ana", "bonjour")
    effect = desk.plan(action, status=status.id)
    assert desk.reconcile(action, effect) is None
    desk.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ACCEPT_THEN_RESET))
    assert isinstance(desk.perform(action, effect), Unknown)
    assert isinstance(desk.reconcile(action, effect), Done)


@pytest.mark.parametrize(("action", "flag"), ACTIONS)
def test_nothing_there(desk: Desk, action: Any, flag: str) -> None:
    """A status that is not there is refused by the network."""
    outcome = desk.perform(action, desk.plan(action, status="404"))
    assert outcome == Rejected("127.0.0.1 said no (404): Record not found")


def test_boost_receipt(desk: Desk) -> None:
    """A boost is a status of its own, which is what an undo needs."""
    status = desk.network.post("ana", "bonjour")
    outcome = desk.perform(Boost, desk.plan(Boost, status=status.id))
    (boost,) = desk.network.statuses(by="torrea")
    assert (outcome.receipt.remote_id, outcome.receipt.data["boosted"]) == (boost.id, status.id)


def test_delete(desk: Desk) -> None:
    """A status that is deleted is gone; that cannot be undone."""
    status = desk.network.post("torrea", "oups")
    effect = desk.plan(Delete, status=status.id)
    assert (effect.idempotency, effect.reversible) == ("lookup", False)
    assert desk.reconcile(Delete, effect) is None
    assert isinstance(desk.perform(Delete, effect), Done)
    assert desk.published() == []
    assert isinstance(desk.reconcile(Delete, effect), Done)


def test_cannot_look(desk: Desk) -> None:
    """A network that cannot be asked now, or does not let us in any more, has told nothing: the question stays."""
    effect = desk.plan(Boost, status="1")
    desk.network.revoke(desk.account.token or "")
    with pytest.raises(AccessLost):
        desk.reconcile(Boost, effect)
    desk.network.stop()
    with pytest.raises(RetryLater):
        desk.reconcile(Boost, effect)


TAKING_BACK = [(Boost, Unboost), (Favourite, Unfavourite)]


@pytest.mark.parametrize(("action", "opposite"), TAKING_BACK)
def test_taken_back(desk: Desk, action: Any, opposite: Any) -> None:
    """The opposite leaves nothing behind, done once or twice, and is found by a look at the status."""
    status = desk.network.post("ana", "bonjour")
    desk.perform(action, desk.plan(action, status=status.id))
    effect = desk.plan(opposite, status=status.id)
    assert ("lookup", False) == (effect.idempotency, effect.reversible)
    assert desk.reconcile(opposite, effect) is None
    for _ in range(2):
        assert isinstance(desk.perform(opposite, effect), Done)
    assert count(desk, action, status) == 0
    assert isinstance(desk.reconcile(opposite, effect), Done)


@pytest.mark.parametrize(("action", "opposite"), TAKING_BACK)
def test_undo(desk: Desk, action: Any, opposite: Any) -> None:
    """A reaction is undone by its opposite, on the same status; the opposite has no way back."""
    status = desk.network.post("ana", "bonjour")
    effect = desk.plan(action, status=status.id)
    outcome = desk.perform(action, effect)
    inverse = action().undo(effect, outcome.receipt, desk.reading)
    assert (opposite.name, {"status": status.id}) == (inverse.action, inverse.payload)
    assert opposite().undo(inverse, outcome.receipt, desk.reading) is None


@pytest.mark.parametrize(("action", "opposite"), TAKING_BACK)
def test_taking_back_lost_answer(desk: Desk, action: Any, opposite: Any) -> None:
    """When the answer is lost, a look at the status settles it; a status that is gone has no reactions."""
    status = desk.network.post("ana", "bonjour")
    desk.perform(action, desk.plan(action, status=status.id))
    effect = desk.plan(opposite, status=status.id)
    desk.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ACCEPT_THEN_RESET))
    assert isinstance(desk.perform(opposite, effect), Unknown)
    assert isinstance(desk.reconcile(opposite, effect), Done)
    assert isinstance(desk.reconcile(opposite, desk.plan(opposite, status="404")), Done)

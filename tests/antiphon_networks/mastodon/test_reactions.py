from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from antiphon.model.effect import Done, Rejected, Unknown
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_networks.mastodon.reactions import Boost, Delete, Favourite

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
    """A network that cannot be asked leaves it unknown."""
    effect = desk.plan(Boost, status="1")
    desk.network.stop()
    assert isinstance(desk.reconcile(Boost, effect), Unknown)

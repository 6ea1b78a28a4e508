"""A contact is written once, by a stated rule about who is right, and only under a basis."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.antiphon_networks.workbench import Workbench

from antiphon import AuthDead, Disconnected, Done, GiveUp, RateLimited, Rejected, Skip, Unknown
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind, Sandbox
from antiphon_crm.contacts import Contact, settled
from antiphon_crm.pushing import Push

from .conftest import BASIS, EMAIL, Ask

SEND = "POST /crm/v3/objects/contacts/batch/upsert"


def push(desk: Workbench, **options: Any) -> Any:
    """Plan and perform; the outcome."""
    given = {"email": EMAIL, "basis": BASIS, "fields": {"firstname": "Ana", "phone": "+33 1"}, **options}
    return desk.perform(Push, desk.plan(Push, **given))


def test_s9_twice(desk: Workbench, somebody: Ask, network: Sandbox) -> None:
    """S9: a contact that is written twice is there once, and the second time nothing is sent."""
    assert isinstance(push(desk), Done)
    with pytest.raises(Skip, match="has all of it"):
        push(desk)

    there = somebody()
    assert ("Ana", "+33 1", EMAIL) == tuple(there[name] for name in ("firstname", "phone", "email"))


def test_s9_sent_twice(desk: Workbench, somebody: Ask) -> None:
    """S9: the same write, performed twice, makes no second contact and changes nothing."""
    effect = desk.plan(Push, email=EMAIL, basis=BASIS, fields={"firstname": "Ana"})

    first, second = desk.perform(Push, effect), desk.perform(Push, effect)

    assert first.receipt.remote_id == second.receipt.remote_id
    assert (True, False) == (first.receipt.data["new"], second.receipt.data["new"])


@pytest.mark.parametrize(
    ("wins", "but", "phone", "firstname"),
    [
        ("newest", {}, "theirs", "ours"),
        ("crm", {}, "theirs", "theirs"),
        ("ours", {}, "ours", "ours"),
        ("ours", {"phone": "crm"}, "theirs", "ours"),
        ("crm", {"phone": "ours"}, "ours", "theirs"),
    ],
)
def test_s9_conflict(
    desk: Workbench, somebody: Ask, clock: VirtualClock, wins: str, but: dict[str, str], phone: str, firstname: str
) -> None:
    """S9: property by property whoever is right by the stated rule wins: the newest, the CRM, or we."""
    somebody(firstname="theirs")
    clock.advance(timedelta(hours=1))
    known = clock.now()
    clock.advance(timedelta(hours=1))
    somebody(phone="theirs")

    given = {"firstname": "ours", "phone": "ours"}
    if "ours" in (phone, firstname):
        push(desk, fields=given, wins=wins, but=but, at=known)
    else:
        with pytest.raises(Skip, match="phone: the CRM is right about it"):
            push(desk, fields=given, wins=wins, but=but, at=known)

    there = somebody()
    assert (phone, firstname) == (there["phone"], there["firstname"])


def test_s9_new_in_crm(desk: Workbench, somebody: Ask) -> None:
    """S9: where the CRM says nothing there is no conflict, and what is empty here says nothing."""
    somebody(firstname="Ana")

    push(desk, fields={"firstname": "", "phone": "+33 1", "lastname": None}, wins="crm")

    assert ("Ana", "+33 1", None) == tuple(somebody().get(name) for name in ("firstname", "phone", "lastname"))


@pytest.mark.parametrize(
    ("kind", "outcome", "written"),
    [
        (FaultKind.ACCEPT_THEN_RESET, Unknown, True),
        (FaultKind.ACCEPT_THEN_TIMEOUT, Unknown, True),
        (FaultKind.CREATED_BUT_400, Rejected, True),
        (FaultKind.TRUNCATED_JSON, Unknown, True),
        (FaultKind.HTML_INSTEAD_OF_JSON, Unknown, False),
        (FaultKind.SERVER_ERROR, Unknown, False),
        (FaultKind.RATE_LIMITED, RateLimited, False),
        (FaultKind.TOKEN_REVOKED, AuthDead, False),
    ],
)
def test_s9_in_doubt(
    desk: Workbench, somebody: Ask, network: Sandbox, kind: FaultKind, outcome: type[Any], written: bool
) -> None:
    """S9: whatever goes wrong is told by its name; in doubt the CRM is asked by the address."""
    effect = desk.plan(Push, email=EMAIL, basis=BASIS, fields={"firstname": "Ana"})
    network.faults.add(Fault(SEND, kind))

    told = desk.perform(Push, effect)

    assert isinstance(told, outcome), told
    if kind is FaultKind.TOKEN_REVOKED:
        return
    there = somebody()
    found = desk.reconcile(Push, effect)
    assert (there is not None) == isinstance(found, Done)
    assert there is not None or not written
    assert there is not None or isinstance(desk.perform(Push, effect), Done)
    assert "Ana" == somebody()["firstname"]


def test_s9_changed_since(desk: Workbench, somebody: Ask) -> None:
    """S9: what somebody has changed since is not taken for what was written."""
    effect = desk.plan(Push, email=EMAIL, basis=BASIS, fields={"firstname": "Ana"})
    assert desk.reconcile(Push, effect) is None
    desk.perform(Push, effect)
    somebody(firstname="Anne")

    assert desk.reconcile(Push, effect) is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"basis": []}, "Nothing allows to keep"),
        ({"basis": {"basis": "consent", "because": " "}}, "Nothing allows to keep"),
        ({"basis": {"basis": "we like them", "because": "yes"}}, "Nothing allows to keep"),
        ({"email": "ana"}, "has no e-mail address"),
        ({"email": "ana@example.org\r\nBcc: all@example.org"}, "has no e-mail address"),
        ({"fields": {"email": "ben@example.org"}}, "says the address once more"),
    ],
)
def test_s9_refused(desk: Workbench, somebody: Ask, given: dict[str, Any], told: str) -> None:
    """S9: nobody is written without a basis, or by an address that is none."""
    with pytest.raises(GiveUp, match=told):
        push(desk, **given)

    assert somebody() is None


def test_unknown_property(desk: Workbench, somebody: Ask) -> None:
    """What the CRM refuses is told in its words, and nothing is written."""
    outcome = push(desk, fields={"shoe_size": "43"})

    assert isinstance(outcome, Rejected)
    assert 'Property "shoe_size" does not exist' in outcome.reason
    assert somebody() is None


def test_hostile(desk: Workbench, somebody: Ask) -> None:
    """Whatever stands in a name is a name: no markup, line break or invisible letter does anything."""
    push(desk, fields={"firstname": "<script>alert(1)</script>\u202e", "lastname": "A\r\nX-Injected: 1\x00"})

    there = somebody()
    assert ("<script>alert(1)</script>", "A\nX-Injected: 1") == (there["firstname"], there["lastname"])


def test_recipients(desk: Workbench) -> None:
    """The policy is asked about whoever is written: suppression and consent hold for a CRM too."""
    effect = desk.plan(Push, email="ANA@example.org", basis=[BASIS], fields={"firstname": "Ana"})

    assert (("ana@example.org",), True) == (effect.recipients, effect.outward)


def test_settled(clock: VirtualClock) -> None:
    """What stays as the CRM has it is told with its reason."""
    there = Contact("1", {"phone": "1", "city": "Lyon"}, {"phone": clock.now()})

    found = settled(
        {"phone": "2", "city": "Paris"}, there, {"phone": "newest", "city": "crm"}, clock.now() - timedelta(seconds=1)
    )

    assert {} == found.written
    assert {
        "phone": "the CRM has it since 2026-03-02 09:00 UTC, which is newer",
        "city": "the CRM is right about it",
    } == found.left


def test_gone(desk: Workbench, network: Sandbox) -> None:
    """A CRM that is not there was surely not written to."""
    effect = desk.plan(Push, email=EMAIL, basis=BASIS, fields={"firstname": "Ana"})
    network.stop()

    assert isinstance(desk.perform(Push, effect), Disconnected | Unknown)

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import Disconnected, Done, Rejected, RetryLater, Unknown
from antiphon_networks.mail.sending import Send

if TYPE_CHECKING:
    from tests.antiphon_networks.mail.conftest import Desk

WORDS: dict[str, Any] = {"to": "ana@example.org", "subject": "Votre question", "text": "Bonjour Ana"}


def test_declared(desk: Desk, full_desk: Desk) -> None:
    """With mailboxes, a doubt can be looked up; without, it is for a person; the effect says which."""
    assert [one.plan(Send, **WORDS).idempotency for one in (desk, full_desk)] == ["none", "lookup"]


def test_sent(full_desk: Desk) -> None:
    """What went out lies among what was sent, as read and not as a draft; it is what was sent, byte for byte."""
    effect = full_desk.plan(Send, **WORDS)

    assert isinstance(full_desk.perform(Send, effect), Done)
    ((flags, raw),) = full_desk.sent()
    assert "\\Draft" not in flags
    assert "\\Seen" in flags
    assert raw == full_desk.office.raw()[0]
    assert isinstance(full_desk.reconcile(Send, effect), Done)


def test_not_sent(full_desk: Desk) -> None:
    """What was surely not sent has no copy, and a look says so."""
    effect = full_desk.plan(Send, **WORDS)

    assert full_desk.reconcile(Send, effect) is None
    for answer, kind in (("550 No", Rejected), ("421 Later", Disconnected)):
        full_desk.office.says["RCPT"] = answer
        assert isinstance(full_desk.perform(Send, effect), kind)
        assert full_desk.sent() == []
        assert full_desk.reconcile(Send, effect) is None


@pytest.mark.parametrize("keeps", [True, False])
def test_nobody_knows(full_desk: Desk, keeps: bool) -> None:
    """A message that was handed in without an answer stays a draft, and a look says that nobody knows."""
    effect = full_desk.plan(Send, **WORDS)
    full_desk.office.keeps = keeps
    full_desk.office.says["DATA"] = ""

    assert isinstance(full_desk.perform(Send, effect), Unknown)
    ((flags, _),) = full_desk.sent()
    assert "\\Draft" in flags
    found = full_desk.reconcile(Send, effect)
    assert isinstance(found, Unknown)
    assert "may have sent it" in found.reason


def test_server_keeps_its_own(full_desk: Desk) -> None:
    """Where the provider itself keeps what it sent, its copy settles the doubt."""
    effect = full_desk.plan(Send, **WORDS)
    full_desk.office.says["DATA"] = ""
    full_desk.perform(Send, effect)
    (raw,) = full_desk.office.raw()
    assert full_desk.dovecot
    full_desk.dovecot.deliver(full_desk.account, raw, full_desk.clock.now(), "Sent")

    assert isinstance(full_desk.reconcile(Send, effect), Done)


def test_no_copy_no_message(full_desk: Desk) -> None:
    """When no copy can be kept nothing is sent, and it is tried again later."""
    full_desk.options["imap"] = "imap://127.0.0.1:9"
    effect = full_desk.plan(Send, **WORDS)

    outcome = full_desk.perform(Send, effect)

    assert isinstance(outcome, Disconnected)
    assert "No copy could be kept, so nothing was sent" in outcome.reason
    assert full_desk.office.taken == []
    with pytest.raises(RetryLater):
        full_desk.reconcile(Send, effect)


def test_two_effects(full_desk: Desk) -> None:
    """Of two effects with the same words, each finds its own copy only."""
    first = full_desk.plan(Send, **WORDS)
    full_desk.perform(Send, first)
    full_desk.here = replace(full_desk.here, event="e-2")
    second = full_desk.plan(Send, **WORDS)

    assert isinstance(full_desk.reconcile(Send, first), Done)
    assert full_desk.reconcile(Send, second) is None

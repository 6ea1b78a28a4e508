"""The one click on “unsubscribe”: taken once, for a message of ours, and never by who only looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from antiphon import Effect, Visit
from antiphon.model.effect import Done, Receipt
from antiphon_networks.mail.clicking import opened

if TYPE_CHECKING:
    from tests.antiphon_networks.mail.conftest import Desk

MESSAGE = "0123456789abcdef0123456789abcdef.antiphon@torrea.example"


def sent(desk: Desk, key: str, message: str, *to: str) -> None:
    """A message that has left, by the ledger."""
    told = {"action": "email.send", "workflow": "drip", "run": "r1", "step": "mail", "summary": "Write"}
    effect = Effect.model_validate({"key": key, "connection": "post", "recipients": to, **told})
    [entry] = desk.store.ledger.plan([effect])
    desk.store.ledger.claim(effect.key, "w1")
    seen = desk.store.ledger.get(effect.key) or entry
    desk.store.ledger.settle(effect.key, Done(Receipt(remote_id=f"<{message}>", at=desk.clock.now())), seen=seen)


def visit(desk: Desk, key: str, method: str = "POST") -> Visit:
    return Visit(key, method, "192.0.2.1", {}, desk.store, desk.clock)


def test_once(desk: Desk) -> None:
    """A click is one event, however often it comes, that names the address and the act; to open it is none."""
    sent(desk, "drip/one", MESSAGE, "Ana@example.org")

    looked = opened(visit(desk, f"post/{MESSAGE}", "GET"))
    assert ([], True) == (desk.store.events.list(type="contact.opted_out"), "button" in str(looked))
    for _ in range(2):
        assert "You will hear no more" in str(opened(visit(desk, f"post/{MESSAGE}")))

    [event] = desk.store.events.list(type="contact.opted_out")
    assert ("Ana@example.org", "email:ana@example.org", "drip/one", "one-click") == (
        event.data["address"],
        event.data["author"]["id"],
        event.data["effect"],
        event.data["way"],
    )


@pytest.mark.parametrize(
    "key",
    [
        "",
        "post",
        f"other/{MESSAGE}",
        f"post/{MESSAGE}x/y",
        "post/ffffffffffffffffffffffffffffffff.antiphon@torrea.example",
        "post/<x>@torrea.example",
        "../../etc/passwd",
    ],
)
def test_nobodys(desk: Desk, key: str) -> None:
    """What is no message of ours is not there, whatever is asked."""
    assert opened(visit(desk, key)) is None


def test_several(desk: Desk) -> None:
    """Of a message that went to several it cannot be told who clicked: they answer it instead."""
    message = MESSAGE.replace("0123", "4567")
    sent(desk, "drip/two", message, "ana@example.org", "ben@example.org")

    assert opened(visit(desk, f"post/{message}")) is None

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.servers.mail.office import open_office

from antiphon import AuthDead, Disconnected, Done, Effect, GiveUp, RateLimited, Rejected, Skip, Unknown
from antiphon.builtins.posts import SendMessage
from antiphon.components.posting import network_key
from antiphon.runtime.files import WorkspaceFiles
from antiphon_networks.mail import submission
from antiphon_networks.mail.addresses import Mailbox, one_line
from antiphon_networks.mail.composing import compose, token, wire
from antiphon_networks.mail.sending import Reply, Send

if TYPE_CHECKING:
    from tests.antiphon_networks.mail.conftest import Desk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS: dict[str, Any] = {"to": "Ana <ana@example.org>", "subject": "Votre question ☕", "text": "Bonjour Ana"}
EVENT: dict[str, Any] = {
    "network": "email",
    "message_id": "<m2@example.org>",
    "references": ["<m1@example.org>"],
    "reply_to": "Ana <ana@example.org>",
    "subject": "Une question",
}


def said(desk: Desk, command: str, answer: str, **words: Any) -> Any:
    """What becomes of a message when the server says this."""
    desk.office.says[command] = answer
    return desk.perform(Send, desk.plan(Send, **{**WORDS, **words}))


def test_plan(desk: Desk) -> None:
    """A plan is the exact content and whom it reaches, and the server hears nothing of it."""
    effect = desk.plan(Send, **WORDS, reply_to="team@torrea.example")

    assert effect.payload == {
        "from": "Torréa <hello@torrea.example>",
        "to": ["Ana <ana@example.org>"],
        "subject": "Votre question ☕",
        "text": "Bonjour Ana",
        "automatic": True,
        "reply_to": "team@torrea.example",
    }
    assert effect.recipients == ("ana@example.org",)
    assert (effect.reversible, effect.idempotency, desk.office.logins) == (False, "none", 0)


def test_done(desk: Desk) -> None:
    """A message is done once the server has taken it; the receipt tells its Message-ID and the server's word."""
    effect = desk.plan(Send, **WORDS, html="<p>Bonjour <b>Ana</b></p>")
    outcome = desk.perform(Send, effect)

    (message,) = desk.office.messages()
    body, html = message.get_body(("plain",)), message.get_body(("html",))
    assert isinstance(outcome, Done)
    assert (
        outcome.receipt.remote_id == message["Message-ID"] == f"<{token(network_key(effect))}.antiphon@torrea.example>"
    )
    assert outcome.receipt.data["told"] == "OK, number 7"
    assert (message["Subject"], message["To"]) == ("Votre question ☕", "Ana <ana@example.org>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert body
    assert html
    assert body.get_content() == "Bonjour Ana\r\n"
    assert html.get_content() == "<p>Bonjour <b>Ana</b></p>\r\n"


def test_one_click(desk: Desk) -> None:
    """An address for unsubscribing is offered for one click (RFC 8058), beside a way by e-mail; both say which message
    it was."""
    effect = desk.plan(Send, **WORDS, unsubscribe="https://torrea.example/out/{token}")
    desk.perform(Send, effect)

    (message,) = desk.office.messages()
    mark = token(network_key(effect))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"] == (
        f"<https://torrea.example/out/{mark}>, <mailto:hello@torrea.example?subject=unsubscribe%20{mark}>"
    )


def test_attachment(desk: Desk, tmp_path: Path) -> None:
    """A file of the workspace goes along under its name; what is only an address is refused in the plan."""
    (tmp_path / "reçu.txt").write_text("12,50 €", encoding="utf-8")
    desk.files = WorkspaceFiles(tmp_path)

    outcome = desk.perform(Send, desk.plan(Send, **WORDS, media=[{"file": "reçu.txt"}]))

    (message,) = desk.office.messages()
    (attached,) = message.iter_attachments()
    assert isinstance(outcome, Done)
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("reçu.txt", "12,50 €".encode())


def test_any_message(desk: Desk) -> None:
    """`message.send` writes to an address too, with its title as the subject."""
    effect = desk.plan(SendMessage, to="Ana <ana@example.org>", title="Votre commande", text="Elle est en route.")
    desk.perform(SendMessage, effect)

    (message,) = desk.office.messages()
    assert (message["To"], message["Subject"]) == ("Ana <ana@example.org>", "Votre commande")
    assert effect.recipients == ("ana@example.org",)


def test_all_or_none(desk: Desk) -> None:
    """When one of several recipients is refused, nobody gets the message."""
    outcome = said(desk, "RCPT ben@example.org", "550 5.1.1 No such person", to=["ana@example.org", "ben@example.org"])

    assert isinstance(outcome, Rejected)
    assert "No such person" in outcome.reason
    assert desk.office.taken == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.7.1 We do not like it", Rejected),
        ("552 5.2.2 Mailbox full", Rejected),
        ("450 4.2.0 Greylisted", RateLimited),
        ("451 4.3.0 Try again", RateLimited),
        ("452 4.2.2 No room", RateLimited),
        ("421 4.3.2 Going down", Disconnected),
        ("530 5.7.0 Log in first", AuthDead),
    ],
)
def test_no(desk: Desk, command: str, answer: str, kind: type) -> None:
    """5xx is a no, with the server's words; 4xx is later; each time nothing was sent."""
    outcome = said(desk, command, answer)

    assert isinstance(outcome, kind)
    assert answer.partition(" ")[2] in (getattr(outcome, "reason", "") or getattr(outcome, "scope", ""))
    assert desk.office.taken == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_cut_off_before(desk: Desk, command: str) -> None:
    """A connection that is lost before the message ends has sent nothing, for certain."""
    assert isinstance(said(desk, command, ""), Disconnected)


@pytest.mark.parametrize("keeps", [True, False])
def test_cut_off_after(desk: Desk, keeps: bool) -> None:
    """A connection that is lost between the final dot and its answer leaves it unknown; without mailboxes, nobody can
    look."""
    desk.office.keeps = keeps
    effect = desk.plan(Send, **WORDS)
    desk.office.says["DATA"] = ""

    assert isinstance(desk.perform(Send, effect), Unknown)
    assert isinstance(desk.reconcile(Send, effect), Unknown)
    assert len(desk.office.taken) == int(keeps)


def test_wrong_password(desk: Desk) -> None:
    """A wrong or withdrawn password waits for a person; the password is not in the sentence."""
    desk.options["password"] = "wrong-battery"

    outcome = desk.perform(Send, desk.plan(Send, **WORDS))

    assert isinstance(outcome, AuthDead)
    assert "127.0.0.1 does not accept the credentials (535)" in outcome.reason
    assert "wrong-battery" not in outcome.reason


def test_password_cannot_be_checked(desk: Desk) -> None:
    """A server that cannot check passwords now is asked again later."""
    outcome = said(desk, "AUTH", "454 4.7.0 Temporary authentication failure")

    assert isinstance(outcome, Disconnected)
    assert "cannot check the password now" in outcome.reason


def test_nobody_listens(desk: Desk) -> None:
    """Without a server nothing is sent, for certain."""
    desk.options["smtp"] = "smtp://127.0.0.1:9"

    outcome = desk.perform(Send, desk.plan(Send, **WORDS))

    assert isinstance(outcome, Disconnected)
    assert "No connection to 127.0.0.1" in outcome.reason


def test_private_address(desk: Desk) -> None:
    """A server at a private address is not called unless the workspace allows it."""
    desk.http = replace(desk.http, allow_private=frozenset())

    outcome = desk.perform(Send, desk.plan(Send, **WORDS))

    assert isinstance(outcome, Disconnected)
    assert "127.0.0.1 is this machine" in outcome.reason
    assert "allow_private" in outcome.reason
    assert desk.office.logins == 0


def test_slow_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the message and says nothing leaves it unknown."""
    monkeypatch.setattr(submission, "_AFTER_THE_DOT", 0.05)
    desk.office.dawdles = 0.3

    outcome = desk.perform(Send, desk.plan(Send, **WORDS))

    assert isinstance(outcome, Unknown)
    assert "had left by then" in outcome.reason


def test_too_large(desk: Desk) -> None:
    """A message that is larger than the server says it takes is refused before it leaves."""
    with open_office(largest=2000) as office:
        desk.office = office
        outcome = desk.perform(Send, desk.plan(Send, **{**WORDS, "text": "word " * 1000}))

    assert isinstance(outcome, Rejected)
    assert "127.0.0.1 takes 2,000" in outcome.reason
    assert office.taken == []


@pytest.mark.parametrize("subject", ["Bonjour\r\nBcc: eve@example.org", "Bonjour\n\nEve", "Bonjour\u2028Bcc: eve@e.fr"])
def test_subject_with_line_breaks(desk: Desk, subject: str) -> None:
    """A line break in a subject becomes a space and never a header."""
    desk.perform(Send, desk.plan(Send, **{**WORDS, "subject": subject}))

    (message,) = desk.office.messages()
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]
    assert message["Subject"].startswith("Bonjour ")


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.org\r\nBcc: eve@example.org",
        "Ana\n <ana@example.org>",
        "ana@example.org, eve@example.org",
        "ana@exam\u202eple.org",
        "a\u200bna@example.org",
        "ana",
        "@example.org",
        "ana@",
        "ana@@example.org",
        "ana@-example.org",
        "ana@example..org",
        "",
    ],
)
@pytest.mark.parametrize("option", ["to", "from", "reply_to"])
def test_no_address(desk: Desk, address: str, option: str) -> None:
    """What is no address is refused in the plan, with its reason and the option that holds it."""
    if option in ("reply_to", "from") and not address:
        return

    with pytest.raises(GiveUp, match=f"is no address.*`{option}`"):
        desk.plan(Send, **{**WORDS, option: address})


@pytest.mark.parametrize(("option", "value"), [("text", " \n"), ("to", [])])
def test_empty(desk: Desk, option: str, value: Any) -> None:
    """A message without text or recipients is refused in the plan."""
    with pytest.raises(GiveUp, match=r"nothing to send|nobody to send"):
        desk.plan(Send, **{**WORDS, option: value})


def test_without_title(desk: Desk) -> None:
    """A message that was given no title has its first line as its subject, cut where it gets too long."""
    effect = desk.plan(SendMessage, to="ana@example.org", text=f"Bonjour {'Ana ' * 40}\n\nMerci")

    assert effect.payload["subject"] == f"Bonjour {'Ana ' * 12}Ana…"


def test_domain_of_another_script(desk: Desk) -> None:
    """A domain in any script is sent as servers know it; a name before the @ needs a server that takes it."""
    desk.perform(Send, desk.plan(Send, **{**WORDS, "to": "ana@bücher.example"}))
    desk.perform(Send, desk.plan(Send, **{**WORDS, "to": "анна@bücher.example"}))

    assert [one.rcpt_tos for one in desk.office.taken] == [["ana@xn--bcher-kva.example"], ["анна@bücher.example"]]


def test_same_message_twice(desk: Desk) -> None:
    """One effect has one Message-ID, however often it is made; another effect has another one."""
    effect = desk.plan(Send, **WORDS)
    desk.here = replace(desk.here, event="e-2")
    other = desk.plan(Send, **WORDS)
    made = [compose(one.payload, network_key(one), [], NOON)["Message-ID"] for one in (effect, effect, other)]

    assert made[0] == made[1] != made[2]


def test_reply(desk: Desk) -> None:
    """An answer goes to where answers are wanted, in the thread, and says that a machine wrote it."""
    desk.perform(Reply, desk.plan(Reply, to=EVENT, text="Merci !"))

    (message,) = desk.office.messages()
    assert (message["To"], message["Subject"]) == ("Ana <ana@example.org>", "Re: Une question")
    assert message["In-Reply-To"] == "<m2@example.org>"
    assert message["References"] == "<m1@example.org> <m2@example.org>"
    assert message["Auto-Submitted"] == "auto-replied"


def test_long_thread(desk: Desk) -> None:
    """A thread that has grown long keeps its first message and the newest ones."""
    many = [f"<old{number}@example.org>" for number in range(500)]

    effect = desk.plan(Reply, to={**EVENT, "references": many}, text="Merci !")

    assert effect.payload["references"] == [many[0], *many[-18:], "<m2@example.org>"]


def test_reply_to_a_machine(desk: Desk) -> None:
    """What a machine sent is not answered."""
    with pytest.raises(Skip, match="machine"):
        desk.plan(Reply, to={**EVENT, "automatic": True}, text="Merci !")


def test_reply_to_something_else(desk: Desk) -> None:
    """Only an e-mail is answered by one."""
    with pytest.raises(GiveUp, match="not about an e-mail, but about something on mastodon"):
        desk.plan(Reply, to={"network": "mastodon"}, text="Merci !")


def test_lines(desk: Desk) -> None:
    """Every line of what leaves ends with CR LF, and a dot at the beginning of a line is its own."""
    desk.perform(Send, desk.plan(Send, **{**WORDS, "text": "one\r\n.\r\ntwo\n.\n..three\rfour"}))

    (raw,) = desk.office.raw()
    (message,) = desk.office.messages()
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert message.get_content() == "one\r\n.\r\ntwo\r\n.\r\n..three\r\nfour\r\n"


@settings(max_examples=150, deadline=None)
@given(name=st.text(max_size=120), subject=st.text(max_size=300), text=st.text(max_size=500))
def test_any_text(name: str, subject: str, text: str) -> None:
    """Whatever stands in a name, a subject or the text: the headers are those that were meant, and no more."""
    box = Mailbox.read(f"{one_line(name)} <ana@example.org>")
    payload = {"from": "hello@torrea.example", "to": [str(box)], "subject": subject, "text": text, "automatic": True}
    made = compose(payload, "0" * 64, [], NOON)
    message = _parsed(made)

    assert sorted(message.keys()) == sorted(made.keys())
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [(box.name, "ana@example.org")]


def _parsed(message: EmailMessage) -> Any:
    return message_from_bytes(wire(message), policy=policy.default)


def test_effect_key_stays_here(desk: Desk) -> None:
    """Nothing that leaves says which workflow, run or event it comes from."""
    effect: Effect = desk.plan(Send, **WORDS)
    desk.perform(Send, effect)

    (raw,) = desk.office.raw()
    assert effect.key.encode() not in raw
    assert b"thanks" not in raw

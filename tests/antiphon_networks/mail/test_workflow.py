from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.servers.mail.office import PASSWORD

from antiphon.app import Antiphon
from antiphon.model.effect import EffectState
from antiphon_networks.mail.sources import Messages

if TYPE_CHECKING:
    from tests.antiphon_networks.mail.conftest import Desk

SETTINGS = """
[workspace]
name = "Torréa"
timezone = "Europe/Paris"
[http]
allow_private = ["127.0.0.1"]
[connections.post]
connector = "email"
from = "Torréa <{account}>"
password = "{password}"
smtp = "smtp://127.0.0.1:{smtp}"
imap = "imap://127.0.0.1:{imap}"
"""
WORKFLOW = """
antiphon: 1
id: answers
name: Answer whoever writes
tz: Europe/Paris
triggers:
  - id: mail
    poll: {source: email.messages, with: {connection: post}, every: 2m}
actions:
  - id: answer
    use: email.reply
    with: {connection: post, to: "${{ event }}", text: "Merci (${{ event.effect | default('premier') }})"}
"""


@pytest.fixture
def app(full_desk: Desk, tmp_path: Path) -> Iterator[Antiphon]:
    """A workspace that answers every message."""
    assert full_desk.dovecot
    folder = tmp_path / "workspace"
    (folder / "workflows").mkdir(parents=True)
    (folder / "workflows" / "answers.yaml").write_text(WORKFLOW, encoding="utf-8")
    settings = SETTINGS.format(
        account=full_desk.account, password=PASSWORD, smtp=full_desk.office.port, imap=full_desk.dovecot.port
    )
    (folder / "antiphon.toml").write_text(settings, encoding="utf-8")
    opened = Antiphon.open(folder, clock=full_desk.clock)
    opened.wake("answers", "mail")
    yield opened
    opened.close()


def letter(number: int, answers: str = "", **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "ana@example.org", "Subject": "Café", **headers}.items():
        message[name.replace("_", "-")] = value
    message["Message-ID"] = f"<m{number}@example.org>"
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content(f"Question {number}")
    return message


def turn(app: Antiphon) -> None:
    """Ask for mail, and do what there is to do."""
    app.wake("answers", "mail")
    app.activate("answers")


def test_conversation(app: Antiphon, full_desk: Desk) -> None:
    """Whoever writes is answered once, however often the mailbox is read; what they answer names our effect."""
    full_desk.arrive(letter(1))
    for _ in range(3):
        turn(app)
    (first,) = full_desk.office.messages()
    full_desk.arrive(letter(2, first["Message-ID"]))
    turn(app)

    _, second = full_desk.office.messages()
    (entry,) = [one for one in app.store.ledger.list() if one.receipt and one.receipt.remote_id == first["Message-ID"]]
    assert first.get_content() == "Merci (premier)\r\n"
    assert second.get_content() == f"Merci ({entry.effect.key})\r\n"


def test_machine(app: Antiphon, full_desk: Desk) -> None:
    """What a machine wrote is not answered, so that no two machines write to each other for ever."""
    full_desk.arrive(letter(1, Auto_Submitted="auto-replied"))
    turn(app)

    assert full_desk.office.taken == []


@pytest.mark.parametrize(("keeps", "files"), [(True, True), (True, False), (False, False)])
def test_lost_answer(app: Antiphon, full_desk: Desk, keeps: bool, files: bool) -> None:
    """When the line goes dead at the last moment nothing is sent again: it is found, or waits for a person."""
    dovecot = full_desk.dovecot
    assert dovecot
    if files:
        full_desk.office.files = lambda raw: dovecot.deliver(full_desk.account, raw, full_desk.clock.now(), "Sent")
    full_desk.office.keeps = keeps
    full_desk.office.once["DATA"] = ""
    full_desk.arrive(letter(1))
    turn(app)
    for _ in range(4):
        full_desk.clock.advance(timedelta(minutes=2))
        app.activate("answers")

    (entry,) = app.store.ledger.list()
    assert len(full_desk.office.taken) == int(keeps)
    assert entry.state is (EffectState.DONE if files else EffectState.PARKED)


def test_later(app: Antiphon, full_desk: Desk) -> None:
    """What the server puts off goes out later by itself, once, and nothing of the first attempt stays."""
    full_desk.office.once["RCPT"] = "450 4.7.1 Greylisted"
    full_desk.arrive(letter(1))
    turn(app)
    assert full_desk.office.taken == []
    assert full_desk.sent() == []
    full_desk.clock.advance(timedelta(minutes=6))
    app.activate("answers")

    assert len(full_desk.office.taken) == len(full_desk.sent()) == 1


def test_plan(app: Antiphon, full_desk: Desk) -> None:
    """A plan shows the answer and what is promised of it, and asks the server that sends nothing."""
    logins = full_desk.office.logins
    full_desk.arrive(letter(1))
    (event,) = full_desk.fetch(Messages).events

    activation = app.plan("answers", events=[event])

    assert [entry.effect.idempotency for entry in activation.entries] == ["lookup"]
    assert full_desk.office.logins == logins

"""Approval by a signed link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from antiphon.app import Antiphon
from antiphon.model.approval import Approval, ApprovalState
from antiphon.testing.clock import VirtualClock
from antiphon.web.server import create
from antiphon.web.sessions import Sessions

SETTINGS = """
[workspace]
name = "Torréa"
timezone = "Europe/Paris"
[web]
public_url = "https://word.torrea.example"
[groups]
brand = ["ana", "ben"]
"""
ASK = """
antiphon: 1
id: ask
name: Ask
tz: UTC
triggers: [{id: by_hand, manual: {inputs: {text: {type: text, required: true}}}}]
actions:
  - id: sign
    approve:
      show: {text: "${{ trigger.inputs.text }}", note: "Ünder 4 € {{ 7 * 7 }}"}
      by: {group: brand, quorum: 1, not_author: true}
      due: 4h
  - {id: ticket, use: inbox.ticket, with: {title: "${{ steps.sign.content.text }}"}}
"""
NASTY = '<script>alert(1)</script> & "so" on\n  indented'


@pytest.fixture
def app(tmp_path: Path, clock: VirtualClock) -> Iterator[Antiphon]:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "ask.yaml").write_text(ASK)
    (tmp_path / "antiphon.toml").write_text(SETTINGS)
    app = Antiphon.open(tmp_path, clock=clock)
    yield app
    app.close()


@pytest.fixture
def client(app: Antiphon) -> Iterator[TestClient]:
    with TestClient(create(app), base_url="https://word.torrea.example", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def approval(app: Antiphon) -> Approval:
    app.start("ask", inputs={"text": NASTY}, by="dora")
    app.activate("ask")
    [found] = app.store.approvals.list()
    return found


@pytest.fixture
def address(app: Antiphon, approval: Approval) -> str:
    return "/approve/" + app.deciding.link(approval.id, "ana", name="Zoë", valid=timedelta(hours=1))


def decide(approval: Approval, decision: str = "approve", **change: str) -> dict[str, str]:
    return {"hash": approval.hash, "decision": decision, "comment": "", **change}


def test_shows_exactly(client: TestClient, address: str, approval: Approval) -> None:
    """The page shows the whole content as it is, escaped, with its hash; looking decides nothing."""
    page = client.get(address)
    assert 200 == page.status_code
    assert "<script" not in page.text
    for told in ("&lt;script&gt;alert(1)&lt;/script&gt;", "Ünder 4 € {{ 7 * 7 }}", approval.hash, "Asked of Zoë"):
        assert told in page.text
    assert client.get(address).text == page.text


def test_policy(client: TestClient, address: str) -> None:
    """The page may load nothing, run nothing, be framed by nobody, and send its form only to where it came from."""
    for answer in (client.get(address), client.post(address), client.get("/approve/a.b")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "no-referrer" == answer.headers["referrer-policy"]
        assert "no-store" == answer.headers["cache-control"]
        assert not re.search(r"<script|\son\w+=|href=\"http|src=", answer.text)


def test_approves(client: TestClient, app: Antiphon, address: str, approval: Approval) -> None:
    """A word by the link counts as that of the one it was given to, and the run goes on with it."""
    page = client.post(address, data=decide(approval, comment="Très bien <b>"))
    assert 200 == page.status_code
    assert "You have approved this" in page.text
    assert "Très bien &lt;b&gt;" in page.text
    [word] = app.deciding.find(approval.id).decisions
    assert ("Zoë", "link by ana", "Très bien <b>") == (word.by, word.via, word.comment)
    assert "Zoë by link by ana" == app.store.audit.list(what="approvals approve")[0].who
    assert ["ask"] == list(app.unfinished())
    [run] = app.activate("ask").runs
    assert "done" == run.state


def test_once(client: TestClient, app: Antiphon, address: str, approval: Approval) -> None:
    """A link decides once; whoever comes back reads what was said."""
    client.post(address, data=decide(approval, "reject", comment="no"))
    again = client.post(address, data=decide(approval))
    assert 409 == again.status_code
    assert "nobody is asked any more" in again.text
    page = client.get(address)
    assert "You have rejected this" in page.text
    assert "<form" not in page.text
    assert ApprovalState.REJECTED == app.deciding.find(approval.id).state


def test_tampered(client: TestClient, app: Antiphon, address: str, approval: Approval) -> None:
    """A changed, a foreign and an old link are refused, for looking and for deciding."""
    token = address.rpartition("/")[2]
    for wrong in (f"A{token[1:]}", token[:-1], f"{token}A", "x", "a.b", "%00.%ff", "." * 3000):
        assert 403 == client.get(f"/approve/{wrong}").status_code
        assert 403 == client.post(f"/approve/{wrong}", data=decide(approval)).status_code
    assert () == app.deciding.find(approval.id).decisions


def test_expired(client: TestClient, clock: VirtualClock, address: str, approval: Approval) -> None:
    """An old link is refused."""
    clock.advance(timedelta(hours=1))
    assert 403 == client.get(address).status_code
    assert 403 == client.post(address, data=decide(approval)).status_code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"decision=approve&decision=reject",
        b"decision=perhaps",
        b"\xff\xfe",
        b"{}",
        b"&".join(b"a%d=1" % n for n in range(100)),
        b"decision=approve&comment=" + b"x" * 5000,
        b"decision=approve&comment=" + b"x" * 2_000_000,
    ],
    ids=["empty", "twice", "neither", "bytes", "json", "many", "long", "huge"],
)
def test_other_bodies(client: TestClient, app: Antiphon, address: str, approval: Approval, body: bytes) -> None:
    """Only what the page's own form sends is a word."""
    answer = client.post(address, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert 400 == answer.status_code
    assert () == app.deciding.find(approval.id).decisions


def test_changed_meanwhile(client: TestClient, app: Antiphon, approval: Approval) -> None:
    """A word on content that was edited since the page was drawn does not count; the page shows the new content."""
    edited = {**approval.content, "text": "Calmer"}
    with_two = approval.model_copy(update={"id": "two", "path": "other", "quorum": 2})
    app.store.approvals.ask(with_two)
    link = "/approve/" + app.deciding.link("two", "ana", name="Zoë", valid=timedelta(hours=1))
    app.deciding.approve("two", "ben", edited=edited)

    answer = client.post(link, data=decide(approval))
    assert 409 == answer.status_code
    assert "has changed since you looked" in answer.text
    assert "Calmer" in answer.text
    assert ("ben",) == app.deciding.find("two").approvers
    assert 409 == client.post(link, data={"decision": "approve"}).status_code


def test_issuer(client: TestClient, app: Antiphon, address: str, approval: Approval) -> None:
    """A link is worth nothing once the one who gave it out has left the group."""
    app.deciding.groups["brand"] = ("ben",)  # type: ignore[index]
    assert 403 == client.post(address, data=decide(approval)).status_code


def test_late(client: TestClient, app: Antiphon, clock: VirtualClock, approval: Approval) -> None:
    """Past the due time the page has no form, and a word is refused."""
    link = "/approve/" + app.deciding.link(approval.id, "ana", name="Zoë", valid=timedelta(hours=9))
    clock.advance(timedelta(hours=4))
    assert "<form" not in client.get(link).text
    assert 409 == client.post(link, data=decide(approval)).status_code


def session_of(app: Antiphon) -> str:
    sessions = Sessions.of_workspace(app)
    return sessions.sign_in(sessions.link("ana")) or ""


def test_public_name(client: TestClient, app: Antiphon, address: str) -> None:
    """By its public name nothing is answered but links and webhooks; by its own, everything."""
    for path in ("/", "/runs", "/approvals", "/health", "/approve", "/approvals/x"):
        assert 421 == client.get(path).status_code
    assert 200 == client.get(address).status_code
    own = {"host": "127.0.0.1:8770"}
    client.cookies.set("antiphon_8770", session_of(app))
    assert [200, 200] == [client.get(path, headers=own).status_code for path in ("/approvals", address)]
    assert 421 == client.get(address, headers={"host": "evil.example"}).status_code


def test_list(client: TestClient, app: Antiphon, approval: Approval) -> None:
    """The local page lists what waits, with the exact content."""
    client.cookies.set("antiphon_8770", session_of(app))
    text = client.get("/approvals", headers={"host": "localhost"}).text
    assert approval.id in text
    assert "&lt;script&gt;" in text
    assert "<script" not in text

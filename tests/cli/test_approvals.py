"""`antiphon approvals`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from antiphon.runtime.identity import user

from .conftest import Line, Told

ASK = """
antiphon: 1
id: ask
name: Ask
tz: UTC
triggers: [{id: by_hand, manual: {}}]
actions:
  - id: sign
    approve:
      show: {text: New drop, count: 2}
      by: {group: brand, quorum: 2, not_author: true}
      due: 4h
  - {id: ticket, use: inbox.ticket, with: {title: "${{ steps.sign.content.text }}"}, veto: {window: 20m}}
"""


@pytest.fixture
def ask(antiphon: Line) -> Callable[..., Told]:
    """Starts a run that asks; the group has two people, and whoever runs these tests."""
    antiphon.write("workflows/ask.yaml", ASK)
    settings = antiphon.folder / "antiphon.toml"
    settings.write_text(settings.read_text() + f'\n[groups]\nbrand = ["ana", "ben", "{user()}"]\n')
    return lambda *words: antiphon("run", "ask", "--live", *words)


def waiting(antiphon: Line) -> Any:
    return antiphon("approvals", "list", "--json").document


def test_from_question_to_veto(antiphon: Line, ask: Callable[..., Told]) -> None:
    """A run asks (exit 5), two approve, it goes on into its window (exit 5), and somebody stops it (exit 4)."""
    assert 5 == ask("--as", "dora").code
    [found] = waiting(antiphon)["approvals"]
    listed = antiphon("approvals", "list")
    assert found["id"] in listed.out
    assert "brand 0/2" in listed.out

    first = antiphon("approvals", "approve", found["id"], "--as", "ana", "--comment", "Fine")
    assert (0, True) == (first.code, "1 more of brand must approve" in first.out)
    second = antiphon("approvals", "approve", found["id"][:6], "--as", "ben", "--json")
    assert ("approved", 2) == (second.document["state"], len(second.document["decisions"]))
    assert f"antiphon runs resume {found['run']}" in second.err

    assert 5 == antiphon("runs", "resume").code
    [window] = waiting(antiphon)["vetoes"]
    assert "unless somebody stops it" in window["reason"]
    assert window["effect"]["key"] in antiphon("approvals", "list").out
    stopped = antiphon("approvals", "veto", window["effect"]["key"], "--reason", "not today")
    assert (0, True) == (stopped.code, f"stopped by {user()}: not today" in stopped.out)
    assert 4 == antiphon("runs", "resume", found["run"]).code
    assert 1 == antiphon("approvals", "veto", window["effect"]["key"]).code


def test_show(antiphon: Line, ask: Callable[..., Told]) -> None:
    """`show` has the exact content, its hash, the people, and every word."""
    ask()
    [found] = waiting(antiphon)["approvals"]
    antiphon("approvals", "approve", found["id"], "--as", "ana", "--set", "text=Newer drop", "--comment", "Shorter")
    shown = antiphon("approvals", "show", found["id"])
    after = antiphon("approvals", "show", found["id"], "--json").document
    for told in ("Newer drop", "New drop", after["edited_hash"], found["hash"], "ana, ben", "Shorter"):
        assert told in shown.out
    assert {"text": "Newer drop", "count": 2} == after["edited"]


def test_refused(antiphon: Line, ask: Callable[..., Told]) -> None:
    """Who is not of the group, or has started the run, is refused by policy (exit 4); nothing has changed."""
    ask()
    [found] = waiting(antiphon)["approvals"]
    stranger = antiphon("approvals", "approve", found["id"], "--as", "dora")
    author = antiphon("approvals", "reject", found["id"])
    assert (4, 4) == (stranger.code, author.code)
    assert "dora is not of the group brand" in stranger.err
    assert f"{user()} has started the run" in author.err
    assert 4 == antiphon("approvals", "link", found["id"], "--as", "dora").code
    assert [found] == waiting(antiphon)["approvals"]


def test_edit(antiphon: Line, ask: Callable[..., Told]) -> None:
    """An edit comes from a file or by key; what is no edit of this content is the caller's mistake (exit 1)."""
    ask()
    [found] = waiting(antiphon)["approvals"]
    approve = ("approvals", "approve", found["id"], "--as", "ana")
    text = antiphon.write("edit.txt", "no JSON")
    short = antiphon.write("short.json", '{"text": "x"}')
    for wrong in (
        ("--edit", str(text)),
        ("--edit", str(short)),
        ("--edit", "missing.json"),
        ("--set", "txt=a"),
        ("--set", "count=3"),
        ("--set", "text"),
        ("--set", "text=a", "--edit", str(short)),
        ("--hash", "0000"),
    ):
        assert 1 == antiphon(*approve, *wrong).code, wrong
    assert [found] == waiting(antiphon)["approvals"]
    edit = antiphon.write("edit.json", json.dumps({"text": "Ünder “4” €\n", "count": 2}))
    done = antiphon(*approve, "--edit", str(edit), "--hash", found["hash"][:8], "--json")
    assert {"text": "Ünder “4” €\n", "count": 2} == done.document["edited"]


def test_reject(antiphon: Line, ask: Callable[..., Told]) -> None:
    """A rejection is settled at once, and stops the run."""
    ask()
    [found] = waiting(antiphon)["approvals"]
    told = antiphon("approvals", "reject", found["id"], "--as", "ben", "--comment", "Too loud")
    assert "rejected by ben: Too loud" in told.out
    antiphon("runs", "resume")
    assert "stopped" == antiphon("runs", "show", found["run"], "--json").document["state"]
    assert 1 == antiphon("approvals", "approve", found["id"], "--as", "ana").code
    assert found["id"] in antiphon("approvals", "list", "--state", "rejected").out


def test_link(antiphon: Line, ask: Callable[..., Told]) -> None:
    """A link is an address on the workspace's own server, with a token that belongs to this approval."""
    ask()
    [found] = waiting(antiphon)["approvals"]
    told = antiphon("approvals", "link", found["id"], "--for", "Zoë", "--valid", "2d", "--as", "ana", "--json")
    assert told.document["url"].startswith("http://127.0.0.1:8770/approve/")
    assert 1 == antiphon("approvals", "link", found["id"], "--as", "ana", "--valid", "soon").code
    assert 1 == antiphon("approvals", "link", found["id"], "--as", "ana", "--for", "").code
    assert 1 == antiphon("approvals", "link", "nope", "--as", "ana").code

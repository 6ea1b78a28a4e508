"""What would be done, before it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Line

SECRET = """
antiphon: 1
id: hook
name: Calls an address
tz: UTC
triggers: [{id: by_hand, manual: {}}]
actions:
  - id: first
    use: http.request
    with: {url: "https://chat.example.org/hook", headers: {Authorization: "Bearer ${{ secrets.chat }}"}, json: {a: 1}}
  - {use: log, with: {message: "${{ steps.first.status }}"}}
"""


def _events(line: Line, *texts: str) -> None:
    rows = [{"id": f"e:{n}", "type": "mention.received", "data": _said(text)} for n, text in enumerate(texts)]
    line.write("many.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


def _said(text: str) -> dict[str, object]:
    return {"text": text, "url": "https://social.example/1", "author": {"handle": "ana"}}


def test_nothing_is_kept(antiphon: Line) -> None:
    """A plan leaves no run, no effect and no event."""
    antiphon("plan", "complaints", "--event", "events/complaint.json")
    for words in (["runs", "list"], ["effects", "list"], ["events", "list"]):
        assert antiphon(*words, "--json").document == []


def test_why_not(antiphon: Line) -> None:
    """Events that wake nothing are counted with the reason."""
    _events(antiphon, "it is broken", "all is well", "all is well")
    told = antiphon("plan", "complaints", "--events", "many.jsonl")
    assert "1 of 3 events" in told.out
    assert "2 × not woken: text (“all is well”) contains none of" in told.out


def test_declined(antiphon: Line) -> None:
    """A run that a condition declines tells the reason, and has no effects."""
    antiphon.write("antiphon.toml", '[workspace]\ntimezone = "UTC"\n[flags]\ncrisis = true\n')
    told = antiphon("plan", "complaints", "--event", "events/complaint.json")
    assert told.code == 0
    assert "1 × declined: not workspace.flags.crisis: false" in " ".join(told.out.split())
    assert "0 effects would be performed." in told.out


def test_few_or_all(antiphon: Line) -> None:
    """A few effects of a kind are shown; --full shows all, with their exact content."""
    _events(antiphon, *(f"broken {number}" for number in range(8)))
    brief = antiphon("plan", "complaints", "--events", "many.jsonl").out
    assert "8 × inbox.ticket" in brief
    assert "and 3 more; --full shows all" in brief
    assert '"text": "broken 7"' not in brief
    assert '"text": "broken 7"' in antiphon("plan", "complaints", "--events", "many.jsonl", "--full").out


def test_secrets(antiphon: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret is a mark in a plan; its value is nowhere."""
    monkeypatch.setenv("ANTIPHON_SECRET_CHAT", "hush-hush")
    antiphon.write("workflows/hook.yaml", SECRET)
    told = antiphon("plan", "hook", "--full")
    assert "secrets.chat }}" in told.out
    assert "hush-hush" not in told.out + told.err


def test_known_later(antiphon: Line) -> None:
    """What depends on a step that was not done yet is said to be known later."""
    antiphon.write("workflows/hook.yaml", SECRET)
    assert "known later  1 × log (log): depends on an earlier step" in antiphon("plan", "hook").out


def test_inputs(antiphon: Line) -> None:
    """Inputs of a run by hand are typed; a wrong one is the author's mistake."""
    assert antiphon("plan", "hello", "--input", "name=Ana").code == 0
    told = antiphon("plan", "hello", "--input", "nmae=Ana")
    assert told.code == 1
    assert "nmae" in told.err


def test_unknown_workflow(antiphon: Line) -> None:
    """A workflow that is not there names those that are."""
    told = antiphon("plan", "complaint")
    assert (told.code, told.out) == (1, "")
    assert "complaints, hello" in told.err


def test_pipe(antiphon: Line) -> None:
    """In a pipe there are no colours, no wrapped rows, and no blanks at the ends of lines."""
    _events(antiphon, "broken " + "very " * 60)
    out = antiphon("plan", "complaints", "--events", "many.jsonl", "--full").out
    assert "\x1b" not in out
    assert all(line == line.rstrip() for line in out.splitlines())
    assert any("very " * 50 in line for line in out.splitlines())


def test_other_folder(antiphon: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-C works as if started there: paths are those of that folder."""
    monkeypatch.chdir("/")
    assert antiphon("plan", "complaints", "--event", "events/complaint.json").code == 0


STORM = """
antiphon: 1
id: storm
name: A storm
tz: UTC
triggers:
  - id: burst
    burst: {event: mention.received, at_least: 3, within: 30m, per: "${{ event.account }}"}
actions:
  - {use: inbox.ticket, with: {title: "${{ trigger.summary }}"}}
"""


def test_together(antiphon: Line) -> None:
    """Of several events it is shown what they come to together, and how near the others were."""
    antiphon.write("workflows/storm.yaml", STORM)
    rows = [
        {"id": f"e:{n}", "type": "mention.received", "at": f"2026-03-01T09:{n:02}:00Z", "data": {"account": account}}
        for n, account in enumerate(["brand", "brand", "other", "brand"])
    ]
    antiphon.write("many.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    told = antiphon("plan", "storm", "--events", "many.jsonl")

    assert "1 of 4 events" in told.out
    assert "brand: 3 × mention.received within 30m" in told.out
    assert "1 of 3 within 30m" in told.out

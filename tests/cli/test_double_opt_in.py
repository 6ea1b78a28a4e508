"""Consent by double opt-in, as a workflow: only the answer to the mail is a word, and the proof of it."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.model.event import Event

from .conftest import Line
from .test_consent import PLUGIN

SHOWN = "Send me the news of the roastery once a month.\n"
ASKED = """
antiphon: 1
id: asked
name: Ask whoever wants our news to confirm it
tz: UTC
triggers: [{id: form, event: {type: newsletter.asked}}]
subject: email:${{ event.email }}
actions:
  - {id: ask, use: letter.send, with: {to: "${{ event.email }}"}}
  - id: answer
    wait_for:
      event:
        type: message.received
        match: {author.id: "email:${{ event.email }}", text: {matches: "^\\\\s*(yes|oui)\\\\b"}}
      timeout: 7d
      on_timeout: stop
  - use: consent.record
    with:
      person: email:${{ event.email }}
      channel: letter
      purpose: newsletter
      text: ${{ event.shown }}
      source: ${{ event.page }}
      basis: double opt-in
      proof: ${{ steps.answer.event.id }}
"""
NEWS = """
antiphon: 1
id: news
name: Our news
tz: UTC
triggers: [{id: by_hand, manual: {}}]
subject: email:ana@example.org
actions: [{id: send, use: letter.send, with: {to: "ana@example.org"}, cap: {group: news}}]
"""
RULES = '\n[policy]\nconsent = [{channel = "letter", purpose = "newsletter", group = "news"}]\n'


@pytest.fixture
def form(antiphon: Line) -> Line:
    """A workspace in which somebody has filled in the form with Ana's address."""
    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/asked.yaml", ASKED)
    antiphon.write("workflows/news.yaml", NEWS)
    path = antiphon.folder / "antiphon.toml"
    path.write_text(path.read_text(encoding="utf-8") + RULES, encoding="utf-8")
    hear(antiphon, "form:1", "newsletter.asked", email="ana@example.org", shown=SHOWN, page="https://example.org/news")
    return antiphon


def hear(line: Line, id: str, type: str, **data: Any) -> None:
    """Something is heard, and answered."""
    app = Antiphon.open(line.folder)
    try:
        app.route()
        app.store.events.ingest([Event(id, type, app.clock.now(), data, "test")])
        for workflow in app.route():
            app.activate(workflow)
    finally:
        app.close()


def answer(line: Line, text: str, by: str = "email:ana@example.org") -> None:
    hear(line, f"mail:{text}:{by}", "message.received", author={"id": by}, text=text)


def sent(line: Line) -> str:
    """What becomes of the news."""
    state: str = line("run", "news", "--live", "--json").document["entries"][0]["state"]
    return state


def test_z5_confirmed(form: Line) -> None:
    """Z5, Z1: the form alone is no consent; the answer is, with purpose, exact wording, source and proof."""
    assert "vetoed" == sent(form)

    answer(form, "Yes, please")

    assert "done" == sent(form)
    [word] = form("consent", "show", "email:ana@example.org", "--json").document
    assert ("letter", "newsletter", True, SHOWN) == (word["channel"], word["purpose"], word["given"], word["text"])
    assert ("https://example.org/news", "mail:Yes, please:email:ana@example.org") == (word["source"], word["proof"])
    assert ("double opt-in", "workflow:asked") == (word["basis"], word["by"])
    assert "newsletter" in form("consent", "list").out


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("no, yes means no", "email:ana@example.org"),
        ("yesterday", "email:ana@example.org"),
        ("YES", "email:b@b.example"),
    ],
)
def test_z5_not_confirmed(form: Line, text: str, by: str) -> None:
    """Z5: another answer, or that of another person, confirms nothing."""
    answer(form, text, by)

    assert "vetoed" == sent(form)


def test_z1_withdrawn(form: Line) -> None:
    """Z1: a withdrawal counts from the next effect on, and the word before it is kept."""
    answer(form, "oui")
    assert 0 == form("consent", "withdraw", "email:ana@example.org", "--channel", "letter").code

    assert "vetoed" == sent(form)
    words = form("consent", "show", "email:ana@example.org", "--json").document
    assert [("newsletter", True), ("newsletter", False), ("", False)] == [
        (one["purpose"], one["given"]) for one in words
    ]


def test_z1_by_hand(form: Line) -> None:
    """Z1: a person writes it down with the text that was shown; a proof must be an event that is there."""
    form.write("form.txt", SHOWN)
    words = ("consent", "record", "email:ana@example.org", "--channel", "letter", "--purpose", "newsletter")

    refused = form(*words, "--proof", "nothing:1")
    done = form(*words, "--proof", "form:1", "--text", str(form.folder / "form.txt"), "--source", "our stand", "--json")

    assert (1, 0) == (refused.code, done.code)
    assert "done" == sent(form)
    assert SHOWN == form("consent", "show", "email:ana@example.org", "--json").document[0]["text"]

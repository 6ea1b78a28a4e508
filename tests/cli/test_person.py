"""`antiphon person`: what is kept of somebody is shown, and taken away without letting anybody reach them again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.model.person import Person

from .conftest import Line
from .test_consent import LETTER, PLUGIN

ANA = Person(id="mastodon:42", network="mastodon", handle="ana@social.example", name="Ana", url="https://s.example/@a")


@pytest.fixture
def known(antiphon: Line) -> Callable[[Callable[[Antiphon], Any]], Any]:
    """Looks into a workspace that knows Ana, of whom there is a ticket, and Ben, of whom there is one too."""

    def look(at: Callable[[Antiphon], Any]) -> Any:
        app = Antiphon.open(antiphon.folder)
        try:
            return at(app)
        finally:
            app.close()

    def fill(app: Antiphon) -> None:
        now = app.clock.now()
        app.store.people.seen([ANA, Person(id="mastodon:7", network="mastodon", handle="ben@social.example")], now)
        app.store.records.put("inbox.ticket", "t/1", {"person": "@Ana@social.example", "text": "It leaks."}, now)
        app.store.records.put("inbox.ticket", "t/2", {"person": "ben@social.example", "text": "Hi, ana."}, now)
        app.store.records.put("shop.card", "mastodon:42", {"email": "ana@example.org", "seen": [{"at": 1}]}, now)

    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/letter.yaml", LETTER)
    look(fill)
    return look


def sent(line: Line, to: str) -> str:
    found: str = line("run", "letter", "--input", f"to={to}", "--live", "--json").document["entries"][0]["state"]
    return found


def test_export(antiphon: Line, known: Any) -> None:
    """All that is kept of somebody is shown, and nothing of others."""
    antiphon("suppress", "add", "ana@example.org", "--channel", "email")

    told = antiphon("person", "export", "@Ana@Social.example", "--json").document

    assert ["mastodon:42"] == [one["id"] for one in told["about"]["people"]]
    assert ["t/1", "mastodon:42"] == [one["key"] for one in told["about"]["records"]]
    assert ["ana@example.org"] == [one["person"] for one in told["suppressions"]]
    assert "ben" not in json.dumps(told)
    assert told["about"] == json.loads(antiphon("person", "export", "mastodon:42").out)["about"]


def test_forget(antiphon: Line, known: Any) -> None:
    """Who is forgotten is in no row of people, documents and suppressions; who is somebody else stays."""
    antiphon("suppress", "add", "ana@example.org", "--channel", "email")
    assert "nothing goes without --yes" in antiphon("person", "forget", "mastodon:42").out
    assert 2 == len(known(lambda app: app.store.people.list()))

    told = antiphon("person", "forget", "mastodon:42", "--yes", "--json")

    assert (0, True) == (told.code, told.document["forgotten"])
    assert {"audit": 1, "people": 1, "records": 2, "reports": 0, "suppressions": 1} == told.document["rows"]
    assert 3 == len(told.document["stays"])
    left = known(lambda app: [app.store.people.list(), list(app.store.records.all()), app.store.suppressions.list()])
    assert [] == [word for word in ("ana@", "Ana", "mastodon:42") if word in repr(left)]
    assert "mastodon:7" in repr(left)
    assert "ana" not in repr(antiphon("audit", "list", "--json").document[0])


def test_not_reached_again(antiphon: Line, known: Any) -> None:
    """Who was forgotten is kept as a digest, and is not reached by any of their names until somebody allows it."""
    assert "done" == sent(antiphon, "ana@example.org")
    antiphon("person", "forget", "mastodon:42", "--yes")

    assert ["vetoed"] * 3 == [sent(antiphon, to) for to in ("Ana@Example.org", "@ana@social.example", "mastodon:42")]
    assert "done" == sent(antiphon, "ben@social.example")
    assert 0 == antiphon("suppress", "remove", "ana@example.org").code
    assert "done" == sent(antiphon, "ana@example.org")


def test_rehearsed(antiphon: Line, known: Any) -> None:
    """A plan, too, tells that somebody who was forgotten would not be reached."""
    antiphon("person", "forget", "mastodon:42", "--yes")

    told = antiphon("plan", "letter", "--input", "to=ana@example.org")

    assert "must not be reached" in told.out


@pytest.mark.parametrize("name", ["", "@", "nobody@example.org", "ana", "mastodon:9", ":", "%"])
def test_nobody(antiphon: Line, known: Any, name: str) -> None:
    """Of somebody who is not known, or named by half, nothing is shown and nothing goes."""
    assert [1, 1] == [antiphon("person", *words).code for words in (("export", name), ("forget", name, "--yes"))]
    assert 3 == len(known(lambda app: list(app.store.records.all())))


def test_namesakes(antiphon: Line, known: Any) -> None:
    """Of several who are called the same, one must be named by their id."""
    twin = ANA.model_copy(update={"id": "slack:42", "network": "slack"})
    known(lambda app: app.store.people.seen([twin], app.clock.now()))

    told = antiphon("person", "forget", "ana@social.example", "--yes")

    assert (1, True) == (told.code, "mastodon:42, slack:42" in told.err)

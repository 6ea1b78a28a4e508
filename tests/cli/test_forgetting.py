"""`antiphon person forget`: after it nothing is left of somebody, in the file of the database and in the reports."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.model.alert import Alert
from antiphon.model.effect import Effect
from antiphon.model.event import Event
from antiphon.model.person import Person
from antiphon.model.ruling import person_key

from .conftest import Line
from .test_consent import LETTER, PLUGIN

NAMES = ("mastodon:4711", "ana.quintero@social.example", "Ana-Lucía Quintero", "ana@quintero.example", "@ana.quintero")
WORDS = "My kettle of the colour petrol has burst."
ANA = {
    "id": NAMES[0],
    "handle": NAMES[1],
    "name": NAMES[2],
    "url": "https://social.example/@ana.quintero",
    "email": NAMES[3],
}
BEN = {"id": "mastodon:12", "handle": "ben@social.example", "name": "Ben"}
ANSWER = """
antiphon: 1
id: answer
name: Answer, keep, and ask about them
tz: UTC
triggers:
  - {id: heard, event: {type: mention.received}}
  - {id: often, burst: {event: mention.received, at_least: 9, within: 30m, per: "${{ event.author.id }}"}}
subject: ${{ event.author }}
conditions:
  - dedupe: {key: "${{ event.author.id }}", within: 7d}
actions:
  - {id: keep, use: lead.keep, with: {person: "${{ event.author }}", basis: consent, because: "Said ${{ event.text }}"}}
  - {id: ticket, use: inbox.ticket, with: {title: "${{ event.author.name }} says ${{ event.text }}"}}
  - {id: send, use: letter.send, with: {to: "${{ event.author.email | default('ben@b.example') }}"}}
  - {id: nap, wait: 3d}
"""


def work(line: Line, do: Any) -> Any:
    """Do something with the workspace at work."""
    app = Antiphon.open(line.folder)
    try:
        return do(app)
    finally:
        app.close()


@pytest.fixture
def known(antiphon: Line) -> Line:
    """A workspace that has heard Ana and Ben, answered both, and written a report about them."""
    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/answer.yaml", ANSWER)

    def live(app: Antiphon) -> None:
        now = app.clock.now()
        app.route()
        said = {"mention:1": (ANA, WORDS), "mention:2": (BEN, f"Ask @ana.quintero@social.example, or {NAMES[2]}!")}
        told = [
            Event(id, "mention.received", now, {"author": by, "text": text}, "m") for id, (by, text) in said.items()
        ]
        app.store.events.ingest(told)
        app.store.people.seen(
            [Person(network="mastodon", **{name: by[name] for name in ("id", "handle", "name")}) for by in (ANA, BEN)],
            now,
        )
        for workflow in app.route():
            app.activate(workflow)
        app.store.alerts.keep(Alert(kind="silent", key=f"of {NAMES[0]}", text=f"{NAMES[2]} waits", at=now))
        app.audit("leads import", NAMES[3], {"handle": NAMES[1]})

    work(antiphon, live)
    antiphon.write("reports/week.html", f"<p>{NAMES[2]} and Ben, https://social.example/@ana.quintero</p>")
    return antiphon


def found(folder: Path, words: tuple[str, ...] = (*NAMES, WORDS)) -> list[str]:
    """Which words stand anywhere in the database's files and in the reports, as text or as JSON writes it."""
    files = [*folder.glob("**/*.db*"), *folder.glob("reports/*")]
    stored = b"\n".join(path.read_bytes() for path in files).lower()
    forms = {word: {word.lower().encode(), json.dumps(word)[1:-1].lower().encode()} for word in words}
    return [word for word, spelt in forms.items() if any(one in stored for one in spelt)]


def test_z3_erasure(known: Line) -> None:
    """Z3: nothing is left of somebody in any byte of the database and in no report, and others keep what is theirs."""
    assert [*NAMES, WORDS] == found(known.folder)

    told = known("person", "forget", NAMES[0], "--yes", "--json")

    assert 0 == told.code, told.err
    assert [] == found(known.folder)
    assert ["ben@social.example", "Ben"] == found(known.folder, ("ben@social.example", "Ben"))
    assert {"alerts", "audit", "effects", "events", "marks", "people", "records", "runs", "steps", "watches"} <= set(
        told.document["rows"]
    )


def test_z3_dry_run(known: Line) -> None:
    """Z3: without --yes the rows of each table are counted, and nothing is changed."""
    before = sorted((path.name, path.read_bytes()) for path in known.folder.glob("reports/*"))

    told = known("person", "forget", NAMES[0], "--json")

    assert (False, 2, 2) == (told.document["forgotten"], told.document["rows"]["events"], told.document["rows"]["runs"])
    assert [*NAMES, WORDS] == found(known.folder)
    assert before == sorted((path.name, path.read_bytes()) for path in known.folder.glob("reports/*"))


def test_z3_never_twice(known: Line) -> None:
    """Z3: what was sent stays a fact without words or names; planned once more it is known, and not sent again."""
    known("person", "forget", NAMES[0], "--yes")
    known("suppress", "remove", NAMES[0])
    known("suppress", "remove", NAMES[3])

    def again(app: Antiphon) -> list[tuple[str, str]]:
        again = {"key": f"answer/send/{NAMES[0]}/mention:1", "action": "letter.send", "workflow": "answer", "run": "r"}
        [entry] = app.store.ledger.plan([Effect(**again, step="send", summary="Write", payload={"to": NAMES[3]})])
        return [(entry.state, entry.effect.summary), (entry.effect.key[:10], str(entry.effect.payload))]

    assert [("done", "forgotten"), ("forgotten:", "{}")] == work(known, again)
    assert 0 == known("audit", "verify").code


def test_z3_what_was_to_come(known: Line) -> None:
    """Z3: the run that waits for them ends, and nothing is sent to them any more; that of another waits on."""
    known("person", "forget", NAMES[0], "--yes")

    runs = work(known, lambda app: {one.cause: str(one.state) for one in app.store.runs.list()})

    assert {"mention:1": "stopped", "mention:2": "held"} == runs


def test_z3_in_doubt(known: Line) -> None:
    """Z3: while nobody knows whether something reached them, they stay: afterwards nobody could look."""

    def doubt(app: Antiphon) -> None:
        effect = Effect(
            key="k", action="letter.send", workflow="w", run="r", step="s", summary="Write", subject=NAMES[0]
        )
        app.store.ledger.plan([effect])
        app.store.ledger.claim("k", "worker")

    work(known, doubt)

    told = known("person", "forget", NAMES[0], "--yes")

    assert (1, True) == (told.code, "is in doubt (k)" in told.err)
    assert [*NAMES, WORDS] == found(known.folder)


def test_z3_export(known: Line) -> None:
    """Z3: what is handed to them reaches events, runs, steps, effects and records, in a file that only we can read."""
    told = known("person", "export", NAMES[3], "--to", "ana.json")

    handed = json.loads((known.folder / "ana.json").read_text(encoding="utf-8"))

    assert (0, 0o600) == (told.code, (known.folder / "ana.json").stat().st_mode & 0o777)
    assert {"effects", "events", "people", "records", "runs", "steps"} <= set(handed["about"])
    assert {"events": 1, "effects": 2} == {name: handed["named_in"][name] for name in ("events", "effects")}
    assert "ben@social.example" not in json.dumps(handed)
    assert {*NAMES[:4]} <= set(handed["names"])


def test_z3_not_guessed(known: Line) -> None:
    """Z3: what stays of a name is known by the workspace's key alone, also after everything was sealed anew."""
    known("person", "forget", NAMES[0], "--yes")
    kept = {one["person"] for one in known("suppress", "list", "--json").document}
    assert {True} == {one.startswith("hmac-sha256:") for one in kept}
    assert not kept & {f"hmac-sha256:{sha256(person_key(name).encode()).hexdigest()}" for name in NAMES}

    assert 0 == known("connections", "rekey").code
    assert "vetoed" == reached(known)

    (known.folder / ".antiphon" / "key").unlink()
    assert "is sealed under the key" in reached(known)


def reached(line: Line) -> str:
    """What becomes of a letter to her."""
    line.write("workflows/letter.yaml", LETTER)
    told = line("run", "letter", "--input", f"to={NAMES[3]}", "--live", "--json")
    return str(told.document["entries"][0]["state"] if "entries" in told.document else told.document)

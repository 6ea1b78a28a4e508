"""What a person said of a text is asked before any model."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.antiphon_listening.conftest import Context
from typer.testing import CliRunner

from antiphon.cli.app import cli
from antiphon.components.ports import Store
from antiphon.model.event import Event
from antiphon.testing.clock import VirtualClock
from antiphon_listening.computations import Understand
from antiphon_listening.corrections import judged, keep, training

IRONY = "Bravo Torréa, encore un café froid, j'adore 🙃"


def heard(clock: VirtualClock, event_id: str = "m:1", text: str = IRONY) -> Event:
    return Event(event_id, "mention.received", clock.now(), {"text": text, "language": "fr"})


def test_l6_a_correction_survives(context: Context, store: Store, clock: VirtualClock) -> None:
    """L6: a person's label holds in every later run about the event, with certainty; what was not corrected stays."""
    event = heard(clock)
    before = judged(IRONY, context())
    keep(store.records, event, {"sentiment": "negative"}, clock.now())
    clock.sleep(timedelta(days=400).total_seconds())

    for _ in range(2):
        after = judged(IRONY, context(event.id, event.data))
        assert ("positive", "negative", 1.0) == (before.sentiment.label, after.sentiment.label, after.sentiment.score)
        assert (before.emotion, before.intent, "person") == (after.emotion, after.intent, after.by)


def test_same_words(context: Context, store: Store, clock: VirtualClock) -> None:
    """A correction holds for the same words of somebody else, without regard to case, accents and spaces."""
    keep(store.records, heard(clock), {"sentiment": "negative"}, clock.now())

    assert "person" == judged("  BRAVO Torrea, encore un cafe froid,   j'adore 🙃", context("m:2")).by
    assert "model" == judged("Bravo Torréa, j'adore", context("m:2")).by


def test_edited_event(context: Context, store: Store, clock: VirtualClock) -> None:
    """A correction of an event holds when its author edits it, and for a part of it, but for no other text."""
    keep(store.records, heard(clock), {"sentiment": "negative"}, clock.now())
    edited = {"text": f"{IRONY} !!"}

    assert "person" == judged(edited["text"], context("m:1", edited)).by
    assert "person" == judged(edited["text"][:20], context("m:1", edited)).by
    assert "model" == judged("Thank you, we love it", context("m:1", edited)).by
    assert "model" == judged(edited["text"], context("m:2", edited)).by


def test_corrected_again(context: Context, store: Store, clock: VirtualClock) -> None:
    """A second correction adds to the first, and replaces what it says anew."""
    keep(store.records, heard(clock), {"sentiment": "negative", "emotion": "anger"}, clock.now())

    kept = keep(store.records, heard(clock), {"sentiment": "neutral", "intent": "complaint"}, clock.now())

    assert {"sentiment": "neutral", "emotion": "anger", "intent": "complaint"} == kept


def test_step(context: Context, store: Store, clock: VirtualClock) -> None:
    """A step gives every label, and by whom."""
    options = Understand.Options(text=IRONY)
    assert "model" == Understand().compute(options, context())["by"]
    keep(store.records, heard(clock), {"intent": "complaint"}, clock.now())

    told = Understand().compute(options, context())

    assert ("fr", "person", {"label": "complaint", "score": 1.0}) == (told["language"], told["by"], told["intent"])
    assert {"language", "sentiment", "emotion", "intent", "by"} == set(told)


def test_training_data(store: Store, clock: VirtualClock) -> None:
    """Corrections become training data with the texts of their events; an event that is gone takes its text along."""
    store.events.ingest([heard(clock)])
    keep(store.records, heard(clock), {"sentiment": "negative"}, clock.now())
    keep(store.records, heard(clock, "m:gone", "Rien de bon"), {"sentiment": "negative"}, clock.now())

    assert [{"event": "m:1", "text": IRONY, "sentiment": "negative"}] == training(store.records, store.events, 10)
    assert not any(IRONY in json.dumps(dict(one.data)) for one in store.records.list("listening.correction"))


def test_command(tmp_path: Path) -> None:
    """A person corrects an event by its id, and gets back what was corrected as lines of JSON."""
    run = CliRunner().invoke
    assert run(cli, ["init", "-C", str(tmp_path)]).exit_code == 0
    line = {"id": "m:1", "type": "mention.received", "at": "2026-03-02T09:00:00Z", "data": {"text": IRONY}}
    (tmp_path / "heard.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert run(cli, ["events", "ingest", "heard.jsonl", "-C", str(tmp_path)]).exit_code == 0

    done = run(cli, ["listening", "correct", "m:1", "--sentiment", "negative", "-C", str(tmp_path)])
    lines = run(cli, ["listening", "corrections", "-C", str(tmp_path)])

    assert (0, "m:1: sentiment negative\n") == (done.exit_code, done.stdout)
    assert {"event": "m:1", "text": IRONY, "sentiment": "negative"} == json.loads(lines.stdout)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["m:9", "--sentiment", "negative"], "There is no event m:9."),
        (["m:9"], "Nothing is corrected."),
        (["m:9", "--sentiment", "bad"], "`bad` is no sentiment."),
        (["m:9", "--intent", "anger"], "`anger` is no intent."),
    ],
)
def test_command_refuses(tmp_path: Path, words: list[str], sentence: str) -> None:
    """What cannot be corrected is refused with a sentence, and nothing is kept."""
    assert CliRunner().invoke(cli, ["init", "-C", str(tmp_path)]).exit_code == 0

    refused = CliRunner().invoke(cli, ["listening", "correct", *words, "-C", str(tmp_path)])

    assert (1, True) == (refused.exit_code, sentence in refused.stderr)

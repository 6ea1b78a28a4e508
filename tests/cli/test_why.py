"""Why a workflow fired, or did not."""

from __future__ import annotations

import json

from .conftest import Line


def _heard(line: Line, **event: object) -> None:
    line.write("one.jsonl", json.dumps({"id": "e:1", "type": "mention.received", **event}))
    assert line("events", "ingest", "one.jsonl").code == 0


def test_not_matched(antiphon: Line) -> None:
    """An event that does not match is told with the value that was found and what was asked."""
    _heard(antiphon, data={"text": "all is well"})
    told = antiphon("why", "complaints", "--event", "e:1")
    assert "✗ trigger heard: text (“all is well”) contains none of broken" in told.out


def test_other_type(antiphon: Line) -> None:
    """An event of another type is told so."""
    _heard(antiphon, type="post.published")
    assert (
        "it is post.published, and mention.received is waited for"
        in antiphon("why", "complaints", "--event", "e:1").out
    )


def test_no_run_yet(antiphon: Line) -> None:
    """An event that matches and has no run yet shows what would be done now."""
    _heard(antiphon, data={"text": "broken", "url": "u", "author": {"handle": "ana"}})
    document = antiphon("why", "complaints", "--event", "e:1", "--json").document
    assert document["run"] is None
    assert [run["state"] for run in document["preview"]["runs"]] == ["done"]
    assert "It has no run" in antiphon("why", "complaints", "--event", "e:1").out


def test_run(antiphon: Line) -> None:
    """An event that was answered shows its run, with the verdict of each condition."""
    event = json.loads((antiphon.folder / "events/complaint.json").read_text())
    _heard(antiphon, data=event["data"])
    antiphon.write("one.json", json.dumps({"id": "e:1", "type": "mention.received", "data": event["data"]}))
    assert antiphon("run", "complaints", "--event", "one.json", "--live").code == 0
    document = antiphon("why", "complaints", "--event", "e:1", "--json").document
    assert document["run"]["cause"] == "e:1"
    assert document["run"]["verdicts"] == [{"holds": True, "because": "not workspace.flags.crisis: true"}]


def test_newest(antiphon: Line) -> None:
    """Without an event, the newest runs are told, and the newest events that woke nothing."""
    _heard(antiphon, data={"text": "all is well"})
    antiphon("run", "complaints", "--event", "events/complaint.json", "--live")
    document = antiphon("why", "complaints", "--json").document
    assert [run["cause"] for run in document["runs"]] == ["example:mention:1"]
    assert [one["event"] for one in document["passed_over"]] == ["e:1"]


def test_upcoming(antiphon: Line) -> None:
    """A schedule tells when it comes next."""
    text = (antiphon.folder / "workflows/hello.yaml").read_text()
    text = text.replace("  - id: by_hand\n", '  - {id: nine, schedule: {cron: "0 9 * * *"}}\n  - id: by_hand\n')
    antiphon.write("workflows/hello.yaml", text)
    [upcoming] = antiphon("why", "hello", "--json").document["upcoming"]
    assert upcoming["trigger"] == "nine"
    assert "T09:00:00" in upcoming["at"]


def test_unknown_event(antiphon: Line) -> None:
    """An event that was never heard is said to be so."""
    assert antiphon("why", "complaints", "--event", "nothing").code == 1


def test_at_a_time(antiphon: Line) -> None:
    """Around a time, each trigger tells what was heard, why it did not fit, and what came nearest."""
    _heard(antiphon, data={"text": "all is well"}, at="2026-03-02T14:05:00Z")
    told = antiphon("why", "complaints", "--at", "2026-03-02T14:05")

    assert "1 mention.received heard, 1 not as it asks" in told.out
    assert "1 × not so: text contains any of “broken”" in told.out
    assert "nearest: e:1 at 2026-03-02 14:05:00: text (“all is well”) contains none of broken" in told.out


def test_silence(antiphon: Line) -> None:
    """Where nothing was heard, the last event of that type is named."""
    _heard(antiphon, data={"text": "broken"}, at="2026-03-01T09:00:00Z")
    told = antiphon("why", "complaints", "--at", "2026-03-02T14:05")

    assert "No mention.received was heard; the last one was e:1 at 2026-03-01 09:00:00." in told.out


def test_nobody_came(antiphon: Line) -> None:
    """A time of a schedule at which nothing was running is told as such."""
    text = (antiphon.folder / "workflows/hello.yaml").read_text()
    text = text.replace("  - id: by_hand\n", '  - {id: nine, schedule: {cron: "0 9 * * *"}}\n  - id: by_hand\n')
    antiphon.write("workflows/hello.yaml", text)
    told = antiphon("why", "hello", "--at", "2026-03-02T09:00", "--trigger", "nine")

    assert "due at 2026-03-02 09:00:00, and nobody came" in told.out


def test_period_as_json(antiphon: Line) -> None:
    """For a machine the whole is one document."""
    _heard(antiphon, data={"text": "all is well"}, at="2026-03-02T14:05:00Z")
    document = antiphon("why", "complaints", "--at", "2026-03-02T14:05", "--json").document
    [told] = document["triggers"]

    assert "all is well" == told["judged"][0]["miss"]["found"]
    assert 1 == told["judged"][0]["miss"]["distance"]


def test_unknown_trigger(antiphon: Line) -> None:
    """A trigger that is not there is refused with those that are."""
    assert "It has heard." in antiphon("why", "complaints", "--trigger", "hears").err


def test_by_the_document_of_then(antiphon: Line) -> None:
    """An event is judged by the document that was in force when it was heard, and that version is named."""
    from antiphon.app import Antiphon

    app = Antiphon.open(antiphon.folder)
    app.route()
    then = app.program("complaints").fingerprint
    app.close()
    _heard(antiphon, data={"text": "all is well"})
    text = (antiphon.folder / "workflows/complaints.yaml").read_text()
    antiphon.write("workflows/complaints.yaml", text.replace("[broken,", "[well, broken,"))
    told = antiphon("why", "complaints", "--event", "e:1").out

    assert "contains none of broken" in told
    assert then in told


def test_rests(antiphon: Line) -> None:
    """A trigger that was laid to rest is said to be so."""
    assert 0 == antiphon("triggers", "stop", "complaints", "heard", "--reason", "a storm").code
    told = antiphon("why", "complaints", "--since", "1h")

    assert "It rests since" in told.out
    assert "a storm" in told.out

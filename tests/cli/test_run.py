"""One run now."""

from __future__ import annotations

from .conftest import Line

EVENT = ("--event", "events/complaint.json")


def test_plans(antiphon: Line) -> None:
    """Without --live nothing is done, and that is said loudly where results do not go."""
    told = antiphon("run", "complaints", *EVENT)
    assert told.code == 0
    assert "nothing was sent" in told.err
    assert antiphon("effects", "list", "--json").document == []


def test_live(antiphon: Line) -> None:
    """With --live the effect is done, and the ledger has its receipt."""
    told = antiphon("run", "complaints", *EVENT, "--live", "--json")
    assert [entry["state"] for entry in told.document["entries"]] == ["done"]
    assert antiphon("effects", "list", "--json").document[0]["receipt"]["remote_id"].startswith("T-")


def test_twice(antiphon: Line) -> None:
    """The same event again does nothing: never twice."""
    antiphon("run", "complaints", *EVENT, "--live")
    told = antiphon("run", "complaints", *EVENT, "--live", "--json")
    assert told.document["entries"] == []
    assert "answered before" in told.err
    assert len(antiphon("effects", "list", "--json").document) == 1


def test_other_event(antiphon: Line) -> None:
    """An event that does not wake the workflow is not answered, live or not."""
    antiphon.write("other.json", '{"type": "mention.received", "data": {"text": "all is well"}}')
    told = antiphon("run", "complaints", "--event", "other.json", "--live", "--json")
    assert (told.code, told.document["runs"]) == (0, [])


def test_log(antiphon: Line) -> None:
    """What a workflow logs goes to standard error."""
    told = antiphon("run", "hello", "--input", "name=Ana", "--live")
    assert "Hello, Ana!" in told.err
    assert "Hello, Ana!" not in told.out

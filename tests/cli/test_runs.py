"""What the workflows did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Line, Told


def test_list(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """Runs are listed by state and workflow."""
    acting("done")
    acting("rejected")
    assert [run["state"] for run in antiphon("runs", "list", "--state", "failed", "--json").document] == ["failed"]
    assert antiphon("runs", "list", "--workflow", "hello", "--json").document == []
    assert len(antiphon("runs", "list", "--since", "1h", "--json").document) == 2


def test_show(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A run is shown by the beginning of its id, with every step and its reason."""
    run = acting("done").document["runs"][0]
    told = antiphon("runs", "show", run["id"][:8])
    assert "local.act" in told.out
    assert "Act: done" in told.out


def test_resume_held(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A held run goes on at a person's word, and is held again while the cause lasts."""
    run = acting("held").document["runs"][0]
    assert antiphon("runs", "list", "--state", "held", "--json").document[0]["id"] == run["id"]
    assert antiphon("runs", "resume", run["id"]).code == 5
    plugin = antiphon.folder / "plugin.py"
    plugin.write_text(plugin.read_text().replace('case "held":', 'case "gone":'))
    told = antiphon("runs", "resume", run["id"], "--json")
    assert told.code == 0
    assert [entry["state"] for entry in told.document["activations"][0]["entries"]] == ["done"]


def test_resume_ended(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A run that has ended is not begun again."""
    run = acting("done").document["runs"][0]
    told = antiphon("runs", "resume", run["id"])
    assert told.code == 1
    assert "has ended" in told.err


def test_nothing_left(antiphon: Line) -> None:
    """Without runs that were left behind there is nothing to resume."""
    assert antiphon("runs", "resume").out == "Nothing was left behind.\n"


@pytest.mark.parametrize("period", ["7", "soon", "99999999999d"])
def test_period(antiphon: Line, period: str) -> None:
    """A period that is none is the author's mistake."""
    assert antiphon("runs", "list", "--since", period).code == 1


def test_effect(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """An effect is found by a part of its key, and its history is whole."""
    key = acting("done").document["entries"][0]["effect"]["key"]
    told = antiphon("effects", "show", key[:-3], "--json")
    assert told.document["entry"]["effect"]["key"] == key
    assert [change["after"] for change in told.document["history"]] == ["planned", "claimed", "done"]


def test_ambiguous_effect(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A part that several keys have is refused, and names some."""
    acting("done")
    acting("done")
    told = antiphon("effects", "show", "ending/act")
    assert told.code == 1
    assert "2 effects" in told.err


def test_resume_failed(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """What has failed is resumed together; what a network has refused only when that is said."""
    runs = [acting("rejected").document["runs"][0]["id"] for _ in range(2)]
    told = antiphon("runs", "resume", "--failed", "--workflow", "ending")
    assert all(run in told.err for run in runs)
    assert "add --retry-rejected" in told.err
    plugin = antiphon.folder / "plugin.py"
    plugin.write_text(plugin.read_text().replace('case "rejected":', 'case "gone":'))

    told = antiphon("runs", "resume", "--failed", "--since", "1h", "--retry-rejected", "--json")

    assert 0 == told.code
    assert ["done", "done"] == [one["runs"][0]["state"] for one in told.document["activations"]]


def test_resume_none(antiphon: Line) -> None:
    """Where nothing has failed there is nothing to resume."""
    assert "Nothing" in antiphon("runs", "resume", "--failed").out

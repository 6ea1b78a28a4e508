"""What was done is undone, after it was shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Line, Told

EVENT = ("--event", "events/complaint.json")


@pytest.fixture
def run(antiphon: Line) -> str:
    """The id of a run that has opened a ticket."""
    found: str = antiphon("run", "complaints", *EVENT, "--live", "--json").document["runs"][0]["id"]
    return found


def test_consent(antiphon: Line, run: str) -> None:
    """Where nobody can be asked, it lists what would be undone and how, and does nothing."""
    told = antiphon("undo", run)
    assert (5, True) == (told.code, "1 effect can be undone" in told.out)
    assert "Withdraw T-" in told.out
    assert 1 == len(antiphon("effects", "list", "--json").document)


def test_undone(antiphon: Line, run: str) -> None:
    """With --yes it is undone; the ledger shows by what, and asked again there is nothing left to do."""
    assert 0 == antiphon("undo", run[:6], "--yes").code
    assert 0 == antiphon("undo", run, "--yes").code
    undo, original = antiphon("effects", "list", "--json").document
    assert (original["effect"]["key"], "done") == (undo["effect"]["undoes"], undo["state"])
    shown = antiphon("effects", "show", original["effect"]["key"]).out
    assert f"undone by  {undo['effect']['key']} (done)" in shown
    assert f"undoes    {original['effect']['key']}" in antiphon("effects", "show", undo["effect"]["key"]).out
    assert (
        original["effect"]["key"] == antiphon("effects", "show", "ticket", "--json").document["entry"]["effect"]["key"]
    )


def test_since(antiphon: Line, run: str) -> None:
    """Everything since a moment is undone, of one workflow or of all."""
    assert [] == antiphon("undo", "--since", "2h", "--workflow", "other", "--json").document["undoings"]
    assert 0 == antiphon("undo", "--since", "2h", "--workflow", "complaints", "--yes").code
    assert 2 == len(antiphon("effects", "list", "--json").document)


def test_cannot(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """What cannot be undone is listed with the reason, and a person is needed."""
    run = acting("done").document["runs"][0]["id"]
    told = antiphon("undo", run, "--yes")
    assert (5, True) == (told.code, "local.act has no way back" in told.out)


def test_held(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """What is held is stopped for good, and its run ends."""
    run = acting("held").document["runs"][0]["id"]
    told = antiphon("undo", run)
    assert (5, True) == (told.code, f"1 run would be stopped: {run}" in told.out)
    assert 0 == antiphon("undo", run, "--yes").code
    assert ["vetoed"] == [entry["state"] for entry in antiphon("effects", "list", "--json").document]
    assert "stopped" == antiphon("runs", "show", run, "--json").document["state"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Say what to undo"),
        (("abc", "--since", "2h"), "Say what to undo"),
        (("abc",), "There is no run abc"),
        (("--since", "tomorrow"), "is not a length of time"),
        (("--since", "2099-01-01T00:00"), "is not in the past"),
        (("--since", "99:99"), "is not a length of time"),
    ],
)
def test_wrong(antiphon: Line, words: tuple[str, ...], sentence: str) -> None:
    """What is asked for wrongly is refused in words."""
    told = antiphon("undo", *words)
    assert (1, True) == (told.code, sentence in told.err)


@pytest.mark.parametrize("since", ["00:00", "2026-03-02T09:00", "2026-03-02T09:00+01:00", "14:00", "9:00", "3d"])
def test_times(antiphon: Line, since: str) -> None:
    """A moment is written as a time of the day, as a time, or as how long ago."""
    assert 0 == antiphon("undo", "--since", since).code

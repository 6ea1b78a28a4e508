"""A person settles what nobody else could."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Line, Told


def doubtful(antiphon: Line, acting: Callable[[str], Told]) -> Any:
    """An effect that is parked: its outcome is unknown, and nobody can look."""
    run = acting("unknown").document["runs"][0]
    assert antiphon("runs", "resume", run["id"]).code == 5
    [entry] = antiphon("effects", "list", "--waiting", "--json").document
    assert entry["state"] == "parked"
    return entry["effect"]


def test_done(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """What is there is done, with the address that was given; the run goes on, and nothing waits any more."""
    key = doubtful(antiphon, acting)["key"]
    told = antiphon("effects", "resolve", key, "--done", "--url", "https://social.example/1", "--json")
    assert told.code == 0
    assert told.document["entry"]["receipt"]["url"] == "https://social.example/1"
    assert told.document["activation"]["runs"][0]["state"] == "done"
    assert antiphon("effects", "list", "--waiting", "--json").document == []


def test_not_sent(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """What is not there is sent, by the run that waited for it."""
    key = doubtful(antiphon, acting)["key"]
    plugin = antiphon.folder / "plugin.py"
    plugin.write_text(plugin.read_text().replace('case "unknown":', 'case "gone":'))
    told = antiphon("effects", "resolve", key, "--not-sent", "--json")
    assert told.code == 0
    assert (told.document["entry"]["state"], told.document["entry"]["attempts"]) == ("done", 2)


def test_reject(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """What is not to be sent is rejected by name, and its run fails."""
    key = doubtful(antiphon, acting)["key"]
    told = antiphon("effects", "resolve", key, "--reject", "--json")
    assert told.code == 1
    assert "decided" in told.document["entry"]["reason"]
    assert told.document["activation"]["runs"][0]["state"] == "failed"


@pytest.mark.parametrize("words", [(), ("--done", "--reject"), ("--reject", "--url", "https://social.example/1")])
def test_one_answer(antiphon: Line, acting: Callable[[str], Told], words: tuple[str, ...]) -> None:
    """There is one answer, and only what is done has an address; else nothing changes."""
    key = doubtful(antiphon, acting)["key"]
    assert antiphon("effects", "resolve", key, *words).code == 1
    assert len(antiphon("effects", "list", "--waiting", "--json").document) == 1


def test_not_in_doubt(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """What is settled stays settled."""
    key = acting("done").document["entries"][0]["effect"]["key"]
    told = antiphon("effects", "resolve", key, "--not-sent")
    assert told.code == 1
    assert "is done" in told.err

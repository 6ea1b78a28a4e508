"""`antiphon runs show --bundle` and `antiphon runs replay`."""

from __future__ import annotations

import json
from collections.abc import Callable

from .conftest import Line, Told


def _bundled(antiphon: Line, acting: Callable[[str], Told], end: str = "done") -> str:
    run = acting(end).document["runs"][0]["id"]
    assert 0 == antiphon("runs", "show", run, "--bundle", "b.json").code
    return "b.json"


def test_same(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A run that is replayed takes the same path, and nothing is done twice."""
    told = antiphon("runs", "replay", _bundled(antiphon, acting))

    assert 0 == told.code
    assert "The same path to the same end." in told.out
    assert 1 == len(antiphon("effects", "list", "--json").document)


def test_another_way(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """Where the replay parts from the record is told, and by the exit code too."""
    path = antiphon.folder / _bundled(antiphon, acting)
    path.write_text(path.read_text().replace("${{ trigger.inputs.end }}", "other"))
    told = antiphon("runs", "replay", "b.json")

    assert 1 == told.code
    assert "It goes another way, first at" in told.out
    document = antiphon("runs", "replay", "b.json", "--json").document
    assert (False, "other") == (document["same"], document["differences"][0]["replayed"]["payload"]["end"])


def test_not_over_another(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A file that is there already is not written over."""
    antiphon.write("b.json", "mine")
    run = acting("done").document["runs"][0]["id"]

    assert 1 == antiphon("runs", "show", run, "--bundle", "b.json").code
    assert "mine" == (antiphon.folder / "b.json").read_text()


def test_anonymous(antiphon: Line) -> None:
    """With --anonymous the file names nobody who was heard."""
    antiphon("run", "complaints", "--event", "events/complaint.json", "--live")
    event = json.loads((antiphon.folder / "events/complaint.json").read_text())
    handle = event["data"]["author"]["handle"]
    [run] = antiphon("runs", "list", "--json").document
    told = antiphon("runs", "show", run["id"], "--bundle", "b.json", "--anonymous", "--json")
    text = (antiphon.folder / "b.json").read_text()

    assert told.document["anonymous"]
    assert f'"{handle}"' not in text
    assert 0 == antiphon("runs", "replay", "b.json").code


def test_lock(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A lock of the workspace is taken along."""
    antiphon.write("antiphon.lock", "pinned")
    path = antiphon.folder / _bundled(antiphon, acting)

    assert "pinned" == json.loads(path.read_text())["lock"]


def test_no_file(antiphon: Line) -> None:
    """A file that is not there is told as such."""
    assert "cannot be read" in antiphon("runs", "replay", "nothing.json").err

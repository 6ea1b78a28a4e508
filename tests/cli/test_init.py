"""A workspace that runs at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Line


def test_check(antiphon: Line) -> None:
    """Every document of a fresh workspace compiles."""
    assert antiphon("check", "--json").document["problems"] == []
    assert sorted(antiphon("check", "--json").document["workflows"]) == ["complaints", "hello"]


def test_plan(antiphon: Line) -> None:
    """What init proposes to try next works."""
    told = antiphon("plan", "complaints", "--event", "events/complaint.json", "--json")
    assert [entry["effect"]["action"] for entry in told.document["entries"]] == ["inbox.ticket"]


def test_live(antiphon: Line) -> None:
    """It runs live without any account."""
    assert antiphon("run", "complaints", "--event", "events/complaint.json", "--live").code == 0
    assert antiphon("run", "hello", "--live").code == 0


def test_ignored(antiphon: Line) -> None:
    """The database and the secrets are kept out of version control."""
    assert ".antiphon/" in (antiphon.folder / ".gitignore").read_text()


def test_settings_in_full(antiphon: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example in the settings is right when its comment sign is taken away."""
    path = antiphon.folder / "antiphon.toml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.removeprefix("# ") if " = " in line or "# [" in line else line for line in lines))
    monkeypatch.setenv("ANTIPHON_DATABASE__URL", "")
    assert antiphon("connections", "list", "--json").document[0]["known"] is True


def test_twice(antiphon: Line) -> None:
    """A workspace is never made over another one."""
    told = antiphon("init")
    assert told.code == 1
    assert "is there already" in told.err


def test_what_is_there_stays(tmp_path: Path) -> None:
    """A file that is there already is kept as it is."""
    line = Line(tmp_path)
    line.write(".gitignore", "mine\n")
    assert line("init", "--json").document["kept"] == [".gitignore"]
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_folder(tmp_path: Path) -> None:
    """The folder is made if it is not there."""
    assert Line(tmp_path)("init", "a/b").code == 0
    assert (tmp_path / "a/b/antiphon.toml").is_file()

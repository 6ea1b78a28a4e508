"""What `antiphon plugins new` writes keeps the contract at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .conftest import Line


def test_new(antiphon: Line) -> None:
    """The distribution is in the network's words, and its own tests pass as it stands."""
    made = antiphon("plugins", "new", "tiny-board", "--json").document["made"]
    folder = antiphon.folder / "antiphon-tiny-board"
    assert {Path(one).name for one in made} == {
        *("README.md", "pyproject.toml", "__init__.py", "bench.py", "limits.toml", "test_contract.py")
    }
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]
    assert not [text for text in texts if "my_network" in text or "My Network" in text or "MyNetwork" in text]

    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["antiphon"] == {"tiny-board": "antiphon_tiny_board"}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout
    assert "failed" not in done.stdout


@pytest.mark.parametrize("name", ["My Network", "1st", "../up", "trailing-", "a_b", "ünï"])
def test_no_name(antiphon: Line, name: str) -> None:
    """What cannot be the name of a package is refused, and nothing is written."""
    before = set(antiphon.folder.rglob("*"))

    assert "is no name for a network" in antiphon("plugins", "new", name).err
    assert before == set(antiphon.folder.rglob("*"))


def test_there_already(antiphon: Line) -> None:
    """Nothing that is there is written over."""
    antiphon.write("antiphon-tiny-board/README.md", "mine")

    assert "is there already" in antiphon("plugins", "new", "tiny-board").err
    assert "mine" == (antiphon.folder / "antiphon-tiny-board" / "README.md").read_text(encoding="utf-8")

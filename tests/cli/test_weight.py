"""What the command line does without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Line

HEAVY = ("prefect", "sqlalchemy", "fastapi", "alembic", "uvicorn")

_SCRIPT = """
import sys
sys.argv = ["antiphon", *{words!r}]
from antiphon.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("heavy:", *sorted(set({heavy!r}) & set(sys.modules)))
"""


def _heavy(folder: Path, words: list[str], heavy: tuple[str, ...]) -> str:
    script = _SCRIPT.format(words=words, heavy=heavy)
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("words", [["--help"], ["plan", "--help"], ["runs", "--help"], ["up", "--help"]])
def test_help(tmp_path: Path, words: list[str]) -> None:
    """Help imports neither Prefect nor the database nor any network client, and no plugin."""
    assert _heavy(tmp_path, words, (*HEAVY, "httpx", "jinja2", "antiphon.builtins")) == "heavy:"


def test_check(antiphon: Line) -> None:
    """Checking imports neither Prefect nor the database."""
    assert _heavy(antiphon.folder, ["check"], HEAVY) == "heavy:"

"""The corpus: documents that compile to a stored program, and documents that list exactly their problems."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from antiphon.app import Antiphon
from antiphon.compiler import explain
from antiphon.components.clock import SystemClock
from antiphon.errors import Problem
from antiphon.registry import Registry
from antiphon.settings import ConnectionSettings, Settings, WorkspaceSettings

CORPUS = Path(__file__).parent / "documents"
VALID = sorted((CORPUS / "valid").glob("*.yaml"))
INVALID = sorted((CORPUS / "invalid").glob("*.yaml"))


@pytest.fixture(scope="module")
def workspace() -> Antiphon:
    """A workspace in which the corpus stands: its recipes, a time zone, and three kinds of connection."""
    settings = Settings(
        folder=CORPUS,
        workspace=WorkspaceSettings(name="Corpus", timezone="Europe/Paris"),
        connections={
            "brand": ConnectionSettings(connector="mastodon"),
            "news": ConnectionSettings(connector="feed"),
            "sky": ConnectionSettings(connector="bluesky"),
        },
        groups={"brand": ("ana", "ben", "cleo")},
    )
    return Antiphon(settings, Registry.load(), SystemClock())


def told(problem: Problem) -> str:
    """A problem as the first lines of an invalid document write it."""
    return " ".join(f"# {problem.place.line}:{problem.place.column} {problem.sentence} {problem.hint}".split())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid(path: Path, workspace: Antiphon) -> None:
    """A valid document compiles to the program that is stored beside it."""
    compiled = workspace.check([path])

    assert [] == compiled.problems
    [program] = compiled.programs.values()
    stored = path.with_suffix(".txt")
    if os.environ.get("ANTIPHON_ACCEPT"):
        stored.write_text(explain(program) + "\n", encoding="utf-8")
    assert stored.read_text(encoding="utf-8") == explain(program) + "\n"


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid(path: Path, workspace: Antiphon) -> None:
    """An invalid document lists exactly the problems that its first lines foretell, with line and column."""
    text = path.read_text(encoding="utf-8")
    foretold = [line for line in text.splitlines() if line.startswith("# ")]

    found = [told(problem) for problem in sorted(workspace.check([path]).problems)]

    assert foretold == found
    assert found, "an invalid document must have a problem"

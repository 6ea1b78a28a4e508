"""How commands end: the codes that scripts rely on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from antiphon.cli.exits import Exit, of_error
from antiphon.errors import (
    AntiphonError,
    DocumentError,
    GiveUp,
    InputError,
    RetryLater,
    SecretMissing,
    SettingsError,
    StoreError,
    Vetoed,
)

from .conftest import Line, Told


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DocumentError([]), 1),
        (InputError("x"), 1),
        (SettingsError("x"), 3),
        (SecretMissing("x"), 3),
        (StoreError("x"), 3),
        (GiveUp("x"), 3),
        (RetryLater("x", after=timedelta(seconds=1)), 3),
        (Vetoed(["x"]), 4),
    ],
)
def test_errors(error: AntiphonError, code: int) -> None:
    """Every error names who has to act."""
    assert of_error(error) == code


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("done", Exit.DONE),
        ("rejected", Exit.AUTHOR),
        ("vetoed", Exit.POLICY),
        ("held", Exit.PERSON),
        ("unknown", Exit.PERSON),
    ],
)
def test_effects(acting: Callable[[str], Told], end: str, code: Exit) -> None:
    """A live run ends with what became of its effects."""
    assert acting(end).code == code


@pytest.mark.parametrize("step", ["wait: 4d", "wait_for: {event: {type: link.clicked}}"])
def test_waits(antiphon: Line, step: str) -> None:
    """A run that waits as its document says needs nobody."""
    triggers = "triggers: [{id: by_hand, manual: {}}]"
    antiphon.write(
        "workflows/slow.yaml", f"antiphon: 1\nid: slow\nname: Slow\ntz: UTC\n{triggers}\nactions:\n  - {step}\n"
    )

    assert antiphon("run", "slow", "--live").code == Exit.DONE


def test_document(antiphon: Line) -> None:
    """A broken document is the author's."""
    antiphon.write("workflows/broken.yaml", "antiphon: 1\nid: broken\n")
    assert antiphon("check").code == Exit.AUTHOR


@pytest.mark.parametrize(
    "words", [["plan"], ["nonsense"], ["plan", "hello", "--nonsense"], ["runs", "list", "--state", "x"]]
)
def test_usage(antiphon: Line, words: list[str]) -> None:
    """A word, an option or a choice that does not exist is wrong usage."""
    assert antiphon(*words).code == Exit.USAGE


def test_settings(antiphon: Line) -> None:
    """Wrong settings are the operator's, and are named with their file."""
    antiphon.write("antiphon.toml", "[web]\nport = 'high'\n")
    told = antiphon("check")
    assert told.code == Exit.OPERATOR
    assert "web.port" in told.err


def test_database(antiphon: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is not there is the operator's, and its password is not shown."""
    monkeypatch.setenv("ANTIPHON_DATABASE__URL", "postgresql://user:hidden@127.0.0.1:1/none")
    told = antiphon("runs", "list")
    assert told.code == Exit.OPERATOR
    assert "hidden" not in told.out + told.err


def test_no_database_for_check(antiphon: Line, tmp_path: Path) -> None:
    """Checking makes no database and asks none."""
    assert antiphon("check").code == Exit.DONE
    assert not (tmp_path / ".antiphon").exists()


def test_error_as_document(antiphon: Line) -> None:
    """With --json an error is one document too."""
    told = antiphon("runs", "show", "nothing", "--json")
    assert told.code == Exit.AUTHOR
    assert told.document["error"]["kind"] == "InputError"
    assert told.document["error"]["sentence"] == "There is no run nothing."

"""How things are put on paper."""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from antiphon.cli.printing import line, moment, safe, sheet, table


@given(st.text())
def test_safe(text: str) -> None:
    """Nothing that steers a terminal comes through, and everything else does."""
    shown = safe(text)
    assert not any(unicodedata.category(sign) == "Cc" and sign not in "\t\n" for sign in shown)
    assert len(shown) == len(text)
    assert safe(shown) == shown


@given(st.text(), st.integers(1, 40))
def test_line(text: str, length: int) -> None:
    """One line is one line, and never longer than asked."""
    shown = line(text, length)
    assert len(shown) <= length
    assert len(shown.splitlines()) <= 1


def _drawn(width: int, *shown: object) -> list[str]:
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
    console.print(*shown, sep="\n")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_narrow() -> None:
    """At 80 columns long cells wrap inside their column, and no word is lost."""
    words = " ".join(f"word{number}" for number in range(40))
    drawn = _drawn(80, table(("a", "b"), [("key", words)]), sheet([("label", words)]))
    assert all(len(one) <= 80 for one in drawn)
    joined = " ".join(" ".join(drawn).split())
    assert all(joined.count(word) == 2 for word in ("word0", "word39"))


def test_markup_is_text() -> None:
    """What looks like markup is shown as it stands."""
    assert _drawn(80, table(("a",), [("[red]:smile:[/red]",)]))[1].rstrip() == "[red]:smile:[/red]"


def test_moment() -> None:
    """A moment is told on the wall clock of the place, on both sides of a change of the clocks."""
    paris = ZoneInfo("Europe/Paris")
    before = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)
    assert moment(before, paris) == "2026-03-29 01:59:59"
    assert moment(before + timedelta(seconds=1), paris) == "2026-03-29 03:00:00"
    assert moment(None, paris) == ""

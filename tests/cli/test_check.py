"""Every problem of every document."""

from __future__ import annotations

from pathlib import Path

from .conftest import Line

BROKEN = """antiphon: 1
id: broken
name: Broken
tz: Europe/Pariss
triggers: [{id: t, manual: {}}]
actions:
  - {use: inbox.tickt, with: {}}
"""


def test_all_at_once(antiphon: Line) -> None:
    """Problems of all documents are listed in reading order, each with its place."""
    antiphon.write("workflows/broken.yaml", BROKEN)
    antiphon.write("workflows/empty.yaml", "")
    problems = antiphon("check", "--json").document["problems"]
    assert [(one["file"], one["line"], one["column"]) for one in problems] == [
        ("workflows/broken.yaml", 4, 1),
        ("workflows/broken.yaml", 7, 6),
        ("workflows/empty.yaml", 1, 1),
    ]


def test_caret(antiphon: Line) -> None:
    """The source line is shown with a caret below the place, then the hint."""
    antiphon.write("workflows/broken.yaml", BROKEN)
    lines = antiphon("check").out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("workflows/broken.yaml:7:6: error: "))
    assert lines[at + 1] == "    7 │   - {use: inbox.tickt, with: {}}"
    assert lines[at + 2] == "      │      ^"
    assert lines[at + 3] == "    hint: Did you mean `inbox.ticket`?"


def test_some(antiphon: Line) -> None:
    """Only what is named is checked."""
    antiphon.write("workflows/broken.yaml", BROKEN)
    assert antiphon("check", "workflows/hello.yaml").code == 0


def test_missing_file(antiphon: Line) -> None:
    """A file that is not there is a problem with its name."""
    told = antiphon("check", "nowhere.yaml", "--json")
    assert told.code == 1
    assert told.document["problems"][0]["file"] == "nowhere.yaml"


def test_no_documents(tmp_path: Path) -> None:
    """A folder without documents is no mistake, and is told what to do."""
    told = Line(tmp_path)("check")
    assert (told.code, told.out) == (0, "0 documents, no problems\n")
    assert "antiphon init" in told.err


def test_wide_line(antiphon: Line) -> None:
    """Of a very long line the part around the place is shown, and the caret still points there."""
    antiphon.write(
        "workflows/wide.yaml", BROKEN.replace("{use: inbox.tickt", "{" + "id: a, " + "name: x, " * 40 + "use: z")
    )
    lines = antiphon("check").out.splitlines()
    assert all(len(line) < 160 for line in lines if "│" in line)


def test_terminal_is_safe(antiphon: Line) -> None:
    """A document cannot steer the terminal."""
    antiphon.write("workflows/broken.yaml", BROKEN.replace("Europe/Pariss", '"\\e[31mred"'))
    assert "\x1b" not in antiphon("check").out

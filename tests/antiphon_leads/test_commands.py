"""`antiphon leads`, and that a lead is reached only as policy allows at the moment of sending."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Line
from tests.cli.test_consent import LETTER, PLUGIN

from .conftest import RULES

GROUND = ("--basis", "consent", "--because", "Signed up at our stand")
FAIR = (
    "id,email,email_verified,name,branch\nmastodon:1,ana@example.org,yes,=cmd(),hotel\nslack:2,ana@example.org,yes,,\n"
)


@pytest.fixture
def antiphon(tmp_path: Path) -> Line:
    """The command line in a workspace with rules for leads, whose letters go to one person."""
    line = Line(tmp_path)
    assert 0 == line("init").code
    line.write("leads.toml", RULES)
    line.write("fair.csv", FAIR)
    line.write("plugin.py", PLUGIN)
    line.write("workflows/letter.yaml", LETTER)
    return line


def leads(line: Line) -> Any:
    return line("leads", "list", "--json").document


def test_dry_run(antiphon: Line) -> None:
    """Without --yes an import tells what it would do, and keeps nothing."""
    told = antiphon("leads", "import", "fair.csv", *GROUND, "--json").document

    assert (2, 2, "utf-8", False) == tuple(told[name] for name in ("rows", "new", "encoding", "kept"))
    assert [] == leads(antiphon)


def test_import(antiphon: Line) -> None:
    """With --yes all rows are kept, the same person once; imported again nothing changes."""
    for _ in range(2):
        assert 0 == antiphon("leads", "import", "fair.csv", *GROUND, "--yes").code

    [lead] = leads(antiphon)
    assert (["mastodon:1", "slack:2"], "=cmd()") == (lead["accounts"], lead["name"])


def test_half(antiphon: Line) -> None:
    """While one row is bad, nothing is kept, and its line is named."""
    antiphon.write("fair.csv", FAIR + "slack:3,no address,,,\n")

    told = antiphon("leads", "import", "fair.csv", *GROUND, "--yes", "--json")

    assert (1, [4], False) == (told.code, [one["line"] for one in told.document["bad"]], told.document["kept"])
    assert [] == leads(antiphon)


@pytest.mark.parametrize("words", [("--basis", "why not", "--because", "so"), ("--basis", "consent", "--because", " ")])
def test_s1_import_without_basis(antiphon: Line, words: tuple[str, ...]) -> None:
    """S1: nobody is imported without a permitted basis and its reason."""
    assert 1 == antiphon("leads", "import", "fair.csv", *words, "--yes").code
    assert [] == leads(antiphon)


def test_s3_show(antiphon: Line) -> None:
    """S3: every point of a lead is shown with its reason, beside the basis."""
    antiphon("leads", "import", "fair.csv", *GROUND, "--yes")

    shown = antiphon("leads", "show", "slack:2").out

    assert all(
        words in shown for words in ("20 points: fit 20", "branch is hotel", "Signed up at our stand", "standing")
    )


def test_s2_words(antiphon: Line) -> None:
    """S2: what the rules have merged a person takes apart and merges again, and both are in the audit."""
    antiphon("leads", "import", "fair.csv", *GROUND, "--yes")

    assert 0 == antiphon("leads", "unmerge", "slack:2").code
    assert 2 == len(leads(antiphon))
    assert 0 == antiphon("leads", "merge", "slack:2", "mastodon:1").code
    assert 1 == len(leads(antiphon))
    said = [one["what"] for one in antiphon("audit", "list", "--json").document]
    assert ["leads merge", "leads unmerge"] == said[:2]


def test_export(antiphon: Line) -> None:
    """What is exported holds no formula, and is imported again as it was."""
    antiphon("leads", "import", "fair.csv", *GROUND, "--yes")
    assert 0 == antiphon("leads", "export", "out.csv").code

    with (antiphon.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert ("'=cmd()", "hotel", "ana@example.org") == (row["name"], row["branch"], row["email"])
    assert 0 == antiphon("leads", "import", "out.csv", *GROUND, "--yes").code
    assert "=cmd()" == leads(antiphon)[0]["name"]


def test_z2_suppressed_while_held(antiphon: Line) -> None:
    """Z2: a lead who opts out while a letter is held is not reached when it would go out."""
    antiphon("leads", "import", "fair.csv", *GROUND, "--yes")
    antiphon("brake", "on")
    antiphon("run", "letter", "--input", "to=ana@example.org", "--live")
    antiphon("suppress", "add", "ana@example.org", "--channel", "letter")
    antiphon("brake", "off")
    antiphon("runs", "resume")

    [entry] = antiphon("effects", "list", "--json").document

    assert ("vetoed", True) == (entry["state"], "must not be reached on letter" in entry["reason"])


def test_z2_one_person(antiphon: Line) -> None:
    """Z2: whoever opts out by one account is not reached by another that is merged with it, until they are parted."""
    antiphon("leads", "import", "fair.csv", *GROUND, "--yes")
    antiphon("suppress", "add", "slack:2")
    send = ("run", "letter", "--live", "--json", "--input")

    [refused] = antiphon(*send, "to=mastodon:1").document["entries"]
    antiphon("leads", "unmerge", "slack:2")
    [sent] = antiphon(*send, "to=mastodon:1").document["entries"]

    assert ("vetoed", "done") == (refused["state"], sent["state"])
    assert "slack:2 must not be reached" in refused["reason"]


def test_z3_forgotten(antiphon: Line) -> None:
    """Z3: who is forgotten is no lead any more by any of their accounts or documents of leads, and is not reached."""
    antiphon("leads", "import", "fair.csv", *GROUND, "--yes")
    assert 0 == antiphon("person", "forget", "mastodon:1", "--yes").code

    assert [] == leads(antiphon)
    assert [] == antiphon("leads", "review", "--json").document
    sent = antiphon("run", "letter", "--input", "to=ana@example.org", "--live", "--json").document
    assert "vetoed" == sent["entries"][0]["state"]

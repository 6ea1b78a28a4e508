"""`antiphon creators`: the same book by hand, with who said what."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.conftest import Line
from tests.cli.test_consent import LETTER, PLUGIN

from antiphon.errors import InputError
from antiphon_outreach.tables import read

ANA, SKY = "mastodon:ana@social.example", "bluesky:ana.example"
TABLE = (
    "id;network;handle;name;email;codes;followers;country\n"
    f"{ANA};;ana@social.example;=cmd();ana@example.org;ANA10 ana-spring;12,000;FR\n"
    ";bluesky;@ana.example;Ana;;;900;\n"
)
AGREED = ("--brief", "https://example.org/brief", "--label", "Publicité")


@pytest.fixture
def antiphon(tmp_path: Path) -> Line:
    """The command line in a workspace with two creators."""
    line = Line(tmp_path)
    assert 0 == line("init").code
    line.write("creators.csv", TABLE)
    assert 0 == line("creators", "import", "creators.csv", "--yes").code
    return line


def test_i1_dry_run(antiphon: Line) -> None:
    """I1: without --yes an import tells what is new, changed and the same, and keeps nothing."""
    antiphon.write("more.csv", TABLE.replace("900", "950") + "x:ben;;ben;;;;;\n")

    told = antiphon("creators", "import", "more.csv", "--json").document

    assert (1, 1, 1, False, ";") == tuple(told[name] for name in ("new", "changed", "same", "kept", "delimiter"))
    assert 2 == len(antiphon("creators", "list", "--json").document)


def test_i1_half(antiphon: Line) -> None:
    """I1: while one row is bad nothing is kept, and its line is named with its reason."""
    antiphon.write("bad.csv", "id,email\nx:ben,ben@example.org\nx:cai,nowhere\n,dee@example.org\nx:ben,\n")

    told = antiphon("creators", "import", "bad.csv", "--yes", "--json")

    assert (1, False) == (told.code, told.document["kept"])
    assert [3, 4, 5] == [one["line"] for one in told.document["bad"]]
    assert 2 == len(antiphon("creators", "list", "--json").document)


def test_export(antiphon: Line) -> None:
    """What is exported holds no formula, and imported again it changes nothing."""
    assert 0 == antiphon("creators", "export", "out.csv").code

    with (antiphon.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert ("'=cmd()", "ANA10 ana-spring", "12,000") == tuple(
        rows[ANA][name] for name in ("name", "codes", "followers")
    )
    told = antiphon("creators", "import", "out.csv", "--json").document
    assert (0, 0, 2) == (told["new"], told["changed"], told["same"])


@pytest.mark.parametrize("text", ["", "name,followers\nAna,3\n", "id,id\n1,2\n", '"id\nx'])
def test_no_table(text: str) -> None:
    """What is no table of creators is refused with what it lacks."""
    with pytest.raises(InputError):
        read(text.encode())


@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    """Whatever bytes a file has, it is a table, with bad rows or without, or it is refused; never a crash."""
    try:
        found = read(b"id,handle,email\n" + content)
    except InputError:
        return
    assert all(creator for creator in found.creators)


def test_i5_by_hand(antiphon: Line) -> None:
    """I5: a person moves anybody anywhere, and the history and the audit have who, when and why."""
    for stage, because in (("talks", "Met at the fair"), ("prospect", "No budget")):
        assert 0 == antiphon("creators", "move", "ana@example.org", stage, "--because", because).code

    told = antiphon("creators", "history", ANA, "--json").document
    assert [("prospect", "talks", "Met at the fair"), ("talks", "prospect", "No budget")] == [
        (one["from"], one["to"], one["because"]) for one in told
    ]
    assert all("@" in one["by"] and one["at"] for one in told)
    assert "Met at the fair" in antiphon("creators", "history", ANA).out
    assert "creators move" == antiphon("audit", "list", "--json").document[0]["what"]
    assert ["creator.moved"] * 2 == [one["type"] for one in antiphon("events", "list", "--json").document]
    assert 1 == antiphon("creators", "move", ANA, "prospect").code
    assert 1 == antiphon("creators", "move", ANA, "nowhere").code


def test_i5_back_again(antiphon: Line) -> None:
    """I5: whom a person brings back from do-not-contact comes back with all their accounts."""
    antiphon("creators", "move", SKY, "do-not-contact")
    antiphon("creators", "link", ANA, SKY)
    assert ["do-not-contact"] == [one["stage"] for one in antiphon("creators", "list", "--json").document]

    assert 0 == antiphon("creators", "move", ANA, "prospect", "--because", "Wrote to us again").code

    assert ["prospect"] == [one["stage"] for one in antiphon("creators", "list", "--json").document]


def test_i6_by_hand(antiphon: Line) -> None:
    """I6: nor by hand is anybody paid before what the law asks for is recorded; `agree` tells what is missing."""
    fee = ("creators", "agree", ANA, "--kind", "fee", "--value", "1000")
    assert "nothing is agreed" in antiphon("creators", "move", ANA, "paid").err
    told = antiphon(*fee, *AGREED)
    assert "a written contract is needed" in told.out
    assert "décret 2025-1137" in antiphon("creators", "move", ANA, "paid").err
    assert 1 == antiphon(*fee[:-1], "-5").code
    assert 1 == antiphon(*fee, "--on", "2026-02-30").code
    antiphon("creators", "agree", ANA, "--kind", "gift", "--value", "0", "--contract", "signed.pdf")

    assert 0 == antiphon("creators", "move", ANA, "paid").code
    shown = antiphon("creators", "show", ANA)
    assert "1000.00" in shown.out
    assert 2 == len(antiphon("creators", "show", ANA, "--json").document["agreements"])


def test_linked(antiphon: Line) -> None:
    """Two accounts are one creator on a person's word, and two again; a handle finds either."""
    assert 0 == antiphon("creators", "link", ANA, "@ana.example").code
    [one] = antiphon("creators", "list", "--json").document
    assert {ANA, SKY} == set(one["accounts"])
    other = next(account for account in one["accounts"] if account != one["creator"])
    assert 0 == antiphon("creators", "unlink", other).code
    assert 2 == len(antiphon("creators", "list", "--json").document)


def test_tagged(antiphon: Line) -> None:
    """A tag is told of once for each creator, with what a workflow needs to write to them."""
    for _ in range(2):
        told = antiphon("creators", "tag", "shortlist", ANA, "ana.example", "--json").document
    assert [] == told["creators"]

    events = antiphon("events", "list", "--json").document
    assert ["creator.tagged"] * 2 == [one["type"] for one in events]
    assert {ANA, SKY} == {one["data"]["creator"]["id"] for one in events}
    assert {"ana@example.org", ""} == {one["data"]["creator"]["email"] for one in events}
    assert 2 == len(antiphon("creators", "list", "--tag", "shortlist", "--json").document)
    assert [] == antiphon("creators", "list", "--tag", "longlist", "--json").document
    assert 1 == antiphon("creators", "tag", "shortlist", "nobody").code


def test_i2_score(antiphon: Line) -> None:
    """I2: the score is shown with each component and what is missing, and refused where too little is known."""
    shown = " ".join(antiphon("creators", "score", ANA).out.split())
    told = antiphon("creators", "score", ANA, "--json").document

    assert "no score: 0% of the weights are known, and 60% are needed" in shown
    assert "could not see: nobody tells the views of their posts" in shown
    assert (None, "micro", 8) == (told["total"], told["tier"], len(told["components"]))
    assert 1 == antiphon("creators", "score", ANA, "--rules", "nowhere.toml").code


def test_i7_results(antiphon: Line) -> None:
    """I7, I9: what came of each is told with what it cost; without a cost there is no price."""
    antiphon("creators", "agree", ANA, "--kind", "fee", "--value", "50", "--on", "2026-03-02")
    click = {"id": "c1", "type": "link.clicked", "data": {"code": "ana-spring"}}
    order = {"id": "o1", "type": "order.placed", "data": {"code": "ANA10", "order": 7, "value": 100, "currency": "EUR"}}
    lines = (json.dumps({**one, "at": "2026-03-02T09:00:00+00:00"}) for one in (click, order))
    antiphon.write("events.jsonl", "\n".join(lines))
    assert 0 == antiphon("events", "ingest", "events.jsonl").code

    told = {one["creator"]: one for one in antiphon("creators", "results", "--json").document}

    ana = told[ANA]
    assert (1, 1, "2.00", "50.00") == (ana["clicks"], ana["orders"], str(ana["roas"]), str(ana["cpc"]))
    assert told[SKY]["cpc"] is None
    assert "100 EUR" in antiphon("creators", "results").out
    assert 0 == sum(
        one["clicks"] for one in antiphon("creators", "results", "--since", "2026-03-03", "--json").document
    )
    assert 1 == antiphon("creators", "results", "--since", "March").code


@pytest.mark.parametrize("word", ["show", "history", "score"])
def test_nobody(antiphon: Line, word: str) -> None:
    """Who is no creator is told so, with where to look."""
    told = antiphon("creators", word, "nobody@example.org")

    assert (1, True) == (told.code, "nobody@example.org is not a creator" in told.err)


def test_forgotten(antiphon: Line) -> None:
    """Who is forgotten is no creator any more, by any account or name; who shares an agency's address stays."""
    antiphon.write("more.csv", "id,handle,email\nx:ben,ben,agency@example.org\nx:cai,cai,agency@example.org\n")
    antiphon("creators", "import", "more.csv", "--yes")
    antiphon("creators", "link", ANA, SKY)
    assert 0 == antiphon("person", "forget", "ana@example.org", "--yes").code
    assert 0 == antiphon("person", "forget", "x:ben", "--yes").code

    assert ["x:cai"] == [one["creator"] for one in antiphon("creators", "list", "--json").document]
    assert 1 == antiphon("creators", "show", "ana@example.org").code


def test_z2_any_account(antiphon: Line) -> None:
    """Z2: a suppression of one account of a creator holds for the others that are linked with it."""
    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/letter.yaml", LETTER)
    antiphon("creators", "link", ANA, SKY)
    antiphon("suppress", "add", SKY)

    sent = antiphon("run", "letter", "--input", "to=ana@example.org", "--live", "--json").document

    assert "vetoed" == sent["entries"][0]["state"]

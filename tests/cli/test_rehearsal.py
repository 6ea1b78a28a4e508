"""`antiphon test` and `antiphon backtest` on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from tests.cli.conftest import Line

TESTED = """
antiphon: 1
id: tested
name: Tested
tz: UTC
triggers: [{id: seen, event: {type: order.placed}}]
actions: [{use: local.act, with: {end: "${{ event.end }}"}}]
tests:
  - name: acts
    events: [{type: order.placed, end: done}]
    expect: {effects: [{use: local.act, end: done}], finished: done}
"""
WRONG = TESTED.replace("id: tested", "id: wrong").replace("end: done}], f", "end: other}], f")


def prepared(antiphon: Line) -> Line:
    from tests.cli.conftest import PLUGIN

    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/tested.yaml", TESTED)
    return antiphon


def test_all_as_expected(antiphon: Line) -> None:
    """A document whose tests hold ends with 0 and says so; nothing is performed."""
    told = prepared(antiphon)("test", "workflows/tested.yaml")

    assert 0 == told.code
    assert "✓ tested: acts" in told.out
    assert "1 test, all as expected" in told.out
    assert [] == antiphon("effects", "list", "--json").document


def test_one_differs(antiphon: Line) -> None:
    """One test that differs ends with 1, and shows what was expected beside what was found; -k picks by name."""
    prepared(antiphon).write("workflows/wrong.yaml", WRONG)

    told = antiphon("test", "--junit", "out/tests.xml", "--jobs", "1")

    assert 1 == told.code
    assert "✗ wrong: acts" in told.out
    assert "because   end (“done”) does not contain" in told.out or "end (“done”) is not “other”" in told.out
    assert "1" == ElementTree.parse(antiphon.folder / "out" / "tests.xml").getroot().get("failures")
    assert 0 == antiphon("test", "-k", "tested").code


def test_for_a_machine(antiphon: Line) -> None:
    """With --json there is one document, with a line for every piece that was compared."""
    prepared(antiphon).write("workflows/wrong.yaml", WRONG)

    document = antiphon("test", "--json").document

    states = {test["document"]: test["state"] for test in document["tests"]}
    assert ({"tested": "passed", "wrong": "failed"}, []) == (states, document["problems"])
    assert {"about", "sign", "expected", "found", "because"} == set(document["tests"][0]["lines"][0])


def test_a_document_that_cannot_be_read(antiphon: Line) -> None:
    """A document with a mistake is told with its place, and ends with 1; a path that is not there, too."""
    antiphon.write("workflows/broken.yaml", TESTED.replace("expect:", "expects:"))

    told = antiphon("test", "workflows/broken.yaml")

    assert 1 == told.code
    assert "`expects` is not a key" in told.err
    assert 1 == antiphon("test", "nowhere.yaml").code


def test_backtest(antiphon: Line) -> None:
    """A backtest tells each day, why not, and what it cannot know; it can be written as a page."""
    prepared(antiphon)
    now = datetime.now(UTC)
    events = [
        {
            "id": f"o:{n}",
            "type": "order.placed",
            "at": (now - timedelta(days=n, hours=1)).isoformat(),
            "data": {"end": end},
        }
        for n, end in enumerate(("done", "vetoed", "done"))
    ]
    antiphon.write("orders.jsonl", "\n".join(map(json.dumps, events)))
    assert 0 == antiphon("events", "ingest", "orders.jsonl").code

    told = antiphon("backtest", "tested", "--since", "5d", "--to", "past.html")
    document = antiphon("backtest", "tested", "--since", "5d", "--json").document

    assert 0 == told.code
    assert "What a backtest cannot know" in told.out
    assert "kept back by" in told.out
    assert "<svg" in (antiphon.folder / "past.html").read_text(encoding="utf-8")
    assert (3, 2, 1) == tuple(sum(day[name] for day in document["days"]) for name in ("fired", "sent", "vetoed"))
    assert 8 == len(document["cannot_know"])


def test_backtest_against(antiphon: Line) -> None:
    """Another version is a document, or the fingerprint of one that a run has had."""
    prepared(antiphon)
    antiphon.write("other.yaml", TESTED.replace("order.placed}", "order.paid}"))
    at = (datetime.now(UTC) - timedelta(hours=5)).isoformat()
    antiphon.write("o.jsonl", json.dumps({"id": "o", "type": "order.placed", "at": at, "data": {"end": "done"}}))
    antiphon("events", "ingest", "o.jsonl")
    version = antiphon("check", "--json").document["workflows"]["tested"]

    told = antiphon("backtest", "tested", "--since", "1d", "--against", "other.yaml")
    same = antiphon("backtest", "tested", "--since", "1d", "--against", version, "--json").document
    strange = antiphon("backtest", "tested", "--against", "000000000000")

    assert "1 run in which they differ: 1 on" in told.out
    assert "1 effect in which they differ: 1 on" in told.out
    assert 0 == same["against"]["effects"]["count"]
    assert (1, True) == (strange.code, "There is no version 000000000000 of tested" in strange.err)
    assert 1 == antiphon("backtest", "tested", "--since", "1d", "--until", "2d").code

"""`antiphon db prune`."""

from __future__ import annotations

import json

from .conftest import Line


def _heard(line: Line) -> None:
    event = {"id": "e:1", "type": "post.seen", "at": "2020-03-02T09:00:00Z"}
    line.write("one.jsonl", json.dumps(event))
    assert 0 == line("events", "ingest", "one.jsonl").code
    text = (line.folder / "antiphon.toml").read_text()
    line.write("antiphon.toml", f'{text}\n[retention]\n"post.*" = "30d"\n')
    from antiphon.app import Antiphon

    app = Antiphon.open(line.folder)
    app.route()
    app.close()


def test_dry_run(antiphon: Line) -> None:
    """A dry run tells what would go, and lets nothing go."""
    _heard(antiphon)
    told = [antiphon("db", "prune", "--dry-run", "--json").document for _ in range(2)]

    assert [{"post.*": 1}] * 2 == [
        {one["name"]: one["count"] for one in each["pruned"] if one["count"]} for each in told
    ]
    assert "would go" in antiphon("db", "prune", "--dry-run").out


def test_prune(antiphon: Line) -> None:
    """What went is told, and stands in the audit; what went once does not go again."""
    _heard(antiphon)
    told = [antiphon("db", "prune", "--json").document["pruned"] for _ in range(2)]

    assert [1, 0] == [sum(one["count"] for one in each) for each in told]
    [entry] = [one for one in antiphon("audit", "list", "--json").document if one["what"] == "db prune"]
    assert {"post.*": 1} == entry["after"]


def test_refused(antiphon: Line) -> None:
    """A length of time that cannot be is refused with the key it stands at."""
    antiphon.write("antiphon.toml", '[retention]\nevents = "1h"\n')
    told = antiphon("db", "prune")

    assert 0 != told.code
    assert "retention.events" in told.err
    assert "the shortest is 1d" in told.err

"""Components, plugins, connections, reports: what the installation has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from antiphon.testing.sandbox import Sandbox

from .conftest import PLUGIN, Line, Told

BRAND = """
[http]
allow_private = ["127.0.0.1"]

[connections.brand]
connector = "mastodon"
server = "SERVER"
token = "${{ secrets.brand }}"
"""


def test_show_all(antiphon: Line) -> None:
    """Every component is listed, and each has its page."""
    every = antiphon("show", "--json").document
    assert {"schedule", "inbox.ticket", "mastodon"} <= {one["name"] for one in every}
    for name in {one["name"] for one in every}:
        [page, *_] = antiphon("show", name, "--json").document
        assert page["sentence"], name
        assert page["plugin"], name


def test_show_options(antiphon: Line) -> None:
    """A component's page has every option with its type, default and meaning."""
    [page] = antiphon("show", "inbox.ticket", "--json").document
    options = {one["name"]: one for one in page["options"]}
    assert options["title"]["default"] == "required"
    assert options["priority"]["type"] == "low or normal or high or urgent"
    assert options["priority"]["default"] == "normal"


def test_show_connector(antiphon: Line) -> None:
    """A connector's page has what its network can do, and what it allows, with source and date."""
    [page] = antiphon("show", "mastodon", "--json").document
    assert {"publish", "reply", "read mentions"} <= set(page["abilities"])
    [longest] = [limit for limit in page["limits"] if limit["limit"] == "text.longest"]
    assert ("500 characters", "2026-07-02") == (longest["value"], longest["checked_on"])
    assert "mastodon/documentation" in longest["source"]

    text = antiphon("show", "mastodon").out
    assert "It can publish, reply" in text
    assert "checked on" in text


def test_show_unknown(antiphon: Line) -> None:
    """An unknown component is answered with the nearest known one."""
    assert "Did you mean `inbox.ticket`?" in antiphon("show", "inbox.tickt").err


def test_plugins(antiphon: Line, acting: Callable[[str], Told]) -> None:
    """A plugin.py of the workspace is listed as local, with what it brought and the words it adds."""
    document = antiphon("plugins", "list", "--json").document
    [local] = [one for one in document["plugins"] if one["plugin"] == "local"]
    assert {"kind": "actions", "name": "local.act"} in local["brought"]
    assert "greet" in document["words"]


def test_broken_plugin(antiphon: Line) -> None:
    """A plugin that cannot be imported is named, and the rest goes on."""
    antiphon.write("plugin.py", "raise RuntimeError('no')\n")
    told = antiphon("check")
    assert told.code == 0
    assert "Plugin local" in told.err
    assert antiphon("plugins", "list").code == 3


def test_stranger(antiphon: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that a plugin brings works like ours."""
    from typer.testing import CliRunner

    from antiphon.cli.app import cli

    antiphon.write("plugin.py", PLUGIN)
    monkeypatch.chdir(antiphon.folder)
    result = CliRunner().invoke(cli, ["greet", "Ana"])
    assert (result.exit_code, result.stdout) == (0, "Hello, Ana!\n")


def test_connections(antiphon: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection is listed with the names of its options only, and a check asks the network who we are."""
    monkeypatch.setenv("ANTIPHON_SECRET_BRAND", "wrong-token-of-ours")
    with Sandbox() as network:
        account = network.account("torrea", name="Torréa")
        antiphon.write("antiphon.toml", BRAND.replace("SERVER", network.url))
        assert antiphon("connections", "list", "--json").document == [
            {
                "connection": "brand",
                "connector": "mastodon",
                "known": True,
                "options": ["server", "token"],
                "stored": False,
            }
        ]
        dead = antiphon("connections", "check", "--json")
        assert (dead.code, dead.document[0]["works"]) == (3, False)
        assert "wrong-token-of-ours" not in dead.out + dead.err
        monkeypatch.setenv("ANTIPHON_SECRET_BRAND", account.token)
        alive = antiphon("connections", "check", "brand", "--json")
        assert (alive.code, alive.document[0]["works"]) == (0, True)
        assert account.token not in alive.out + alive.err


def test_missing_secret(antiphon: Line) -> None:
    """A secret that nobody has set is named, with what to do."""
    antiphon.write("antiphon.toml", BRAND.replace("SERVER", "https://social.example"))
    told = antiphon("connections", "check")
    assert told.code == 3
    assert "ANTIPHON_SECRET_BRAND" in told.out


def test_schema(antiphon: Line) -> None:
    """The schema is JSON with every component of the workspace, in a file or on standard output."""
    assert "inbox.ticket" in antiphon("schema").out
    assert antiphon("schema", "--out", "s.json").code == 0
    assert json.loads((antiphon.folder / "s.json").read_text()) == json.loads(antiphon("schema").out)


@pytest.mark.parametrize(("name", "beginning"), [("r.html", "<!doctype html>"), ("r.md", "# "), ("r.csv", "\ufeff")])
def test_report(antiphon: Line, name: str, beginning: str) -> None:
    """A report is written in the form that the file's ending names."""
    assert antiphon("report", "runs", "waiting", "--period", "24h", "--to", name).code == 0
    assert (antiphon.folder / name).read_text(encoding="utf-8").startswith(beginning)


def test_report_here(antiphon: Line) -> None:
    """Without a file the report is told here."""
    assert antiphon("report", "waiting").out.startswith("# My brand\n")
    assert [block["heading"] for block in antiphon("report", "waiting", "--json").document["blocks"]] == ["Waiting"]


@pytest.mark.parametrize("words", [["nothing"], ["--to", "r.pdf"], ["--period", "7"]])
def test_report_refused(antiphon: Line, words: list[str]) -> None:
    """An unknown section, form or period is the author's mistake."""
    assert antiphon("report", *words).code == 1


def test_database(antiphon: Line) -> None:
    """The database is made where the workspace keeps its data."""
    assert antiphon("db", "upgrade").code == 0
    assert Path(antiphon.folder, ".antiphon", "antiphon.db").is_file()


def test_worker_without_server(antiphon: Line) -> None:
    """A worker that has no server to work for says how to get one."""
    told = antiphon("worker")
    assert told.code == 3
    assert "api_url" in told.err


def test_plugins_check(antiphon: Line) -> None:
    """A connector is held to the contract, law by law; one without a bench is asked for one."""
    told = antiphon("plugins", "check", "mastodon", "--json")
    assert {"kept"} == {one["result"] for one in told.document}
    assert "mastodon keeps the contract" in told.err

    assert "Did you mean `mastodon`?" in antiphon("plugins", "check", "mastodn").err


@pytest.mark.parametrize("bench", ["nowhere:Bench", "antiphon.testing.clock:VirtualClock"])
def test_plugins_check_refused(antiphon: Line, bench: str) -> None:
    """What cannot be loaded, or is no bench, is refused with its name."""
    assert bench in antiphon("plugins", "check", "mastodon", "--bench", bench).err

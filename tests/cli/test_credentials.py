"""`antiphon connections add|remove|rekey`, `antiphon secrets` and `antiphon audit`."""

from __future__ import annotations

import getpass
import io
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.cli.exits import Exit
from antiphon.errors import SettingsError

from .conftest import Line, Told

ADD = ("connections", "add", "brand", "--connector", "mastodon", "--option", "server=social.example")
TOKEN = "tok-0a1b2c3d4e5f"
DOCUMENT = """
antiphon: 1
id: uses-{name}
name: Uses a connection
tz: UTC
triggers: [{{id: by_hand, manual: {{}}}}]
actions: [{{use: mastodon.post, with: {{connection: {name}, text: Hello}}}}]
"""

Give = Callable[[str], None]


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Give:
    """Put a text on standard input, which typer's runner would empty."""

    def put(text: str) -> None:
        monkeypatch.setattr("antiphon.cli.asking.sys", _System(io.StringIO(text)))

    return put


class _System:
    def __init__(self, stdin: io.StringIO) -> None:
        self.stdin = stdin
        self.stderr = sys.stderr


@pytest.fixture
def added(antiphon: Line, give: Give) -> Line:
    """A workspace with one stored connection."""
    give(TOKEN + "\n")
    assert antiphon(*ADD, "--secret-stdin").code == Exit.DONE
    return antiphon


def token(line: Line, name: str = "brand") -> Any:
    """The token that the connector is handed."""
    app = Antiphon.open(line.folder)
    try:
        return app.connections.connector(name).options.token.get_secret_value()
    finally:
        app.close()


def audited(line: Line) -> list[tuple[str, str]]:
    return [(one["what"], one["subject"]) for one in line("audit", "list", "--json").document]


def test_add(added: Line) -> None:
    """A stored connection is listed without a value, named in documents, and opened with its token."""
    told = added("connections", "list", "--json")
    assert {
        "connection": "brand",
        "connector": "mastodon",
        "known": True,
        "options": ["server", "token"],
        "stored": True,
    } in told.document
    assert "social.example" not in told.out
    assert TOKEN == token(added)
    added.write("workflows/uses.yaml", DOCUMENT.format(name="brand"))
    assert Exit.DONE == added("check").code
    added.write("workflows/uses.yaml", DOCUMENT.format(name="brend"))
    assert "There is no connection `brend`" in added("check").err + added("check").out
    assert [("connections add", "brand")] == audited(added)


def test_hidden_on_terminal(antiphon: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the token is asked for, and does not show."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("antiphon.cli.asking.sys", _System(Terminal()))
    monkeypatch.setattr(getpass, "getpass", lambda prompt, stream: f"{prompt}{TOKEN}".removeprefix("token: "))
    assert Exit.DONE == antiphon(*ADD).code
    assert TOKEN == token(antiphon)


@pytest.mark.parametrize(
    ("words", "given", "sentence"),
    [
        ((*ADD,), "", "There is no terminal to ask for token."),
        ((*ADD, "--secret-stdin"), "\n", "The value of token is empty."),
        (
            (*ADD, "--option", f"token={TOKEN}"),
            "",
            "`token` is a secret, which a command line does not keep to itself.",
        ),
        ((*ADD, "--secret", "server", "--secret-stdin"), TOKEN, "`server` is no secret option of mastodon."),
        ((*ADD, "--option", "sever=x", "--secret-stdin"), TOKEN, "This is no connection to mastodon: sever:"),
        ((*ADD, "--option", f"server=https://u:{TOKEN}@x", "--secret-stdin"), TOKEN, "is not the address of a server"),
        (("connections", "add", "b", "--connector", "mastodont"), "", "There is no connector `mastodont`."),
        (("connections", "add", "a b", "--connector", "mastodon"), "", "'a b' is no name of a connection."),
        (("secrets", "set", "a-b", "--secret-stdin"), TOKEN, "'a-b' is no name of a secret."),
        (("secrets", "remove", "shop"), "", "There is no stored secret `shop`."),
        (("connections", "remove", "brand"), "", "There is no stored connection `brand`."),
    ],
)
def test_refused(antiphon: Line, give: Give, words: tuple[str, ...], given: str, sentence: str) -> None:
    """What cannot be stored is refused without being shown, and nothing is stored."""
    give(given)
    told = antiphon(*words)
    assert Exit.AUTHOR == told.code
    assert sentence in told.err
    assert TOKEN not in told.out + told.err
    assert [] == antiphon("connections", "list", "--json").document
    assert [] == audited(antiphon)


def test_mark(antiphon: Line, give: Give) -> None:
    """A secret option may be the name of a secret, stored or from the environment; the environment goes first."""
    assert "antiphon secrets set brand" in antiphon(*ADD, "--option", "token=${{ secrets.brand }}").err
    give(TOKEN)
    assert Exit.DONE == antiphon("secrets", "set", "brand", "--secret-stdin").code
    assert Exit.DONE == antiphon(*ADD, "--option", "token=${{ secrets.brand }}").code
    assert TOKEN == token(antiphon)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANTIPHON_SECRET_BRAND", "from-the-environment")
        assert "from-the-environment" == token(antiphon)
        give(TOKEN)
        assert "goes before what is stored" in antiphon("secrets", "set", "brand", "--secret-stdin").err


def test_replace(added: Line, give: Give) -> None:
    """A stored connection is stored anew only when that is said."""
    give("tok-other")
    assert "Add --replace" in added(*ADD, "--secret-stdin").err
    assert Exit.DONE == added(*ADD, "--secret-stdin", "--replace").code
    assert "tok-other" == token(added)


def test_in_both(added: Line) -> None:
    """A name that is in antiphon.toml and stored is an error that names both; taking one away mends it."""
    added.write(
        "antiphon.toml", '[connections.brand]\nconnector = "mastodon"\nserver = "x.example"\ntoken = "inline-token"\n'
    )
    with pytest.raises(SettingsError, match=r"`brand` is both in antiphon.toml and stored.*connections remove brand"):
        token(added)
    told = added("connections", "check", "brand")
    assert Exit.OPERATOR == told.code
    assert "both in antiphon.toml and stored" in told.out
    assert "is in antiphon.toml" in added(*ADD, "--secret-stdin").err
    assert Exit.DONE == added("connections", "remove", "brand").code
    assert "inline-token" == token(added)


def test_remove(added: Line) -> None:
    """A removed connection is gone, and that is written down."""
    assert Exit.DONE == added("connections", "remove", "brand").code
    assert [] == added("connections", "list", "--json").document
    assert [("connections remove", "brand"), ("connections add", "brand")] == audited(added)


def test_rekey(added: Line) -> None:
    """A rekey makes another key, and the connection works as before."""
    key = added.folder / ".antiphon" / "key"
    before = key.read_text()
    assert {"sealed": 1} == added("connections", "rekey", "--json").document
    assert key.read_text() != before
    assert TOKEN == token(added)


def test_wrong_key(added: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong key is the operator's, and the way out is told."""
    (added.folder / ".antiphon" / "key").chmod(0o644)
    told = added("connections", "check", "brand")
    assert "chmod 600" in told.out
    (added.folder / ".antiphon" / "key").unlink()
    told = added("connections", "rekey")
    assert Exit.OPERATOR == told.code
    assert "Restore that key" in told.err


def test_check_without_database(antiphon: Line) -> None:
    """Looking for stored connections makes no database."""
    antiphon.write("workflows/uses.yaml", DOCUMENT.format(name="brand"))
    assert "There is no connection `brand`" in antiphon("check").err + antiphon("check").out
    assert [] == antiphon("connections", "list", "--json").document
    assert not (antiphon.folder / ".antiphon").exists()


def test_audit(added: Line, give: Give) -> None:
    """The audit lists who did what; verify tells the last hash, and finds what was cut off after it was kept."""
    give("value-of-shop")
    added("secrets", "set", "shop", "--secret-stdin")
    first, second = reversed(added("audit", "list", "--json").document)
    assert {"connector": "mastodon", "options": {"server": "social.example"}, "secret": ["token"]}.items() <= first[
        "after"
    ].items()
    assert "@" in first["who"]
    assert {"stored": True} == second["after"]
    verified = added("audit", "verify", "--json").document
    assert {"holds": True, "entries": 2, "head": second["hash"]} == verified
    with sqlite3.connect(added.folder / ".antiphon" / "antiphon.db") as database:
        database.execute("DELETE FROM audit WHERE number = 2")
    assert Exit.DONE == added("audit", "verify").code
    told: Told = added("audit", "verify", "--kept", verified["head"])
    assert Exit.PERSON == told.code
    assert "Broken: the entry whose hash was kept is not there any more." in told.out


def test_audit_tampered(added: Line) -> None:
    """A changed entry is named."""
    with sqlite3.connect(added.folder / ".antiphon" / "antiphon.db") as database:
        database.execute("UPDATE audit SET who = 'bob@desk'")
    told = added("audit", "verify", "--json")
    assert Exit.PERSON == told.code
    assert {"holds": False, "number": 1, "why": "entry 1 was changed"} == told.document

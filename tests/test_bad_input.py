"""Whatever is wrong, somebody gets a clear sentence, and nothing is half done."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.errors import AntiphonError, DocumentError, GiveUp, InputError, SecretMissing, SettingsError, StoreError
from antiphon.testing.clock import VirtualClock

GOOD = {
    "antiphon": 1,
    "id": "w",
    "name": "x",
    "tz": "UTC",
    "triggers": [{"id": "m", "manual": {}}],
    "actions": [{"use": "log", "with": {"message": "hello"}}],
}


@pytest.fixture
def make(tmp_path: Path, clock: VirtualClock) -> Callable[..., Antiphon]:
    """A workspace of some documents, each a mapping or the text of a file, with settings."""

    def made(*documents: Any, toml: str = "", plugin: str = "") -> Antiphon:
        (tmp_path / "workflows").mkdir(exist_ok=True)
        (tmp_path / "antiphon.toml").write_text(toml, encoding="utf-8")
        if plugin:
            (tmp_path / "plugin.py").write_text(plugin, encoding="utf-8")
        for n, document in enumerate(documents):
            text = document if isinstance(document, str) else json.dumps({**GOOD, **document})
            (tmp_path / "workflows" / f"{n}.yaml").write_text(text, encoding="utf-8")
        return Antiphon.open(tmp_path, clock=clock)

    return made


def told(app: Antiphon) -> str:
    return "\n".join(str(problem) for problem in app.compiled.problems)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("antiphon: 1\nid: [", "0.yaml:3:1: This is not YAML"),
        ("", "empty"),
        ("- a\n- b\n", "0.yaml:1"),
        ({"actions": [{"use": "lgo"}]}, "Did you mean `log`?"),
        ({"triggers": [{"id": "x", "evnt": {}}]}, "Did you mean `event`?"),
        ({"conditions": [{"weekdy": ["mon"]}]}, "Did you mean `weekday`?"),
        ({"actions": [{"call": "nobody"}]}, "There is no workflow `nobody`"),
        ({"actions": [{"call": "w"}]}, "call one another for ever"),
        ('{"antiphon": 1, "id": "w", "recipe": "nobody"}', "nobody"),
        ({"triggers": [{"id": "p", "poll": {"source": "feed.items", "with": {"connection": "nws"}}}]}, "nws"),
        ({"actions": [{"set": {"x": "${{ 9 ** 9 ** 9 }}"}}]}, "**"),
        ({"actions": [{"set": {"x": "${{ ''.__class__ }}"}}]}, "__class__"),
        ({"actions": [{"set": {"x": "${{ " + "(" * 3000 + " }}"}}]}, "0.yaml"),
        ({"actions": [{"set": {"x": "${{ 1 " + "+ 1 " * 5000 + "}}"}}]}, "0.yaml"),
    ],
)  # fmt: skip
def test_documents(make: Callable[..., Antiphon], document: Any, words: str) -> None:
    """A broken document is told with its place, and cannot be started; the database is not even opened."""
    app = make(document)

    assert words in told(app)
    with pytest.raises(DocumentError):
        app.start("w")
    assert not (app.settings.folder / ".antiphon").exists()


def test_huge_document(make: Callable[..., Antiphon]) -> None:
    """Fifty megabytes are refused by their size, before they are read."""
    app = make("x: " + "a" * 50_000_000)
    begin = time.process_time()

    assert "large" in told(app) or "MiB" in told(app)
    assert time.process_time() - begin < 1


def test_laughs(make: Callable[..., Antiphon]) -> None:
    """A document that unfolds into billions is refused."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    assert "0.yaml" in told(make("\n".join(lines)))


def test_cyclic_recipe(make: Callable[..., Antiphon], tmp_path: Path) -> None:
    """A recipe that unfolds itself is told with the chain."""
    (tmp_path / "recipes").mkdir()
    for name, other in (("one", "two"), ("two", "one")):
        body = {"antiphon": 1, "recipe": name, "version": "1.0.0", "name": name, "workflow": {"recipe": other}}
        (tmp_path / "recipes" / f"{name}.yaml").write_text(json.dumps(body), encoding="utf-8")
    app = make(json.dumps({"antiphon": 1, "id": "w", "recipe": "one"}))

    assert "one → two → one" in told(app) or "one" in told(app)
    assert app.compiled.problems


@pytest.mark.parametrize(
    "text", ["${{ 'x' * 10000000000 }}", "${{ event.big + event.big + event.big }}", "${{ [0] * 99999999 }}"]
)
def test_bombs(make: Callable[..., Antiphon], text: str) -> None:
    """An expression that would take all memory is refused, or fails its run in words."""
    app = make({"actions": [{"set": {"x": text}}]})
    if app.compiled.problems:
        return
    activation = app.plan("w", events=[_event({"big": "x" * 150_000})])

    assert "failed" == activation.runs[0].state
    assert activation.runs[0].because
    app.close()


def _event(data: dict[str, Any]) -> Any:
    from datetime import UTC, datetime

    from antiphon import Event

    return Event("e", "a.b", datetime(2026, 3, 2, tzinfo=UTC), data)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/at/all/x.db", "cannot be opened"),
        ("sqlite:///{folder}", "cannot be opened"),
        ("sqlite:///{folder}/antiphon.toml", "is not a SQLite database"),
        ("postgresql://nobody:canary@127.0.0.1:1/x", "cannot be reached"),
        ("nosuch://x", "nosuch"),
        ("not an address", "address"),
    ],
)
def test_database(make: Callable[..., Antiphon], tmp_path: Path, url: str, words: str) -> None:
    """A database that is not there, or none, is told in words, without its password."""
    app = make({}, toml=f'[database]\nurl = "{url.format(folder=tmp_path)}"\n')
    with pytest.raises((StoreError, SettingsError)) as caught:
        app.start("w")

    assert words in str(caught.value)
    assert "canary" not in str(caught.value)
    assert "sqlalche.me" not in str(caught.value)


HOOK = {"id": "form", "webhook": {"path": "lead", "auth": {"hmac": "${{ secrets.form }}"}}}


def test_webhooks(make: Callable[..., Antiphon], monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is not trusted, or not to be read, is refused in words and leaves nothing behind."""
    monkeypatch.setenv("ANTIPHON_SECRET_FORM", "s3cret")
    app = make({"triggers": [HOOK]})
    body = b'{"a": 1}'
    sign = "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    torn = hmac.new(b"s3cret", b"{", hashlib.sha256).hexdigest()
    refused: list[tuple[str, dict[str, str], bytes, str]] = [
        ("lead", {"X-Signature-256": "sha256=" + "0" * 64}, body, "does not fit the body"),
        ("lead", {}, body, "X-Signature-256 is missing"),
        ("lead", {"X-Signature-256": sign}, body + b" ", "does not fit the body"),
        ("lead", {"X-Signature-256": f"sha256={torn}"}, b"{", "neither JSON nor a form"),
        ("nowhere", {}, body, "No enabled workflow"),
    ]
    for path, headers, content, words in refused:
        with pytest.raises(InputError, match=words):
            app.receive(path, headers, content)
    assert [] == list(app.store.events.list())
    assert "webhook.received" == app.receive("lead", {"X-Signature-256": sign}, body).type
    app.close()


def test_webhook_without_its_secret(make: Callable[..., Antiphon], monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook whose secret is not set trusts nobody, and says which secret is missing."""
    monkeypatch.delenv("ANTIPHON_SECRET_FORM", raising=False)
    app = make({"triggers": [HOOK]})
    with pytest.raises(SecretMissing, match="ANTIPHON_SECRET_FORM"):
        app.receive("lead", {"X-Signature-256": "x"}, b"{}")
    app.close()


class _Nonsense(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html><body>Not a feed</body></html>")

    def log_message(self, format: str, *args: Any) -> None: ...


def test_feed_that_is_none(make: Callable[..., Antiphon]) -> None:
    """An address that gives no feed is told in words, and the poll begins anew next time."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Nonsense)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_port}"
    toml = f'[http]\nallow_private = ["{address}"]\n[connections.news]\nconnector = "feed"\nurl = "http://{address}/"\n'
    app = make({"triggers": [{"id": "p", "poll": {"source": "feed.items", "with": {"connection": "news"}}}]}, toml=toml)
    try:
        with pytest.raises(GiveUp) as caught:
            app.wake("w", "p")
        assert "feed" in str(caught.value).lower()
        assert app.position("w", "p") is None
    finally:
        server.shutdown()
        server.server_close()
        app.close()


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[connections.brand]\nconnector = "mastodn"\n', "Did you mean `mastodon`?"),
        ('[connections.brand]\nconnector = "mastodon"\n', "server"),
        (
            '[connections.brand]\nconnector = "mastodon"\nserver = "https://example.social"\n'
            'access_token = "${{ secrets.brand_token }}"\ntoken = "${{ secrets.brand_token }}"\n',
            "ANTIPHON_SECRET_BRAND_TOKEN",
        ),
    ],
)
def test_connections(make: Callable[..., Antiphon], toml: str, words: str) -> None:
    """A connection of an unknown network, without its options, or without its secret, is told where it is used."""
    with pytest.raises(AntiphonError) as caught:
        make({}, toml=toml).connections.connector("brand")

    assert words in str(caught.value)
    assert "brand" in str(caught.value)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("import nosuchmodule\n", "nosuchmodule"),
        ("raise SystemExit(3)\n", "SystemExit"),
        ("from antiphon import hookimpl\n@hookimpl\ndef register_actoins(): return []\n", "register_actions"),
        ("from antiphon import hookimpl\n@hookimpl\ndef register_actions(): return [7]\n", "7 is not a named action"),
        ("from antiphon import hookimpl\n@hookimpl\ndef register_filters(): return ['f']\n", "is not a filter"),
        ("from antiphon import hookimpl\n@hookimpl\ndef register_pages(): return [1]\n", "is not a web page"),
        ("from antiphon import hookimpl\n@hookimpl\ndef register_recipes(): return ['x']\n", "is not a folder"),
        ("from antiphon import hookimpl\n@hookimpl\ndef register_recipes(): return 1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_plugins(make: Callable[..., Antiphon], code: str, words: str) -> None:
    """A broken plugin.py costs one problem that names it; everything else works."""
    app = make({}, plugin=code)

    [problem] = app.registry.catalogue.problems
    assert words in str(problem)
    assert "local" in str(problem)
    assert ["w"] == list(app.programs)


def test_calls(make: Callable[..., Antiphon]) -> None:
    """What is asked of a workflow or run that is not there is answered with those that are."""
    app = make({})
    asks: list[tuple[Callable[[], Any], str]] = [
        (lambda: app.start("nobody"), "The workflows here are: w"),
        (lambda: app.plan("nobody"), "There is no workflow `nobody`"),
        (lambda: app.wake("w", "nobody"), "It has m."),
        (lambda: app.ticks("w", "nobody", app.clock.now(), 1), "It has m."),
        (lambda: app.resume("nobody"), "There is no run nobody"),
        (lambda: app.start("w", inputs={"nobody": 1}), "There is no input `nobody`"),
    ]
    for ask, words in asks:
        with pytest.raises(InputError, match=words):
            ask()
    assert [] == list(app.store.runs.list())
    app.close()

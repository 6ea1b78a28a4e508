"""The request against a real server on the loopback that keeps what it is sent and answers as the path asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from antiphon.builtins.http_request import HttpRequest, HttpRequestOptions
from antiphon.components.context import Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.errors import GiveUp, SecretMissing
from antiphon.model.effect import Disconnected, Done, Effect, Outcome, RateLimited, Rejected, Unknown
from antiphon.testing.clock import VirtualClock

MakeContext = Callable[..., ReadContext]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECRETS = {"shop": "s3cret/value", "broken": "two\nlines"}


class Server(ThreadingHTTPServer):
    """Answers `/status/N` with N, `/echo` with what it was sent, `/cut` with nothing, others with text."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = {"method": self.command, "path": self.path, "headers": headers, "body": body}
        cast(Server, self.server).requests.append(seen)
        if self.path.startswith("/cut"):
            self.close_connection = True
            return
        status = int(self.path.partition("?")[0].partition("/status/")[2] or 200)
        answer = {"/text": b"hello", "/large": b"x" * 200_000, "/false": b"{oops"}.get(self.path)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if self.path in ("/text", "/large") else "application/json")
        self.send_header("Set-Cookie", "session=abc")
        self.send_header("X-RateLimit-Remaining", "9")
        self.end_headers()
        if status != 204 and self.command != "HEAD":
            self.wfile.write(json.dumps(seen).encode() if answer is None else answer)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815  the server's names

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def server(running: Server) -> Server:
    running.requests.clear()
    return running


def reveal(value: Any) -> Any:
    """Put the secrets above in the place of their marks."""
    match value:
        case str():
            if "secrets.unknown" in value:
                raise SecretMissing("unknown")
            for name, secret in SECRETS.items():
                value = value.replace(f"${{{{ secrets.{name} }}}}", secret)
            return value
        case dict():
            return {key: reveal(item) for key, item in value.items()}
        case list():
            return [reveal(item) for item in value]
    return value


def performing(*allowed: str) -> PerformContext:
    nothing = cast(Any, None)
    return PerformContext(
        here=Here(workflow="guard", run="run-1", step="call", timezone=ZoneInfo("UTC"), live=True),
        clock=VirtualClock(NOW),
        connections=nothing,
        http=Http(allow_private=frozenset(allowed), timeout=2.0),
        events=nothing,
        records=nothing,
        people=nothing,
        reports=nothing,
        brakes=nothing,
        claimed_at=NOW,
        made=lambda remote_id: False,
        reveal=reveal,
    )


Call = Callable[..., tuple[Effect, Outcome]]


@pytest.fixture
def call(context: MakeContext, server: Server) -> Call:
    """Plans and performs a request to a path of the server."""

    def make(path: str, **options: Any) -> tuple[Effect, Outcome]:
        effect = HttpRequest().plan(HttpRequestOptions.model_validate({"url": server.url + path, **options}), context())
        stored = Effect.model_validate_json(effect.model_dump_json())
        return effect, HttpRequest().perform(stored, performing("127.0.0.1"))

    return make


def data(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Done), outcome
    return outcome.receipt.data


def test_get(call: Call) -> None:
    """A request with nothing to send is a GET, and its JSON is the step's."""
    effect, outcome = call("/echo?a=1", query={"q": "é &", "n": 2}, headers={"X-Tag": "t"})
    seen = data(outcome)["json"]
    assert (seen["method"], seen["path"]) == ("GET", "/echo?a=1&q=%C3%A9+%26&n=2")
    assert seen["headers"]["x-tag"] == "t"
    assert (data(outcome)["status"], effect.idempotency) == (200, "native")
    assert effect.summary.startswith("GET http://127.0.0.1")
    assert "?" not in effect.summary


@pytest.mark.parametrize(
    ("sent", "kind", "body"),
    [
        ({"json": {"a": [1, "é"]}}, "application/json", '{"a":[1,"é"]}'),
        ({"form": {"a": "1", "b": "é"}}, "application/x-www-form-urlencoded", "a=1&b=%C3%A9"),
        ({"body": "as it stands"}, None, "as it stands"),
    ],
)
def test_post(sent: dict[str, Any], kind: str | None, body: str, call: Call) -> None:
    """A request with something to send is a POST of that; nobody may repeat it unasked."""
    effect, outcome = call("/echo", **sent)
    seen = data(outcome)["json"]
    assert (seen["method"], seen["headers"].get("content-type"), seen["body"]) == ("POST", kind, body)
    assert effect.idempotency == "none"


def test_own_key(call: Call) -> None:
    """A POST that brings its own key may be repeated."""
    effect, _ = call("/echo", json={}, headers={"idempotency-key": "k-1"})
    assert effect.idempotency == "native"


def test_secret_is_sent_and_not_kept(call: Call, server: Server) -> None:
    """A secret reaches the network and nothing else: not the effect, and not the receipt of a server that echoes it."""
    headers = {"Authorization": "Bearer ${{ secrets.shop }}"}
    effect, outcome = call("/echo?key=${{ secrets.shop }}", json={"also": "${{ secrets.shop }}"}, headers=headers)
    [seen] = server.requests
    assert seen["headers"]["authorization"] == "Bearer s3cret/value"
    assert json.loads(seen["body"]) == {"also": "s3cret/value"}
    assert "s3cret" in seen["path"]
    kept = effect.model_dump_json() + json.dumps(data(outcome))
    assert "s3cret" not in kept
    assert data(outcome)["json"]["headers"]["authorization"] == "Bearer [concealed]"


def test_secret_address(context: MakeContext, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address may be a secret as a whole; a refusal does not show it."""
    monkeypatch.setitem(SECRETS, "hook", f"{server.url}/status/404?token=hidden")
    effect = HttpRequest().plan(HttpRequestOptions(url="${{ secrets.hook }}", json_={"text": "hi"}), context())
    outcome = HttpRequest().perform(effect, performing("127.0.0.1"))
    assert isinstance(outcome, Rejected)
    assert server.requests[0]["path"] == "/status/404?token=hidden"
    assert "hidden" not in repr(outcome)


@pytest.mark.parametrize("secret", ["not an address", "ftp://127.0.0.1/x", "http://[", "http://127.0.0.1:99999/", ""])
def test_secret_that_is_no_address(secret: str, context: MakeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that turns out to be no address sends nothing, says so, and is not shown."""
    monkeypatch.setitem(SECRETS, "hook", secret)
    effect = HttpRequest().plan(HttpRequestOptions(url="${{ secrets.hook }}"), context())
    outcome = HttpRequest().perform(effect, performing("127.0.0.1"))
    assert isinstance(outcome, Rejected | Disconnected)
    assert not secret or secret not in outcome.reason


def test_secret_that_breaks_a_header(call: Call, server: Server) -> None:
    """A secret that would break the line is not sent, and not shown."""
    _, outcome = call("/echo", headers={"Authorization": "${{ secrets.broken }}"})
    assert isinstance(outcome, Rejected | Disconnected)
    assert "lines" not in outcome.reason
    assert server.requests == []


def test_missing_secret(call: Call, server: Server) -> None:
    """A secret that is not set sends nothing and says which it is."""
    with pytest.raises(SecretMissing, match="'unknown' is not set"):
        call("/echo", headers={"Authorization": "${{ secrets.unknown }}"})
    assert server.requests == []


@pytest.mark.parametrize(
    ("path", "options", "outcome"),
    [
        ("/status/201", {"json": {}}, Done),
        ("/status/204", {"method": "DELETE"}, Done),
        ("/status/404", {}, Rejected),
        ("/status/404", {"expect": [200, 404]}, Done),
        ("/status/401", {"json": {}}, Rejected),
        ("/status/422", {"json": {}}, Rejected),
        ("/status/429", {"json": {}}, RateLimited),
        ("/status/500", {"json": {}}, Unknown),
        ("/status/201", {"expect": [200]}, Rejected),
        ("/status/201", {"json": {}, "expect": [200]}, Unknown),
        ("/cut", {"json": {}}, Unknown),
    ],
)
def test_outcome(path: str, options: dict[str, Any], outcome: type[Outcome], call: Call) -> None:
    """The status tells what became of it; what may have been done and is not told is unknown. `expect` widens it."""
    assert type(call(path, **options)[1]) is outcome


def test_private_address(context: MakeContext, server: Server) -> None:
    """An address inside is refused before anything is sent, unless the workspace allows it."""
    effect = HttpRequest().plan(HttpRequestOptions(url=f"{server.url}/echo"), context())
    outcome = HttpRequest().perform(effect, performing())
    assert isinstance(outcome, Disconnected)
    assert server.requests == []


def test_nobody_there(context: MakeContext) -> None:
    """A refused connection is known not to have done anything."""
    effect = HttpRequest().plan(HttpRequestOptions(url="http://127.0.0.1:1/", json_={}), context())
    assert isinstance(HttpRequest().perform(effect, performing("127.0.0.1")), Disconnected)


def test_text(call: Call) -> None:
    """What is no JSON is text, cut at a hundred thousand characters; cookies are not kept."""
    result = data(call("/text")[1])
    assert (result["text"], result["truncated"]) == ("hello", False)
    assert "set-cookie" not in result["headers"]
    assert data(call("/false")[1])["text"] == "{oops"
    large = data(call("/large")[1])
    assert (len(large["text"]), large["truncated"]) == (100_000, True)


def test_receipt(call: Call) -> None:
    """The receipt has the time of the run's clock, the hash of what was sent, and the limits that were told."""
    outcomes = [call("/echo", json={"a": number})[1] for number in (1, 1, 2)]
    receipts = [outcome.receipt for outcome in outcomes if isinstance(outcome, Done)]
    assert receipts[0].at == NOW
    assert receipts[0].rate == {"remaining": "9"}
    assert receipts[0].payload_hash == receipts[1].payload_hash != receipts[2].payload_hash


@pytest.mark.parametrize(("options", "repeatable"), [({}, True), ({"method": "PUT"}, True), ({"json": {}}, False)])
def test_reconcile(options: dict[str, Any], repeatable: bool, context: MakeContext) -> None:
    """After an unknown outcome only what may be repeated without harm is."""
    effect = HttpRequest().plan(HttpRequestOptions(url="https://example.org", **options), context())
    assert (HttpRequest().reconcile(effect, performing()) is None) is repeatable


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"url": "example.org/x"}, "is not an address of the web"),
        ({"url": "file:///etc/passwd"}, "is not an address of the web"),
        ({"url": "http://["}, "is not an address of the web"),
        ({"url": "https://ana:pw@example.org/"}, "The address on example.org holds a user name"),
        ({"url": "https://example.org", "headers": {"X-A": "1\r\nX-B: 2"}}, "cannot be sent as a header"),
        ({"url": "https://example.org", "headers": {"X A": "1"}}, "cannot be sent as a header"),
        ({"url": "https://example.org", "headers": {"authorization": "Bearer abc"}}, "holds its secret openly"),
    ],
)
def test_refused_plan(options: dict[str, Any], sentence: str, context: MakeContext) -> None:
    """What no server would take, and what would keep a secret for all to see, is refused while planning."""
    with pytest.raises(GiveUp, match=sentence):
        HttpRequest().plan(HttpRequestOptions.model_validate(options), context())


def test_one_body() -> None:
    """A request has one kind of body."""
    with pytest.raises(ValidationError, match="this one has json and form"):
        HttpRequestOptions.model_validate({"url": "https://example.org", "json": {}, "form": {}})

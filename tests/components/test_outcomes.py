from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.components.http import Http
from antiphon.components.outcomes import (
    attempt,
    error_name,
    free_at,
    outcome_of,
    payload_hash,
    rates,
    reason,
    shown,
    trouble_of,
)
from antiphon.errors import AccessLost, GiveUp, RetryLater
from antiphon.model.effect import AuthDead, Disconnected, Done, Outcome, RateLimited, Receipt, Rejected, Unknown
from antiphon.testing.clock import VirtualClock

if TYPE_CHECKING:
    from tests.components.conftest import TinyServer

Start = Callable[[], "TinyServer"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def answered(status: int, body: str = "", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = httpx.Request("POST", "https://net.example/api")
    return httpx.Response(status, text=body, headers=named, request=request)


def done(answer: httpx.Response) -> Receipt:
    return Receipt(remote_id=answer.json()["id"], at=NOW)


def written(status: int, body: str = "", **headers: str) -> Outcome:
    return outcome_of(answered(status, body, **headers), done, VirtualClock(NOW))


def test_done() -> None:
    """A good answer is a receipt."""
    assert written(200, '{"id": "7"}') == Done(Receipt(remote_id="7", at=NOW))


@pytest.mark.parametrize("body", ['{"error": "no"}', "<html>Wait</html>", '{"id": ', "", "[]", '"7"', "null"])
def test_good_status_bad_body(body: str) -> None:
    """A good status with a body that is no proof leaves it unknown."""
    assert isinstance(written(200, body), Unknown)


def test_refused() -> None:
    """A refusal is told in the network's words."""
    assert written(422, '{"error": "Text is too long"}') == Rejected("net.example said no (422): Text is too long")


def test_unauthorized() -> None:
    """401 means that the credentials are dead, for every effect of the connection."""
    assert written(401, '{"error": "The access token is invalid"}') == AuthDead(
        "net.example does not accept the credentials: The access token is invalid"
    )


def test_forbidden() -> None:
    """403 is a refusal of this one act."""
    assert isinstance(written(403, '{"error": "This action is outside the authorized scopes"}'), Rejected)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 302, 303])
def test_cannot_tell(status: int) -> None:
    """An answer that does not say whether it was done leaves it unknown."""
    assert isinstance(written(status), Unknown)


@pytest.mark.parametrize("status", [301, 307, 308])
def test_moved(status: int) -> None:
    """A server that has moved did nothing, and the new address is what to write."""
    assert written(status, location="https://new.example/") == Rejected(
        "net.example has moved, and did nothing.", fix="Write https://new.example/ in its place."
    )


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({}, NOW + timedelta(seconds=60)),
        ({"Retry_After": "7"}, NOW + timedelta(seconds=7)),
        ({"Retry_After": "Mon, 02 Mar 2026 09:05:00 GMT"}, NOW + timedelta(minutes=5)),
        ({"X_RateLimit_Reset": "2026-03-02T09:05:00.000Z"}, NOW + timedelta(minutes=5)),
        ({"X_RateLimit_Reset": str(int(NOW.timestamp()) + 90)}, NOW + timedelta(seconds=90)),
        ({"RateLimit_Reset": str(int(NOW.timestamp()) + 90)}, NOW + timedelta(seconds=90)),
        ({"RateLimit_Reset": "90"}, NOW + timedelta(seconds=90)),
        ({"Retry_After": "7", "X_RateLimit_Reset": "2026-03-02T09:05:00Z"}, NOW + timedelta(seconds=7)),
        ({"X_RateLimit_Reset": "2020-01-01T00:00:00Z"}, NOW + timedelta(seconds=1)),
        ({"Retry_After": "999999999999999"}, NOW + timedelta(days=1)),
        ({"Retry_After": "soon", "X_RateLimit_Reset": "later"}, NOW + timedelta(seconds=60)),
    ],
)
def test_rate_limited(headers: dict[str, str], until: datetime) -> None:
    """429 tells when to come back, by any of the headers in use, between a second and a day from now."""
    assert written(429, **headers) == RateLimited(until=until)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_header(after: str, reset: str) -> None:
    """Whatever the headers say, the answer is a time from a second to a day ahead."""
    answer = answered(429)
    answer.headers = httpx.Headers([(b"retry-after", after.encode()), (b"x-ratelimit-reset", reset.encode())])
    assert NOW + timedelta(seconds=1) <= free_at(answer, NOW) <= NOW + timedelta(days=1)


def post(http: Http, url: str) -> Outcome:
    return outcome_of(attempt(lambda: http.client().post(url, data={"a": "b"})), done, VirtualClock(NOW))


def loopback(**limits: float) -> Http:
    return Http(allow_private=frozenset({"127.0.0.1"}), **limits)  # type: ignore[arg-type]


def test_refused_connection() -> None:
    """A connection that nobody takes: never sent."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcome = post(loopback(), f"http://127.0.0.1:{port}/")
    assert isinstance(outcome, Disconnected)
    assert outcome.reason.startswith("No connection to 127.0.0.1: ")


def test_unknown_name() -> None:
    """A name that nobody knows: never sent."""
    assert post(Http(), "http://nobody.invalid/") == Disconnected(
        "No connection to nobody.invalid: the name nobody.invalid is not known."
    )


def test_private_write() -> None:
    """A private address: never sent."""
    assert post(Http(), "http://127.0.0.1/") == Disconnected("No connection to 127.0.0.1: 127.0.0.1 is this machine.")


def test_no_tls(tiny_server: Start) -> None:
    """A server that does not speak TLS: never sent."""
    server = tiny_server()
    outcome = post(loopback(), f"https://127.0.0.1:{server.port}/")
    assert isinstance(outcome, Disconnected)


def test_no_answer(tiny_server: Start) -> None:
    """A server that takes the request and says nothing: unknown."""
    server = tiny_server()
    server.paths["/"] = lambda client: time.sleep(1)
    assert post(loopback(timeout=0.1), f"{server.url}/") == Unknown(
        "127.0.0.1 did not answer in time. The request had left by then."
    )


def test_reset(tiny_server: Start) -> None:
    """A server that takes the request and hangs up: unknown."""
    server = tiny_server()

    def reset(client: socket.socket) -> None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    server.paths["/"] = reset
    assert post(loopback(), f"{server.url}/") == Unknown(
        "127.0.0.1 broke the connection off. The request had left by then."
    )


def test_half_an_answer(tiny_server: Start) -> None:
    """An answer that breaks off: unknown."""
    server = tiny_server()
    server.paths["/"] = b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": "7"}'
    assert isinstance(post(loopback(), f"{server.url}/"), Unknown)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(200, None), (206, None), (304, None), (400, GiveUp), (401, AccessLost), (403, GiveUp), (404, GiveUp),
     (410, GiveUp),
     (408, RetryLater), (425, RetryLater), (429, RetryLater), (500, RetryLater), (503, RetryLater)],
)  # fmt: skip
def test_reads(status: int, wanted: type[Exception] | None) -> None:
    """A read that may do later is tried again; one that will not is given up."""
    trouble = trouble_of(answered(status, '{"error": "so it is"}'), VirtualClock(NOW))
    assert (trouble and type(trouble)) == wanted


def test_patience() -> None:
    """A read waits as long as the network asks for."""
    trouble = trouble_of(answered(503, retry_after="120"), VirtualClock(NOW))
    assert isinstance(trouble, RetryLater)
    assert trouble.after == timedelta(minutes=2)


def read(http: Http, url: str) -> Exception | None:
    return trouble_of(attempt(lambda: http.client().get(url)), VirtualClock(NOW))


def test_private_read() -> None:
    """A private address is given up, and the hint tells how to allow it."""
    trouble = read(Http(), "http://127.0.0.1/")
    assert isinstance(trouble, GiveUp)
    assert str(trouble) == (
        "No connection to 127.0.0.1: 127.0.0.1 is this machine. "
        "If that is meant, add it to allow_private in antiphon.toml."
    )


def test_unreachable_read() -> None:
    """A name that is not known may be known later."""
    assert isinstance(read(Http(), "http://nobody.invalid/"), RetryLater)


def test_wrong_scheme_read() -> None:
    """An address of another kind is given up."""
    assert isinstance(read(Http(), "ftp://example.org/"), GiveUp)


def test_redirect_loop_read(tiny_server: Start) -> None:
    """A circle of redirects is given up."""
    server = tiny_server()
    server.redirect("/", "/")
    assert isinstance(read(loopback(), f"{server.url}/"), GiveUp)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"error": "Record not found"}', "Record not found"),
        ('{"error": {"message": "Nested"}}', "Nested"),
        ('{"error": "a\\n\\u001b[31mb"}', "a [31mb"),
        ('{"message": "Other"}', "Other"),
        (
            '{"error": "InvalidToken", "message": "Token could not be verified"}',
            "Token could not be verified (InvalidToken)",
        ),
        ('{"error": "invalid_grant", "error_description": "Gone"}', "Gone (invalid_grant)"),
        ('{"error": "Forbidden"}', "Forbidden"),
        ('{"error": 7}', "Not Found"),
        ("<html>", "Not Found"),
        ("[]", "Not Found"),
    ],
)
def test_reason(body: str, said: str) -> None:
    """The words of a refusal are taken from wherever networks put them, on one line and without control characters."""
    assert reason(answered(404, body)) == said


def test_long_reason() -> None:
    """A refusal that goes on and on is cut."""
    assert len(reason(answered(400, f'{{"error": "{"x" * 5000}"}}'))) == 300


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (400, '{"error": "ExpiredToken", "message": "Token has expired"}', "ExpiredToken"),
        (400, '{"error": "Token has expired"}', ""),
        (200, '{"error": "ExpiredToken"}', ""),
        (400, "[]", ""),
        (400, '{"error": ', ""),
    ],
)
def test_error_name(status: int, body: str, name: str) -> None:
    """A refusal may have a name, which is one word."""
    assert error_name(answered(status, body)) == name


def test_shown() -> None:
    """What came instead is shown by its kind and its first words."""
    assert (
        shown(answered(200, "<html>\n<p>Wait", content_type="text/html; charset=utf-8"))
        == "text/html, “<html> <p>Wait”"
    )


def test_rates() -> None:
    """What an answer says of the rate limit is kept."""
    told = {"limit": "300", "remaining": "299"}
    assert told == rates(answered(200, X_RateLimit_Limit="300", X_RateLimit_Remaining="299"))
    assert told == rates(answered(200, RateLimit_Limit="300", RateLimit_Remaining="299"))


def test_payload_hash() -> None:
    """Equal contents have equal hashes, in whatever order they are written; others have others."""
    assert payload_hash({"a": 1, "b": "é"}) == payload_hash({"b": "é", "a": 1})
    assert payload_hash({"a": 1}) != payload_hash({"a": "1"})

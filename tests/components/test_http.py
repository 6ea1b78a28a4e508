from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from antiphon.components.http import Http
from antiphon.components.wire import DeadlinePassed, InsecureRedirect, PrivateAddress, TooLarge, _next

if TYPE_CHECKING:
    from tests.components.conftest import TinyServer

Start = Callable[[], "TinyServer"]


def allowing(*servers: TinyServer, **limits: Any) -> httpx.Client:
    return Http(allow_private=frozenset(server.host for server in servers), **limits).client()


def test_allowed(tiny_server: Start) -> None:
    """A host with its port in allow_private answers."""
    server = tiny_server()
    server.answer("/", b"hello")
    assert allowing(server).get(f"{server.url}/").text == "hello"


def test_host_allowed(tiny_server: Start) -> None:
    """A host alone in allow_private is allowed on any port."""
    server = tiny_server()
    server.answer("/", b"hello")
    client = Http(allow_private=frozenset({"LocalHost"})).client()
    assert client.get(f"http://localhost:{server.port}/").text == "hello"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
def test_private_refused(tiny_server: Start, host: str) -> None:
    """However this machine is spelt, it is refused before a byte is sent."""
    server = tiny_server()
    with pytest.raises(PrivateAddress):
        Http().client().get(f"http://{host}:{server.port}/")
    assert server.heard == []


def test_port_matters(tiny_server: Start) -> None:
    """Allowing one port of a host allows no other."""
    one, other = tiny_server(), tiny_server()
    with pytest.raises(PrivateAddress):
        allowing(one).get(other.url)


def test_redirect_inside(tiny_server: Start) -> None:
    """A redirect to a private address is refused like a first request to it."""
    one, other = tiny_server(), tiny_server()
    one.redirect("/", f"{other.url}/metadata")
    with pytest.raises(PrivateAddress):
        allowing(one).get(f"{one.url}/")
    assert other.heard == []


def test_rebinding(tiny_server: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is resolved once: one that is public first and private afterwards never gets us inside."""
    server, asked = tiny_server(), []
    real = socket.getaddrinfo

    def rebinding(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *rest, **named)
        asked.append(host)
        address = "203.0.113.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("antiphon.components.wire.inside", lambda address: "" if address == "203.0.113.1" else "inside")
    connected: list[str] = []

    def connect(address: tuple[str, int], *rest: Any, **named: Any) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError("nothing there")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(httpx.ConnectError):
        Http().client().get(f"http://rebind.example:{server.port}/")
    assert (asked, connected) == (["rebind.example"], ["203.0.113.1"])


def test_one_private_address_spoils_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a public and a private address is refused whole."""
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *rest, **named: entries)
    with pytest.raises(PrivateAddress, match=r"mixed.example leads to 10\.0\.0\.1, which is a private network"):
        Http().client().get("http://mixed.example/")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "file:///etc/passwd", "gopher://127.0.0.1/"])
def test_only_http(url: str) -> None:
    """Nothing but http and https is spoken."""
    with pytest.raises(httpx.UnsupportedProtocol):
        Http(allow_private=frozenset({"127.0.0.1"})).client().get(url)


def test_redirect_to_file(tiny_server: Start) -> None:
    """A redirect leads to http and https only."""
    server = tiny_server()
    server.redirect("/", "file:///etc/passwd")
    with pytest.raises(httpx.HTTPError):
        allowing(server).get(f"{server.url}/")


def test_five_redirects(tiny_server: Start) -> None:
    """Five redirects are followed."""
    server = tiny_server()
    for step in range(5):
        server.redirect(f"/{step}", f"/{step + 1}")
    server.answer("/5", b"there")
    assert allowing(server).get(f"{server.url}/0").text == "there"


def test_six_redirects(tiny_server: Start) -> None:
    """A sixth redirect is not."""
    server = tiny_server()
    server.redirect("/", "/")
    with pytest.raises(httpx.TooManyRedirects):
        allowing(server).get(f"{server.url}/")
    assert len(server.heard) == 6


def test_writes_are_not_redirected(tiny_server: Start) -> None:
    """A POST is never sent on: the redirect is the answer."""
    server = tiny_server()
    server.redirect("/", "/elsewhere", "307 Temporary Redirect")
    assert allowing(server).post(f"{server.url}/", data={"a": "b"}).status_code == 307
    assert len(server.heard) == 1


@pytest.mark.parametrize("header", ["Authorization", "X-Api-Key", "PRIVATE-TOKEN"])
def test_secrets_stay(tiny_server: Start, header: str) -> None:
    """What proves who we are goes on within a host, and not to another one."""
    one, other = tiny_server(), tiny_server()
    one.redirect("/", "/same")
    one.redirect("/same", f"{other.url}/other")
    other.answer("/other", b"hello")
    allowing(one, other).get(f"{one.url}/", headers={header: "s3cret"})
    seen = [heard.headers.get(header.lower()) for heard in (*one.heard, *other.heard)]
    assert seen == ["s3cret", "s3cret", None]


def test_signing_stays(tiny_server: Start) -> None:
    """A client that signs each request anew signs none to another host."""
    one, other = tiny_server(), tiny_server()
    one.redirect("/", "/same")
    one.redirect("/same", f"{other.url}/other")
    other.answer("/other", b"hello")
    client = allowing(one, other)
    client.auth = httpx.BasicAuth("ana", "s3cret")

    client.get(f"{one.url}/")

    assert [True, True, False] == ["authorization" in heard.headers for heard in (*one.heard, *other.heard)]


def test_downgrade() -> None:
    """A redirect from https to http is refused when we carry a secret, and followed when we do not."""
    plain, bearing = (
        httpx.Request("GET", "https://example.org/", headers=head) for head in ({}, {"Authorization": "x"})
    )
    following = httpx.Request("GET", "http://example.org/")
    assert _next(plain, following) is following
    with pytest.raises(InsecureRedirect):
        _next(bearing, following)


def test_too_large(tiny_server: Start) -> None:
    """An answer that is longer than the limit is not read to its end."""
    server = tiny_server()
    server.answer("/", b"x" * 5000)
    assert len(allowing(server, largest=5000).get(f"{server.url}/").content) == 5000
    with pytest.raises(TooLarge):
        allowing(server, largest=4999).get(f"{server.url}/")


def test_packed_bomb(tiny_server: Start) -> None:
    """The limit counts what an answer unpacks to."""
    server = tiny_server()
    server.answer("/", gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")
    with pytest.raises(TooLarge):
        allowing(server).get(f"{server.url}/")


def test_unpacked(tiny_server: Start) -> None:
    """A packed answer is handed over unpacked."""
    server = tiny_server()
    server.answer("/", gzip.compress("é".encode()), Content_Encoding="gzip", Content_Type="text/plain; charset=utf-8")
    assert allowing(server).get(f"{server.url}/").text == "é"


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd"])
def test_packed_twice(tiny_server: Start, encoding: str) -> None:
    """An answer packed in a way we did not ask for is not unpacked."""
    server = tiny_server()
    server.answer("/", b"whatever", Content_Encoding=encoding)
    with pytest.raises(httpx.DecodingError):
        allowing(server).get(f"{server.url}/")


def test_silence(tiny_server: Start) -> None:
    """A server that says nothing is waited for as long as `timeout`."""
    server = tiny_server()
    server.paths["/"] = lambda client: time.sleep(2)
    started = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        allowing(server, timeout=0.2).get(f"{server.url}/")
    assert time.monotonic() - started < 1.5


def test_deadline(tiny_server: Start) -> None:
    """A server that speaks a byte now and then is cut off at `deadline`, however short its silences are."""
    server = tiny_server()

    def trickle(client: socket.socket) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100:
            client.sendall(bytes([letter]))
            time.sleep(0.05)

    server.paths["/"] = trickle
    started = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        allowing(server, timeout=1.0, deadline=0.5).get(f"{server.url}/")
    assert time.monotonic() - started < 1.5


def test_deadline_over_redirects(tiny_server: Start) -> None:
    """The deadline is one for a request and all its redirects."""
    server = tiny_server()

    def slow(client: socket.socket) -> None:
        time.sleep(0.2)
        client.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    server.paths["/"] = slow
    with pytest.raises((DeadlinePassed, httpx.ReadTimeout, httpx.ConnectTimeout)):
        allowing(server, deadline=0.5).get(f"{server.url}/")
    assert len(server.heard) <= 4


def test_no_proxy(tiny_server: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is not used."""
    proxy, server = tiny_server(), tiny_server()
    server.answer("/", b"direct")
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    assert allowing(server).get(f"{server.url}/").text == "direct"
    assert proxy.heard == []


def test_no_netrc(tiny_server: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Passwords that lie about on the machine are not sent."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = tiny_server()
    server.answer("/", b"hello")
    allowing(server).get(f"{server.url}/")
    assert "authorization" not in server.heard[0].headers


def test_odd_headers(tiny_server: Start) -> None:
    """A header that is not ASCII is handed over as it came."""
    server = tiny_server()
    server.answer("/", b"hello", Link="<http://127.0.0.1/café>")
    assert allowing(server).get(f"{server.url}/").headers["link"] == "<http://127.0.0.1/café>"


def test_polite(tiny_server: Start) -> None:
    """A server is told who calls."""
    server = tiny_server()
    server.answer("/", b"hello")
    allowing(server).get(f"{server.url}/")
    assert server.heard[0].headers["user-agent"].startswith("antiphon")


def test_said_back(tiny_server: Start) -> None:
    """A server that says our credentials back is not repeated: neither its body nor its headers."""
    server = tiny_server()
    server.answer("/", b'{"error": "no tok-1234567 for app-secret"}')
    http = Http(allow_private=frozenset({server.host}), conceal=lambda text: text.replace("app-secret", "***"))
    answer = http.client(headers={"Authorization": "Bearer tok-1234567"}).get(f"{server.url}/")
    assert {"error": "no [concealed] for ***"} == answer.json()


def test_bytes_stay(tiny_server: Start) -> None:
    """What holds no secret comes as it was sent, byte for byte."""
    server, every = tiny_server(), bytes(range(256))
    server.answer("/", every)
    client = Http(allow_private=frozenset({server.host})).client(headers={"Authorization": "Bearer tok-1234567"})
    assert every == client.get(f"{server.url}/").content


def test_not_logged(tiny_server: Start, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the address nor a header of a request is logged, however loud the loggers are set."""
    server = tiny_server()
    server.answer("/hook/abc-secret", b"ok")
    caplog.set_level(0)
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(0, name)
    allowing(server).get(f"{server.url}/hook/abc-secret", headers={"Authorization": "Bearer tok-1234567"})
    assert "" == caplog.text

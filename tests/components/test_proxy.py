"""A proxy that the operator has named: used for everything, and guarded so far as one can see."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from antiphon.components.http import Http
from antiphon.components.outcomes import attempt, outcome_of
from antiphon.components.wire import PrivateAddress
from antiphon.model.effect import Disconnected, Receipt
from antiphon.settings import HttpSettings
from antiphon.testing.clock import VirtualClock


@dataclass
class Proxy:
    """Answers every request itself, and writes down what it was asked for."""

    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://me:a-proxy-password@127.0.0.1:{self.port}"

    def serve(self, client: socket.socket) -> None:
        with client:
            head = client.recv(65536).decode()
            self.asked.append(head)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = Proxy(listener.getsockname()[1])

    def loop() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            proxy.serve(client)

    threading.Thread(target=loop, daemon=True).start()
    yield proxy
    listener.close()


def test_through(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request goes through the proxy, which may be inside, with the password that is in its address."""
    monkeypatch.setattr(socket, "getaddrinfo", _only_numbers)

    answer = Http(proxy=proxy.url).client().get("http://social.example/api")

    assert "ok" == answer.text
    assert proxy.asked[0].startswith("GET http://social.example/api HTTP/1.1")
    assert "proxy-authorization: basic " in proxy.asked[0].lower()


@pytest.mark.parametrize("host", ["127.0.0.1:9", "169.254.169.254", "[::1]:9", "localhost"])
def test_inside(proxy: Proxy, host: str) -> None:
    """What leads inside is not asked of the proxy either."""
    with pytest.raises(PrivateAddress):
        Http(proxy=proxy.url).client().get(f"http://{host}/")
    assert [] == proxy.asked


def test_allowed(proxy: Proxy) -> None:
    """Unless it is allowed."""
    http = Http(frozenset({"127.0.0.1:9"}), proxy=proxy.url)

    assert 200 == http.client().get("http://127.0.0.1:9/").status_code


def test_gone(clock: VirtualClock) -> None:
    """Where the proxy does not answer, nothing was sent, and its password is not told."""
    http = Http(frozenset({"127.0.0.1"}), proxy="http://me:a-proxy-password@127.0.0.1:9")

    outcome = outcome_of(attempt(lambda: http.client().post("http://127.0.0.1:8/")), lambda _: _never(), clock)

    assert isinstance(outcome, Disconnected)
    assert "password" not in repr(outcome) + repr(http)


@pytest.mark.parametrize("written", ["proxy.example:3128", "socks5://proxy.example", "ftp://x"])
def test_no_proxy(written: str) -> None:
    """What is no address of an HTTP proxy is refused, and not shown."""
    with pytest.raises(ValueError, match="a proxy is written as http://host:port"):
        HttpSettings(proxy=written)


def _only_numbers(host: str, port: int, *args: object, **how: object) -> list[object]:
    """A name server that knows no names, as behind many proxies."""
    if host == "127.0.0.1":
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
    raise socket.gaierror("the name is not known")


def _never() -> Receipt:
    raise AssertionError("nothing was done")


def test_errors_are_ours(proxy: Proxy) -> None:
    """What goes wrong at the proxy is an error of httpx, as without one."""
    http = Http(frozenset({"127.0.0.1"}), proxy="http://127.0.0.1:9")

    assert isinstance(attempt(lambda: http.client().get("http://127.0.0.1:8/")), httpx.ConnectError)

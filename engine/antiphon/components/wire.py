"""The guarded wire under `Http`: where it connects, for how long, how much it reads, and whom it tells our secrets.

The guard sits where the socket is opened: a name is resolved once, and the very address that was judged is the one
connected to, so a name that answers differently the next time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from antiphon.components.addresses import inside
from antiphon.errors import GiveUp

if TYPE_CHECKING:
    from antiphon.components.rates import RateWatch
    from antiphon.components.tape import Tape

MOST_REDIRECTS = 5
USER_AGENT = "antiphon"

# Others, and several at once, can grow a small answer into one that does not fit into memory before it is counted.
_ENCODINGS = ("gzip", "deflate", "identity")
_SHORTEST_PROOF = 8
_SECRET_WORDS = ("auth", "cookie", "key", "secret", "signature", "token")

# httpx tells whole addresses at INFO, and httpcore every header at DEBUG. A filter stays whatever level somebody sets.
for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_name).addFilter(lambda record: record.levelno >= logging.WARNING)

# A socket waits in real time whatever clock a run lives by, hence monotonic() here and nowhere else.
_deadline: ContextVar[float] = ContextVar("deadline", default=inf)


class PrivateAddress(httpx.ConnectError):
    """The name leads to an address inside; nothing was sent."""


class InsecureRedirect(httpx.TransportError):
    """A server that knows our secret sent us from https to http; we did not go."""


class DeadlinePassed(httpx.ReadTimeout):
    """The whole request took too long, even though bytes kept coming."""


class TooLarge(httpx.ReadError):
    """The answer is longer than we read."""


class KeptBack(httpx.TransportError):
    """The network would have refused it, by what it said before; nothing was sent. `until` (UTC) says for how long."""

    def __init__(self, until: datetime, request: httpx.Request) -> None:
        super().__init__(f"kept back until {until:%F %T} UTC", request=request)
        self.until = until


def connect(host: str, port: int, allow_private: frozenset[str], timeout: float) -> socket.socket:
    """An open connection to a judged address; see `Http.connect`."""
    failure: OSError | None = None
    try:
        addresses = _Backend(allow_private).addresses(host, port)
    except PrivateAddress as error:
        raise GiveUp(f"{error}.", hint="If that is meant, add it to allow_private in antiphon.toml.") from None
    except httpcore.ConnectError as error:
        raise OSError(str(error)) from None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure or OSError(f"{host} has no address")


class GuardedClient(httpx.Client):
    """What `Http.client` hands out."""

    def __init__(
        self,
        base_url: str,
        headers: dict[str, str],
        *,
        allow_private: frozenset[str],
        timeout: float,
        deadline: float,
        largest: int,
        conceal: Callable[[str], str],
        proxy: str = "",
        watch: RateWatch | None = None,
        tape: Tape | None = None,
    ) -> None:
        super().__init__(
            base_url=base_url,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **headers},
            timeout=timeout,
            transport=_Way(allow_private, proxy),
            trust_env=False,
            follow_redirects=True,
        )
        self._deadline = deadline
        self._largest = largest
        self._conceal = conceal
        self._watch = watch
        self._tape = tape

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request, follow redirects of reads, and read the answer whole, all within the deadline."""
        follow = options.pop("follow_redirects", httpx.USE_CLIENT_DEFAULT)
        follow = self.follow_redirects if follow is httpx.USE_CLIENT_DEFAULT else follow
        options.pop("stream", None)
        with _within(self._deadline):
            for _ in range(MOST_REDIRECTS + 1):
                if self._watch and (until := self._watch.free_at(request.method, request.url.path)):
                    raise KeptBack(until, request)
                answer = super().send(request, stream=True, follow_redirects=False, **options)
                whole = _read(answer, self._largest, self._conceal)
                if self._watch:
                    self._watch.learn(request.method, request.url.path, whole.status_code, whole.headers)
                if self._tape:
                    self._tape.note(request, whole)
                following = answer.next_request
                if not follow or following is None or request.method not in ("GET", "HEAD"):
                    return whole
                if _is_elsewhere(request, following):
                    # A client that proves anew with each request who it is would prove it to the other host too.
                    options["auth"] = None
                request = _next(request, following)
        raise httpx.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects", request=request)


class _Way(httpx.BaseTransport):
    """One client's way out. A hundred accounts of one network share a few connections, which outlive any client."""

    def __init__(self, allowed: frozenset[str], proxy: str) -> None:
        self._shared = _shared(allowed, proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._shared.handle_request(request)


@cache
def _shared(allowed: frozenset[str], proxy: str) -> _Transport:
    """The connections of this process; those who may go to other places have others."""
    return _Transport(allowed, proxy)


os.register_at_fork(after_in_child=_shared.cache_clear)  # two processes must not speak on one connection


class _Transport(httpx.HTTPTransport):
    def __init__(self, allowed: frozenset[str], proxy: str) -> None:
        super().__init__(verify=tls(), trust_env=False)
        how: dict[str, Any] = {
            "ssl_context": tls(),
            "max_connections": 100,
            "max_keepalive_connections": 20,
            "keepalive_expiry": 5.0,
        }
        # httpx has no public way to hand in httpcore's public network backend.
        self._judge: _Backend | None = None
        if not proxy:
            self._pool = httpcore.ConnectionPool(network_backend=_Backend(allowed), **how)
            return
        through, self._judge = httpx.Proxy(proxy), _Backend(allowed)
        # The operator has named the proxy, so it may be inside; what it is asked for may not.
        reach = _Backend(frozenset({through.url.host}))
        self._pool = httpcore.HTTPProxy(
            proxy_url=str(through.url), proxy_auth=through.raw_auth, network_backend=reach, **how
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._judge:
            self._judge.judge(request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80))
        return super().handle_request(request)


class _Backend(httpcore.NetworkBackend):
    """Opens sockets, to judged addresses only."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = {name.lower() for name in allowed}
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self.addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(address, port, _left(timeout), local_address, socket_options)
                return _Stream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def judge(self, host: str, port: int) -> None:
        """Refuse a name that leads inside, so far as it can be seen from here: the proxy asks for itself."""
        try:
            self.addresses(host, port)
        except PrivateAddress:
            raise
        except httpcore.ConnectError:
            return

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a name, in the resolver's order. One that leads inside spoils all of them."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not known") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if self._allowed.isdisjoint({host.lower(), f"{host}:{port}".lower(), f"[{host}]:{port}".lower()}):
            for address in addresses:
                if where := inside(address):
                    leads = "is" if address == host else f"leads to {address}, which is"
                    raise PrivateAddress(f"{host} {leads} {where}")
        return addresses


def barred(host: str, port: int, allowed: frozenset[str]) -> str:
    """Why a host is not called; empty when it is, and when nobody knows the name. See `Http.barred`."""
    try:
        _Backend(allowed).judge(host, port)
    except PrivateAddress as error:
        return str(error)
    return ""


class _Stream(httpcore.NetworkStream):
    """A connection on which no wait outlasts the deadline of the request at hand."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@cache
def tls(protocol: str = "https") -> ssl.SSLContext:
    """The certificates that are trusted. Each protocol has its own context, since httpcore offers HTTP in the one it
    is given."""
    return httpx.create_ssl_context()


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    token = _deadline.set(monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def _left(timeout: float | None) -> float | None:
    left = _deadline.get() - monotonic()
    if left <= 0:
        raise DeadlinePassed("the whole request took too long")
    return left if timeout is None and left < inf else min(timeout or inf, left)


def _read(answer: httpx.Response, largest: int, conceal: Callable[[str], str]) -> httpx.Response:
    """The same answer with its body read and decompressed, so far as it is not too large, and without our secrets."""
    body = bytearray()
    try:
        if answer.headers.get("content-encoding", "identity").strip().lower() not in _ENCODINGS:
            raise httpx.DecodingError("the answer is packed in a way we did not ask for", request=answer.request)
        for part in answer.iter_bytes():
            body += part
            if len(body) > largest:
                raise TooLarge(f"the answer is larger than {largest:,} bytes", request=answer.request)
    finally:
        answer.close()

    def safe(text: bytes) -> bytes:
        # Latin-1 has a character for every byte, so nothing but the secret is changed.
        return _without_proof(conceal(text.decode("latin-1")), answer.request).encode("latin-1", "replace")

    wire_only = {b"content-encoding", b"content-length", b"transfer-encoding"}
    return httpx.Response(
        answer.status_code,
        headers=[(name, safe(value)) for name, value in answer.headers.raw if name.lower() not in wire_only],
        content=safe(bytes(body)),
        request=answer.request,
        extensions=answer.extensions,
        history=answer.history,
    )


def _without_proof(text: str, request: httpx.Request) -> str:
    """A text without the credentials of a request, which a server may say back in its complaint."""
    proof = request.headers.get("authorization", "").rpartition(" ")[2]
    return text.replace(proof, "[concealed]") if len(proof) >= _SHORTEST_PROOF else text


def _next(request: httpx.Request, following: httpx.Request) -> httpx.Request:
    """The request that a redirect asks for, without our secrets when it goes to another host."""
    secrets = [name for name in request.headers if any(word in name.lower() for word in _SECRET_WORDS)]
    if secrets and request.url.scheme == "https" and following.url.scheme == "http":
        raise InsecureRedirect(f"{request.url.host} sends us on from https to http", request=request)
    if _is_elsewhere(request, following):
        for name in secrets:
            following.headers.pop(name, None)
    return following


def _is_elsewhere(request: httpx.Request, following: httpx.Request) -> bool:
    return (request.url.host, request.url.port) != (following.url.host, following.url.port)

"""A server for any network that is not real: an ASGI application on 127.0.0.1, with faults on demand.

    with Served(app) as network:
        network.faults.add(Fault("POST /messages", FaultKind.ACCEPT_THEN_RESET))
        ...  # a client works against network.url

`Forwarding` is an application that passes everything on to a server that runs elsewhere on this machine, so that the
same faults can be put before the real thing.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx
from starlette.requests import Request as Asked
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from antiphon.components.clock import Clock, SystemClock
from antiphon.testing.sandbox.faults import Faults
from antiphon.testing.sandbox.gate import Gate, Request
from antiphon.testing.sandbox.server import ADDRESS, Server

_HOP = {"connection", "content-encoding", "content-length", "host", "keep-alive", "transfer-encoding"}
"""Headers of one connection only (RFC 9110, 7.6.1), and those that are made anew."""


class Served:
    """One application, served while started; a context manager. `revoke` makes a request's credentials worthless."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        clock: Clock | None = None,
        port: int = 0,
        seed: int = 0,
        revoke: Callable[[Scope], None] = lambda scope: None,
    ) -> None:
        self.faults = Faults(seed)
        self._gate = Gate(app, self.faults, clock or SystemClock(), revoke=revoke)
        self._server = Server(self._gate, port)

    @property
    def url(self) -> str:
        """The base of every address, as `http://127.0.0.1:40123`; known once started."""
        return f"http://{ADDRESS}:{self._server.port}"

    @property
    def requests(self) -> list[Request]:
        """What the server received, oldest first."""
        return list(self._gate.requests)

    def start(self) -> Self:
        """Listen and serve, in a thread of its own; raises OSError if the port is taken."""
        self._gate.closing.clear()
        self._server.start()
        return self

    def stop(self) -> None:
        """Close every connection and stop listening; start() serves the same again."""
        self._gate.closing.set()
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Forwarding:
    """Passes every request on to another server on this machine, and its answer back (ASGI)."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        asked = Asked(scope, receive)
        query = f"?{asked.url.query}" if asked.url.query else ""
        headers = [(name, value) for name, value in asked.headers.items() if name not in _HOP]
        # What runs on this machine has no certificate to be looked at, and to load all others takes longer than a call.
        async with httpx.AsyncClient(timeout=self._timeout, trust_env=False, verify=False) as client:  # noqa: S501
            answer = await client.request(
                asked.method, f"{self._url}{asked.url.path}{query}", headers=headers, content=await asked.body()
            )
        response = Response(answer.content, answer.status_code)
        response.raw_headers += [
            (name.lower(), value) for name, value in answer.headers.raw if name.lower().decode() not in _HOP
        ]
        await response(scope, receive, send)

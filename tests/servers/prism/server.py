"""Specifications as judges: Prism answers by one, and tells what is wrong with a request.

Prism checks shapes and knows no state, so a network of the sandbox does what is asked, while every request is shown to
Prism besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.servers.process import free_port, installed, running

_HOP = {"accept-encoding", "connection", "content-length", "host"}
_OURS = '"location":["request"'


@contextmanager
def judging(specification: Path, log: Path, patience: float = 60.0) -> Iterator[str]:
    """Prism with a specification, until the end of the block: its address. Skips where it is not installed."""
    folder, port = installed("prism"), free_port()
    url = f"http://127.0.0.1:{port}"
    program = folder / "node_modules/@stoplight/prism-cli/dist/index.js"
    command: list[str | Path] = ["node", program, "mock", "--host", "127.0.0.1", "--port", str(port), specification]
    with running(command, log, lambda: _answers(url), patience=patience):
        yield url


def _answers(url: str) -> bool:
    try:
        httpx.get(f"{url}/", trust_env=False)
    except httpx.TransportError:
        return False
    return True


class Judged:
    """An application whose every request is shown to Prism (ASGI). `violations` are what Prism holds against them.

    `judged` tells how a request's path is called in the specification, and None for what is not in it; `besides` are
    headers that the specification wants and the network does not.
    """

    def __init__(
        self, app: ASGIApp, prism: str, judged: Callable[[str], str | None], besides: Mapping[str, str] | None = None
    ) -> None:
        self._app = app
        self._prism = prism
        self._judged = judged
        self._besides = dict(besides or {})
        self.violations: list[str] = []
        self.shown: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        body = await request.body()
        if (path := self._judged(request.url.path)) is not None:
            await self._judge(request, path, body)

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    async def _judge(self, request: Request, path: str, body: bytes) -> None:
        headers = {name: value for name, value in request.headers.items() if name not in _HOP}
        query = f"?{request.url.query}" if request.url.query else ""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            answer = await client.request(
                request.method, f"{self._prism}{path}{query}", headers={**headers, **self._besides}, content=body
            )
        self.shown.append(f"{request.method} {path}")
        # Prism also tells where its own answer breaks the specification, at such a length that the list is cut off.
        told = answer.headers.get("sl-violations", "")
        if not answer.is_success or _OURS in told:
            self.violations.append(f"{request.method} {path}: {answer.status_code} {told or answer.text}"[:500])

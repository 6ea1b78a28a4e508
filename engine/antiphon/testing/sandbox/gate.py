"""The gate before the dialects: writes down what the server receives, and makes the faults happen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from antiphon.components.clock import Clock
from antiphon.testing.sandbox.bearer import told_path
from antiphon.testing.sandbox.connection import CUT
from antiphon.testing.sandbox.faults import Fault, FaultKind, Faults

TICK = 0.02
"""Seconds between two looks at whether a waiting fault should end."""

REQUESTS_KEPT = 100_000


@dataclass
class Request:
    """A request as the server received it; `status` is None while, and if, no answer is given.

    `path` is without a token, should the network want one there. `account` is the address of the token's account,
    `key` the `Idempotency-Key`, `fault` what went wrong on purpose, `at` the time of the world.
    """

    method: str
    path: str
    query: str
    key: str | None
    account: str | None
    fault: FaultKind | None
    at: datetime
    status: int | None = field(default=None)


class Gate:
    """Lets requests in to `app`, one record each, unless a fault says otherwise."""

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        clock: Clock,
        *,
        account: Callable[[Scope], str | None] = lambda scope: None,
        revoke: Callable[[Scope], None] = lambda scope: None,
    ) -> None:
        """`account` tells whose credentials a request carries, `revoke` makes them worthless."""
        self._app = app
        self._faults = faults
        self._clock = clock
        self._account = account
        self._revoke = revoke
        self.requests: deque[Request] = deque(maxlen=REQUESTS_KEPT)
        self.closing = Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        fault = self._faults.take(scope["method"], told_path(scope))
        request = self._record(scope, fault)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.status = message["status"]
            await send(message)

        with suppress(ClientDisconnect):  # a client that died in the middle of its request has asked for nothing
            if fault is None:
                await self._app(scope, receive, answer)
            else:
                await self._fail(fault, scope, receive, answer)

    def _record(self, scope: Scope, fault: Fault | None) -> Request:
        headers = Headers(scope=scope)
        request = Request(
            method=scope["method"],
            path=told_path(scope),
            query=scope["query_string"].decode("latin-1"),
            key=headers.get("idempotency-key"),
            account=self._account(scope),
            fault=fault.kind if fault else None,
            at=self._clock.now(),
        )
        self.requests.append(request)
        return request

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.kind:
            case FaultKind.SLOW:
                await self._wait(fault.seconds)
                await self._app(scope, receive, send)
            case FaultKind.TOKEN_REVOKED:
                self._revoke(scope)
                await self._app(scope, receive, send)
            case FaultKind.RESET:
                await _cut(scope, receive)
            case FaultKind.ACCEPT_THEN_RESET:
                await self._done(scope, receive)
                await _cut(scope, receive)
            case FaultKind.ACCEPT_THEN_TIMEOUT:
                await self._done(scope, receive)
                await self._wait(fault.seconds)
                await _cut(scope, receive)
            case FaultKind.CREATED_BUT_400:
                await self._done(scope, receive)
                await JSONResponse({"error": "Bad request"}, 400)(scope, receive, send)
            case FaultKind.TRUNCATED_JSON:
                done = await self._done(scope, receive)
                half = Response(done.body[: len(done.body) // 2], done.status, media_type="application/json")
                await half(scope, receive, send)
            case _:
                await _canned(fault, Headers(scope=scope))(scope, receive, send)

    async def _done(self, scope: Scope, receive: Receive) -> Kept:
        """Let the request be done, and keep the answer from the client."""
        kept = Kept()
        await self._app(scope, receive, kept)
        return kept

    async def _wait(self, seconds: float) -> None:
        """Really wait, until the seconds are over or the server closes.

        The client's timeout is real, so this cannot be the clock of the world.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and not self.closing.is_set():
            await asyncio.sleep(min(TICK, left))


class Kept:
    """Takes an answer in the client's place."""

    def __init__(self) -> None:
        self.status = 500
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the answer (ASGI)."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _canned(fault: Fault, headers: Headers) -> Response:
    if fault.kind is FaultKind.RATE_LIMITED:
        told = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return JSONResponse({"error": "Too many requests"}, 429, headers=told)
    if fault.kind is FaultKind.OK_WITH_ERROR:
        return JSONResponse({"error": "This action could not be completed"})
    if fault.kind is FaultKind.ECHO:
        complaint = f"No such client: {headers.get('authorization', 'nobody')}"
        return JSONResponse({"error": complaint}, fault.status, headers={"X-Complaint": complaint})
    if fault.kind is FaultKind.HTML_INSTEAD_OF_JSON:
        return HTMLResponse("<!DOCTYPE html><title>One moment</title><h1>We will be right back</h1>")
    return JSONResponse({"error": "Remote data could not be fetched"}, fault.status)


async def _cut(scope: Scope, receive: Receive) -> None:
    scope["extensions"][CUT]()
    while (await receive())["type"] != "http.disconnect":
        pass

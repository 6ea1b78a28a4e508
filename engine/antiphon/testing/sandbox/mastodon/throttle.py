"""The rate limits around the routes: counts every API request and says in its headers what is left."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from antiphon.testing.sandbox.bearer import bearer
from antiphon.testing.sandbox.limits import RateLimiter
from antiphon.testing.sandbox.world import World


class Throttle:
    """Passes a request on while its account (or, without a token, its address) has allowance left, else 429."""

    def __init__(self, app: ASGIApp, world: World, limiter: RateLimiter) -> None:
        self._app = app
        self._world = world
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        token = self._world.token(bearer(scope) or "")
        who = token.account.id if token else str((scope["client"] or ("",))[0])
        allowance = self._limiter.spend(who, scope["method"], scope["path"])
        if allowance is None:
            await self._app(scope, receive, send)
        elif allowance.remaining < 0:
            answer = JSONResponse({"error": "Too many requests"}, 429, headers=allowance.headers())
            await answer(scope, receive, send)
        else:
            told = allowance.headers()

            async def send_told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    MutableHeaders(scope=message).update(told)
                await send(message)

            await self._app(scope, receive, send_told)

"""The dialect of Bluesky: methods of the AT Protocol over the world.

Shapes and behaviour follow the lexicons of bluesky-social/atproto (2026-08-20) and what its own server was seen to
answer; quotes, lists, moderation, identities elsewhere and rate limits are not part of the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from antiphon.testing.sandbox.bearer import bearer
from antiphon.testing.sandbox.bluesky.calls import Call, Complaint
from antiphon.testing.sandbox.bluesky.identity import handle
from antiphon.testing.sandbox.bluesky.methods import METHODS
from antiphon.testing.sandbox.bluesky.repositories import Repositories
from antiphon.testing.sandbox.dialect import Dialect
from antiphon.testing.sandbox.limits import Limits
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.world import World


def application(world: World, limits: Limits) -> ASGIApp:
    """The methods over a world."""
    repositories = Repositories(world)

    async def answer(request: Request) -> JSONResponse:
        verb, method = METHODS.get(request.path_params["method"], ("", None))
        if method is None or verb != request.method:
            return _refused(Complaint("MethodNotImplemented", "Method Not Implemented", 501))
        content, kind = await request.body(), request.headers.get("content-type", "")
        try:
            asked: Any = await request.json() if content and kind == "application/json" else dict(request.query_params)
            many = {name: request.query_params.getlist(name) for name in request.query_params}
            call = Call(world, repositories, bearer(request.scope) or "", asked, many, content, kind)
            with world.lock:
                return JSONResponse(method(call))
        except Complaint as complaint:
            return _refused(complaint)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return _refused(Complaint("InvalidRequest", f"Input must be valid: {type(error).__name__}"))

    return Starlette(routes=[Route("/xrpc/{method}", answer, methods=["GET", "POST"])])


def connection(url: str, account: Account) -> Mapping[str, str]:
    """The options of a connection to an account here."""
    return {"connector": "bluesky", "server": url, "handle": handle(account), "app_password": account.token or ""}


def _refused(complaint: Complaint) -> JSONResponse:
    return JSONResponse({"error": complaint.name, "message": str(complaint)}, complaint.status)


DIALECT = Dialect("bluesky", ("/xrpc/",), application, connection)

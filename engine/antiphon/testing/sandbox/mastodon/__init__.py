"""The dialect of Mastodon: its client API as routes over the world.

Shapes and behaviour follow mastodon/documentation (repository state of 2026-07-02) for what is in the table of the
routers below; polls, quotes, lists, filters and streaming are not part of the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from antiphon.testing.sandbox.dialect import Dialect
from antiphon.testing.sandbox.idempotency import IdempotencyKeys
from antiphon.testing.sandbox.limits import Limits, RateLimiter
from antiphon.testing.sandbox.mastodon import (
    accounts,
    answers,
    instance,
    media,
    notifications,
    scheduled,
    search,
    statuses,
    timelines,
)
from antiphon.testing.sandbox.mastodon.throttle import Throttle
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.refusals import Refusal
from antiphon.testing.sandbox.world import World

ROUTERS: tuple[APIRouter, ...] = (
    statuses.router,
    scheduled.router,
    timelines.router,
    notifications.router,
    accounts.router,
    media.router,
    search.router,
    instance.router,
)


def application(world: World, limits: Limits) -> ASGIApp:
    """The client API over a world."""
    app = FastAPI(openapi_url=None)
    app.state.world = world
    app.state.keys = IdempotencyKeys(world.clock)
    app.add_exception_handler(Refusal, answers.refused)
    app.add_exception_handler(HTTPException, answers.unknown)
    for router in ROUTERS:
        app.include_router(router)
    return Throttle(app, world, RateLimiter(world.clock, limits))


def connection(url: str, account: Account) -> Mapping[str, str]:
    """The options of a connection to an account here."""
    return {"connector": "mastodon", "server": url, "token": account.token or ""}


DIALECT = Dialect("mastodon", ("/api/v1/", "/api/v2/"), application, connection)

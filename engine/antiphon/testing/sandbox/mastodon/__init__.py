"""The dialect of Mastodon: its client API as routes over the world.

A dialect is a folder with one `application(world, …)`: it speaks a network's HTTP and JSON and keeps that network's
rules, while accounts, statuses, faults and the record of requests are the sandbox's. Another network is another
folder beside this one.

Shapes and behaviour follow mastodon/documentation (repository state of 2026-07-02) for what is in the table of the
routers below; polls, quotes, lists, filters and streaming are not part of the sandbox.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException

from antiphon.testing.sandbox.idempotency import IdempotencyKeys
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


def application(world: World) -> FastAPI:
    """The client API over a world."""
    app = FastAPI(openapi_url=None)
    app.state.world = world
    app.state.keys = IdempotencyKeys(world.clock)
    app.add_exception_handler(Refusal, answers.refused)
    app.add_exception_handler(HTTPException, answers.unknown)
    for router in ROUTERS:
        app.include_router(router)
    return app

"""The dialect of Discord: the part of its API v10 that is about messages, over the rooms of the world.

The gateway, roles, reactions and the management of servers are not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.types import ASGIApp

from antiphon.testing.sandbox.bearer import authorization
from antiphon.testing.sandbox.dialect import Dialect
from antiphon.testing.sandbox.discord.methods import channel_id, router
from antiphon.testing.sandbox.limits import Limits
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.rooms import Room
from antiphon.testing.sandbox.world import World


def application(world: World, limits: Limits) -> ASGIApp:
    """The API over a world; it counts no requests."""
    app = FastAPI(openapi_url=None)
    app.include_router(router(world))
    return app


def connection(url: str, account: Account) -> Mapping[str, str]:
    """The options of a connection to the first room, for an account here."""
    return {"connector": "discord", "server": url, "token": account.token or "", "channel": channel_id(Room(1))}


DIALECT = Dialect("discord", ("/api/v10/",), application, connection, authorization)

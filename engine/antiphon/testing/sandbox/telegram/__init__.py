"""The dialect of Telegram: its Bot API as methods over the rooms of the world.

A bot is an account with a token. Inline queries, payments, stickers and the management of chats are not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.types import ASGIApp

from antiphon.testing.sandbox.bearer import in_path
from antiphon.testing.sandbox.dialect import Dialect
from antiphon.testing.sandbox.limits import Limits
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.rooms import Room
from antiphon.testing.sandbox.telegram.methods import chat_id, router
from antiphon.testing.sandbox.world import World


def application(world: World, limits: Limits) -> ASGIApp:
    """The API over a world; it counts no requests."""
    app = FastAPI(openapi_url=None)
    app.include_router(router(world))
    return app


def connection(url: str, account: Account) -> Mapping[str, str]:
    """The options of a connection to the first room, for an account here."""
    return {"connector": "telegram", "server": url, "token": account.token or "", "chat": str(chat_id(Room(1)))}


DIALECT = Dialect("telegram", ("/bot",), application, connection, in_path)

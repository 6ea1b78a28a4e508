"""The dialect of HubSpot: contacts of its CRM API, version 3, in one account's portal.

Companies, deals, lists, associations, merges and scopes are not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.types import ASGIApp

from antiphon.testing.sandbox.dialect import Dialect
from antiphon.testing.sandbox.hubspot.methods import router
from antiphon.testing.sandbox.limits import Limits
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.world import World


def application(world: World, limits: Limits) -> ASGIApp:
    """The API over a world; it counts no requests."""
    app = FastAPI(openapi_url=None)
    app.include_router(router(world))
    return app


def connection(url: str, account: Account) -> Mapping[str, str]:
    """The options of a connection for an account here."""
    return {"connector": "hubspot", "server": url, "token": account.token or ""}


DIALECT = Dialect("hubspot", ("/crm/v3/",), application, connection)

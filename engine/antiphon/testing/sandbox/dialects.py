"""The dialects that the sandbox speaks, and who speaks which."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from antiphon.testing.sandbox.bluesky import DIALECT as BLUESKY
from antiphon.testing.sandbox.dialect import Dialect
from antiphon.testing.sandbox.discord import DIALECT as DISCORD
from antiphon.testing.sandbox.hubspot import DIALECT as HUBSPOT
from antiphon.testing.sandbox.limits import Limits
from antiphon.testing.sandbox.mastodon import DIALECT as MASTODON
from antiphon.testing.sandbox.slack import DIALECT as SLACK
from antiphon.testing.sandbox.telegram import DIALECT as TELEGRAM
from antiphon.testing.sandbox.world import World

DIALECTS: tuple[Dialect, ...] = (MASTODON, BLUESKY, TELEGRAM, DISCORD, SLACK, HUBSPOT)


class Dialects:
    """Lets each request be answered by the dialect whose path it is; the others go to `otherwise`."""

    def __init__(self, world: World, limits: Limits, otherwise: ASGIApp) -> None:
        self._world = world
        self._spoken = [(dialect, dialect.application(world, limits)) for dialect in DIALECTS]
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        self._world.publish_due()
        path = scope["path"]
        app = next((app for dialect, app in self._spoken if dialect.answers(path)), self._otherwise)
        await app(scope, receive, send)

    def account(self, scope: Scope) -> str | None:
        """The address of the account whose credentials a request carries."""
        token = self._world.token(self._token(scope))
        return token.account.acct if token else None

    def revoke(self, scope: Scope) -> None:
        """Make the credentials of a request worthless."""
        self._world.revoke(self._token(scope))

    def _token(self, scope: Scope) -> str:
        dialect = next((dialect for dialect, _ in self._spoken if dialect.answers(scope["path"])), None)
        return (dialect.token(scope) if dialect else None) or ""

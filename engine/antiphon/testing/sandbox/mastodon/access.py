"""Who calls, and whether their token reaches that far.

Scopes: mastodon/documentation, api/oauth-scopes.md; errors: methods/oauth.md and entities/Error.md (2026-07-02).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from antiphon.testing.sandbox.bearer import bearer
from antiphon.testing.sandbox.idempotency import IdempotencyKeys
from antiphon.testing.sandbox.records import Account, Token
from antiphon.testing.sandbox.refusals import NotAllowed, Unauthorized
from antiphon.testing.sandbox.world import World


class Caller:
    """The one who sent the request; nobody knows who until a route asks."""

    def __init__(self, token: Token | None) -> None:
        self._token = token

    def must(self, *scopes: str) -> Account:
        """The account of the caller, whose token needs one of these scopes (`read` covers `read:statuses`)."""
        if self._token is None:
            raise Unauthorized
        self._check(scopes)
        return self._token.account

    def may(self, *scopes: str) -> Account | None:
        """The same where Mastodon lets anybody read: None for a caller without a token."""
        self._check(scopes)
        return self._token.account if self._token else None

    def _check(self, scopes: tuple[str, ...]) -> None:
        enough = {*scopes, *(scope.partition(":")[0] for scope in scopes)}
        if self._token is not None and not enough & self._token.scopes:
            raise NotAllowed("This action is outside the authorized scopes")


def network(request: Request) -> World:
    """The world that the application serves."""
    world: World = request.app.state.world
    return world


def keys(request: Request) -> IdempotencyKeys:
    """The keys that the application remembers."""
    remembered: IdempotencyKeys = request.app.state.keys
    return remembered


def identify(request: Request) -> Caller:
    """The caller of a request. A token that is not valid is refused, even where none is needed."""
    world = network(request)
    shown = bearer(request.scope)
    token = world.token(shown) if shown else None
    if shown and token is None:
        raise Unauthorized
    return Caller(token)


Called = Annotated[Caller, Depends(identify)]
"""The caller of the request, for a route to take."""

Network = Annotated[World, Depends(network)]
"""The world, for a route to take."""

Keys = Annotated[IdempotencyKeys, Depends(keys)]
"""The idempotency keys, for a route to take."""

"""Tokens that run out: renewed by one worker at a time, before they end or when a network refuses them.

self._client = http.client(server)
self._client.auth = TokenAuth(http.tokens(clock), self._renew)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Protocol

import httpx

from antiphon.components.clock import Clock
from antiphon.model.token import Token

EARLY = timedelta(minutes=2)
"""How long before its end a token is renewed: a request that is under way must still find it good."""

Renew = Callable[[Token | None], Token]
"""Gets a token from the network with the last one, or with the connection's options. Raises AccessLost, RetryLater."""


class TokenKeeper(Protocol):
    """Keeps the token of one connection."""

    def token(self, renew: Renew, refused: str = "") -> Token:
        """The token that is good now; when there is none, or it is the `refused` one, `renew` is called for another, by
        one worker at a time: the others take what that one got. Raises what `renew` raises, and RetryLater."""


class OwnTokens:
    """Keeps a token in this process only, for what has no store."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._token: Token | None = None
        self._lock = threading.Lock()

    def token(self, renew: Renew, refused: str = "") -> Token:  # noqa: D102
        with self._lock:
            if self._token is None or not is_good(self._token, refused, self._clock.now()):
                self._token = renew(self._token)
            return self._token


class TokenAuth(httpx.Auth):
    """Puts the token into every request, and another one into a request that was refused for it, once.

    What is refused with 401 was not done, so that sending it again does not do it twice.
    """

    def __init__(self, keeper: TokenKeeper, renew: Renew, scheme: str = "Bearer") -> None:
        self._keeper = keeper
        self._renew = renew
        self._scheme = scheme

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx."""
        token = self._keeper.token(self._renew)
        request.headers["Authorization"] = f"{self._scheme} {token.access}"
        answer = yield request
        if answer.status_code == 401:
            token = self._keeper.token(self._renew, refused=token.access)
            request.headers["Authorization"] = f"{self._scheme} {token.access}"
            yield request


def is_good(token: Token, refused: str, now: datetime) -> bool:
    """Whether a token can be used from now on."""
    return token.access != refused and (token.expires_at is None or token.expires_at - EARLY > now)

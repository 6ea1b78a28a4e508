"""Who we are, signed anew for each request: a token that is good for five minutes."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

import httpx
import jwt

from antiphon import Clock

LASTS = timedelta(minutes=5)
"""The longest that Ghost lets a token live (docs.ghost.org/admin-api, token authentication; 2026-11-24)."""


class SignedByKey(httpx.Auth):
    """Signs requests with a key, `id:secret` in hexadecimal digits."""

    def __init__(self, key: str, clock: Clock) -> None:
        self._id, _, secret = key.partition(":")
        self._secret = bytes.fromhex(secret)
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx."""
        request.headers["Authorization"] = f"Ghost {self._token()}"
        yield request

    def _token(self) -> str:
        now = self._clock.now()
        told = {"iat": int(now.timestamp()), "exp": int((now + LASTS).timestamp()), "aud": "/admin/"}
        return jwt.encode(told, self._secret, algorithm="HS256", headers={"kid": self._id})

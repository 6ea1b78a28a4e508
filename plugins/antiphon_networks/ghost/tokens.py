"""Who we are, signed anew for each request: a token that is good for five minutes, and for one site."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

import httpx
import jwt

from antiphon import Clock

LASTS = timedelta(minutes=5)
"""The longest that Ghost lets a token live (docs.ghost.org/admin-api, token authentication; 2026-11-24)."""


class SignedByKey(httpx.Auth):
    """Signs requests to one site with a key, `id:secret` in hexadecimal digits. Another host is shown nothing."""

    def __init__(self, key: str, site: httpx.URL, clock: Clock) -> None:
        self._id, _, secret = key.partition(":")
        self._secret = bytes.fromhex(secret)
        self._site = site
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx, after a redirect too."""
        if _place(request.url) == _place(self._site):
            request.headers["Authorization"] = f"Ghost {self._token()}"
        yield request

    def _token(self) -> str:
        now = self._clock.now()
        told = {"iat": int(now.timestamp()), "exp": int((now + LASTS).timestamp()), "aud": "/admin/"}
        return jwt.encode(told, self._secret, algorithm="HS256", headers={"kid": self._id})


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port

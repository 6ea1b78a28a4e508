"""Who we are, signed anew for each request: a token that is good for five minutes."""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import timedelta
from hashlib import sha256

import httpx
import jwt

from antiphon import Clock

LASTS = timedelta(minutes=5)
"""The longest that Ghost lets a token live (docs.ghost.org/admin-api, token authentication; 2026-11-24)."""

_KEY = re.compile(r"[0-9a-fA-F]+:([0-9a-fA-F]{2}){32,}")


class SignedByKey(httpx.Auth):
    """Signs requests with a key, `id:secret` in hexadecimal digits. With what is no key it signs too: the site refuses
    that, and says why."""

    def __init__(self, key: str, clock: Clock) -> None:
        self._id, _, secret = key.partition(":")
        is_key = bool(_KEY.fullmatch(key))
        self._secret = bytes.fromhex(secret) if is_key else sha256(key.encode()).digest()
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx."""
        request.headers["Authorization"] = f"Ghost {self._token()}"
        yield request

    def _token(self) -> str:
        now = self._clock.now()
        told = {"iat": int(now.timestamp()), "exp": int((now + LASTS).timestamp()), "aud": "/admin/"}
        return jwt.encode(told, self._secret, algorithm="HS256", headers={"kid": self._id})

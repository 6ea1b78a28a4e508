"""The token that a request carries (RFC 6750, section 2.1)."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope


def bearer(scope: Scope) -> str | None:
    """The token in the header `Authorization: Bearer …` of a request; None if there is none."""
    scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None

"""The token that a request carries, wherever its network wants it."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import Scope

_IN_PATH = re.compile(r"^/bot([^/]+)(?=/)")


def bearer(scope: Scope) -> str | None:
    """The token in the header `Authorization: Bearer …` of a request (RFC 6750, section 2.1); None if there is none."""
    scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def authorization(scope: Scope) -> str | None:
    """The token in the header `Authorization`, whatever its scheme, such as Discord's `Bot`."""
    return Headers(scope=scope).get("authorization", "").partition(" ")[2].strip() or None


def in_path(scope: Scope) -> str | None:
    """The token in a path such as Telegram's `/bot<token>/getMe`."""
    found = _IN_PATH.match(scope["path"])
    return found[1] if found else None


def told_path(scope: Scope) -> str:
    """The path of a request without the token that may stand in it, as `/bot/getMe`."""
    return _IN_PATH.sub("/bot", scope["path"])

"""One call of a method, and how a method says no (atproto.com/specs/xrpc, 2026-08-20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antiphon.testing.sandbox.bluesky.repositories import Repositories
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.world import World

Json = dict[str, Any]


class Complaint(Exception):
    """What a method answers instead: a status, a name and a sentence."""

    def __init__(self, name: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.name = name
        self.status = status


@dataclass(frozen=True)
class Call:
    """What was asked, by whom; `asked` are the parameters or the JSON, `content` and `kind` a file."""

    world: World
    repositories: Repositories
    token: str
    asked: Mapping[str, Any]
    many: Mapping[str, list[str]]
    content: bytes = b""
    kind: str = ""

    @property
    def caller(self) -> Account:
        """Who calls. Raises Complaint for a token that is none, or none any more."""
        if not self.token:
            raise Complaint("AuthMissing", "Authentication Required", 401)
        token = self.world.token(self.token)
        if token is None:
            raise Complaint("InvalidToken", "Token could not be verified")
        return token.account

    def text(self, name: str) -> str:
        """A parameter that must be given."""
        value = self.asked.get(name)
        if not isinstance(value, str) or not value:
            raise Complaint("InvalidRequest", f"Error: Params must have the property {name!r}")
        return value

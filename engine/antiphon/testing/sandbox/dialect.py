"""A dialect: one network's HTTP and JSON over the world.

Each is a folder beside this file, whose `__init__.py` has a `DIALECT`, and a line in `dialects.py`. It keeps its
network's rules; accounts, statuses, faults and the record of requests are the sandbox's. Paths tell dialects apart, so
that one address serves them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from starlette.types import ASGIApp, Scope

from antiphon.testing.sandbox.bearer import bearer
from antiphon.testing.sandbox.limits import Limits
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.world import World


class Application(Protocol):
    """Makes the network's API over a world, which lets in so many requests."""

    def __call__(self, world: World, limits: Limits, /) -> ASGIApp: ...  # noqa: D102


@dataclass(frozen=True)
class Dialect:
    """`paths` are the beginnings of those that it answers; `connection` has the options of a connection for
    antiphon.toml, from the sandbox's address and an account; `token` finds the credentials of a request."""

    name: str
    paths: tuple[str, ...]
    application: Application
    connection: Callable[[str, Account], Mapping[str, str]]
    token: Callable[[Scope], str | None] = bearer

    def answers(self, path: str) -> bool:
        """Whether a request for this path is the dialect's."""
        return path.startswith(self.paths)

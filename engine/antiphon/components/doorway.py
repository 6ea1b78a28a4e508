"""Doorways: what anybody may open without signing in, such as a short link."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from antiphon.components.clock import Clock
from antiphon.components.page import TAKEN
from antiphon.components.ports import Store


@dataclass(frozen=True)
class Visit:
    """Somebody at `/{path}/{key}`: GET, HEAD or POST, the network address they come from, and what their browser says,
    by names in small letters. Nothing of it may be believed."""

    key: str
    method: str
    address: str
    headers: Mapping[str, str]
    store: Store
    clock: Clock


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the visitor goes on: an address with http or https."""

    to: str


@dataclass(frozen=True, slots=True)
class Doorway:
    """Everything below `/{path}/`, for anybody. `open` answers with an address, a short plain text, or None for 404.

    It is behind no sign-in, sets no cookie, and is answered under the workspace's public name too. With `posted` it may
    be posted to as well, such as by the button of a mail program; what is sent along is not read.

    Raises:
        ValueError: the path is not one word of a-z, 0-9 and dashes, or is taken by Antiphon itself.
    """

    path: str
    open: Callable[[Visit], Redirect | str | None]
    posted: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.path) or self.path in TAKEN:
            raise ValueError(f"{self.path!r} cannot be the path of a doorway; take another word of a-z, 0-9 and dashes")

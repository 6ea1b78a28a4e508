"""Pages: what a plugin adds to the local web page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from antiphon.components.clock import Clock
from antiphon.components.media import Files, NoFiles
from antiphon.components.ports import Store
from antiphon.model.report import Block

LANGUAGES = ("en", "fr")
"""The languages in which a page is read."""

TAKEN = frozenset({
    "approvals", "approve", "brake", "connections", "events", "health", "hooks", "language", "media", "parked", "runs",
    "sign-in", "sign-out", "today", "why", "workflows",
})  # fmt: skip
"""The first words of addresses that are Antiphon's own."""


@dataclass(frozen=True)
class PageContext:
    """What is kept, the one clock, the reader's language and time zone, what the address says behind its `?`, and the
    files of the workspace."""

    store: Store
    clock: Clock
    language: Literal["en", "fr"]
    timezone: ZoneInfo
    query: Mapping[str, str]
    files: Files = field(default_factory=NoFiles)


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page at `/{path}` with an entry in the menu, its title in every language. It reads and never writes.

    `view` says the blocks of the page, `detail` those of `/{path}/{key}`, or None where there is no such thing. What is
    around them is not the plugin's. Texts are shown as they stand, numbers and moments as the reader writes them.

    Raises:
        ValueError: the path is not one word of a-z, 0-9 and dashes, or is taken; or a title is missing.
    """

    path: str
    title: Mapping[Literal["en", "fr"], str]
    view: Callable[[PageContext], Sequence[Block]]
    detail: Callable[[PageContext, str], Sequence[Block] | None] | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.path):
            raise ValueError(f"{self.path!r} is not a path of a page; write one word of a-z, 0-9 and dashes")
        if self.path in TAKEN:
            raise ValueError(f"{self.path!r} is a page of Antiphon itself; take another path")
        if missing := [language for language in LANGUAGES if language not in self.title]:
            raise ValueError(f"the page {self.path!r} has no title in {' and '.join(missing)}")

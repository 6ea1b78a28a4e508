"""Where the reading of a feed stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

REMEMBERED = 500
"""How many items are remembered beyond those that the feed last showed."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The validators of the last answer (RFC 9110, 8.8), for the address they came from, and the items seen, newest
    first."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    seen: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        """The cursor of a text; an empty one when there is none or it is of another make."""
        try:
            kept = json.loads(text or "{}")
            return cls(str(kept["url"]), str(kept["etag"]), str(kept["modified"]), tuple(map(str, kept["seen"])))
        except (ValueError, KeyError, TypeError):
            return cls()

    def write(self) -> str:
        """The text of the cursor."""
        kept = {"url": self.url, "etag": self.etag, "modified": self.modified, "seen": self.seen}
        return json.dumps(kept, separators=(",", ":"))

    def moved(self, url: str, etag: str, modified: str, shown: Sequence[str]) -> Cursor:
        """The cursor after an answer that shows these items."""
        before = [identity for identity in self.seen if identity not in set(shown)]
        return Cursor(url, etag, modified, (*dict.fromkeys(shown), *before[:REMEMBERED]))

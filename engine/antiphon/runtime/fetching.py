"""Fetching: what stands at a public address, to be looked at and sent like a file of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from antiphon.components.clock import Clock
from antiphon.components.http import Http
from antiphon.errors import AccessLost, GiveUp

LARGEST = 100 * 1024 * 1024
"""How many bytes are fetched: what is larger is taken for a mistake."""

Fetch = Callable[[str], bytes]
"""Gives what stands at an address. Raises RetryLater when nobody answers there, and GiveUp when it cannot be had."""


def fetching(http: Http, clock: Clock) -> Fetch:
    """Fetches as this workspace speaks HTTP: nothing inside, nothing endless, and without anybody's credentials."""
    larger = replace(http, largest=LARGEST)

    def fetch(address: str) -> bytes:
        from antiphon.components.outcomes import attempt, checked  # brings httpx, which few workspaces need for this

        with larger.client() as client:
            try:
                return checked(attempt(lambda: client.get(address)), clock).content
            except AccessLost as locked:
                raise GiveUp(locked.sentence, hint="Attach what anybody may fetch, or a `file`.") from None

    return fetch

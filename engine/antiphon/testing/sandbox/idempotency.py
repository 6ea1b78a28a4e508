"""What was already done under an `Idempotency-Key`."""

from __future__ import annotations

from datetime import datetime, timedelta

from antiphon.components.clock import Clock

LIFETIME = timedelta(hours=1)
"""How long a key is kept (mastodon/documentation, methods/statuses.md#create, 2026-07-02)."""


class IdempotencyKeys:
    """Remembers, per account and for one hour of the clock, which record a key made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._made: dict[tuple[str, str], tuple[str, datetime]] = {}

    def recall(self, account_id: str, key: str) -> str | None:
        """The id of the record that this key made, or None when the key is new or has expired."""
        made, at = self._made.get((account_id, key), (None, None))
        return made if at is not None and self._clock.now() < at + LIFETIME else None

    def remember(self, account_id: str, key: str, made: str) -> None:
        """Keep the id of the record that this key has just made."""
        self._made[account_id, key] = (made, self._clock.now())

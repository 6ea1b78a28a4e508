"""How many requests the network takes, and in which time.

Figures: mastodon/documentation, api/rate-limits.md (2026-07-02). The windows are fixed and aligned to the epoch, as
Mastodon's own throttle has them (mastodon/mastodon, config/initializers/rack_attack.rb).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from antiphon.components.clock import Clock


@dataclass(frozen=True)
class Limit:
    """`requests` within `seconds`."""

    requests: int
    seconds: int


@dataclass(frozen=True)
class Limits:
    """The limits of one account; `None` is no limit. A request without a token counts for its address."""

    everything: Limit | None = Limit(300, 5 * 60)
    media: Limit | None = Limit(30, 30 * 60)
    delete: Limit | None = Limit(30, 30 * 60)

    def of(self, method: str, path: str) -> dict[str, Limit]:
        """The limits that a request falls under, by name."""
        falls = {"everything": self.everything}
        if method == "POST" and re.fullmatch(r"/api/v\d/media", path):
            falls["media"] = self.media
        if (method == "DELETE" and re.fullmatch(r"/api/v1/statuses/\w+", path)) or (
            method == "POST" and re.fullmatch(r"/api/v1/statuses/\w+/unreblog", path)
        ):
            falls["delete"] = self.delete
        return {name: limit for name, limit in falls.items() if limit is not None}


UNLIMITED = Limits(everything=None, media=None, delete=None)
"""A network that counts nothing and sends no rate-limit headers."""


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit; `remaining` below zero means that the request is refused."""

    limit: int
    remaining: int
    reset: datetime

    def headers(self) -> dict[str, str]:
        """The three headers; `X-RateLimit-Reset` is a timestamp in ISO 8601."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Reset": self.reset.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        }


class RateLimiter:
    """Counts requests in fixed windows of the clock."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._spent: dict[tuple[str, str], tuple[int, int]] = {}

    def spend(self, who: str, method: str, path: str) -> Allowance | None:
        """Count one request of `who`; the allowance is that of the limit which is closest to its end."""
        now = int(self._clock.now().timestamp())
        allowances = []
        for name, limit in self._limits.of(method, path).items():
            window = now // limit.seconds
            last, spent = self._spent.get((name, who), (window, 0))
            spent = spent + 1 if last == window else 1
            self._spent[name, who] = (window, spent)
            reset = datetime.fromtimestamp((window + 1) * limit.seconds, UTC)
            allowances.append(Allowance(limit.requests, limit.requests - spent, reset))
        return min(allowances, key=lambda allowance: allowance.remaining, default=None)

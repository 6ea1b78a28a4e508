"""Rate limits of a connection: learnt from its answers, and shared between workers through the store.

Networks count by rules of their own, and tell only what is left. Two kinds of request that have the same limit until
the same moment are counted together there; when one of them has used it up, the other need not ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from antiphon.components.clock import Clock
from antiphon.components.ports import Allowances
from antiphon.components.rates import Allowance, allowance_of

WORTH_KEEPING = 0.2
"""What is left is written down from this part of the limit on: before, nobody needs to know."""

LOOKS_AGAIN = timedelta(seconds=1)
"""How long a worker goes by what it knows before it looks again what others have learnt: a poll may turn many pages."""

_SAME = timedelta(seconds=2)
_EVERYTHING = "*"
_WORDS = re.compile(r"v\d{1,2}(\.\d)?|[A-Za-z]{1,24}([._-][A-Za-z]{1,24})*")
"""Parts of a path that are the same for every post and account: `statuses`, `v2`, `app.bsky.feed.getTimeline`."""


class SharedRates:
    """What one connection knows. `allowances` gives None where there is no store to look into."""

    def __init__(self, connection: str, allowances: Callable[[], Allowances | None], clock: Clock) -> None:
        self._connection = connection
        self._allowances = allowances
        self._clock = clock
        self._looked: tuple[datetime, Mapping[str, Allowance]] | None = None

    def free_at(self, method: str, path: str) -> datetime | None:
        """When such a request may go out; None for now."""
        now = self._clock.now()
        known = {scope: one for scope, one in self._known(now).items() if one.until > now}
        ours = known.get(scope_of(method, path))
        used_up = [
            one.until
            for scope, one in known.items()
            if one.remaining <= 0 and (scope == _EVERYTHING or one is ours or (ours and _counted_together(one, ours)))
        ]
        return max(used_up, default=None)

    def learn(self, method: str, path: str, status: int, headers: Mapping[str, str]) -> None:
        """Take an answer into account."""
        said = allowance_of(status, headers, self._clock.now())
        if said is None or (said.limit and said.remaining > WORTH_KEEPING * said.limit):
            return
        if (allowances := self._allowances()) is not None:
            # Discord says so of a limit that is not of this kind of request alone (Rate Limits, 2026-08).
            everything = headers.get("x-ratelimit-global", "").lower() == "true"
            scope = _EVERYTHING if everything else scope_of(method, path)
            allowances.learn(self._connection, scope, said)
            self._looked = None

    def _known(self, now: datetime) -> Mapping[str, Allowance]:
        looked = self._looked
        if looked is None or not now - LOOKS_AGAIN < looked[0] <= now:
            allowances = self._allowances()
            looked = now, allowances.known(self._connection) if allowances is not None else {}
            self._looked = looked
        return looked[1]


def scope_of(method: str, path: str) -> str:
    """A kind of request: its method and path, without what names a single post, account or token."""
    parts = (part if not part or _WORDS.fullmatch(part) else _EVERYTHING for part in path.split("/"))
    return f"{method} {'/'.join(parts)}"


def _counted_together(one: Allowance, other: Allowance) -> bool:
    return one.limit == other.limit and abs(one.until - other.until) <= _SAME

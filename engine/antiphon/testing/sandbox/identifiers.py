"""Ids as the network gives them out: opaque strings that sort in the order of time."""

from __future__ import annotations

from datetime import UTC, datetime

from antiphon.components.clock import Clock

DIGITS = 19
SEQUENCE_BITS = 20


class Identifiers:
    """Gives out ids in the manner of snowflakes: milliseconds since 1970 above, a sequence number below.

    Every id is zero-padded to 19 digits, so that numeric order and text order are the same. Clients must treat ids
    as opaque all the same (mastodon/documentation, api/guidelines.md "Handling IDs", 2026-07-02).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._sequence: dict[int, int] = {}

    def dated(self, moment: datetime) -> str:
        """An id that sorts at `moment`: of two records, the one that is dated earlier has the smaller id."""
        millisecond = int(moment.timestamp() * 1000)
        sequence = self._sequence.get(millisecond, 0)
        self._sequence[millisecond] = sequence + 1
        return padded(str((millisecond << SEQUENCE_BITS) + sequence))

    def following(self) -> str:
        """An id greater than all those that this method has given: the order is the order of insertion."""
        now = int(self._clock.now().timestamp() * 1000) << SEQUENCE_BITS
        self._last = max(self._last + 1, now)
        return padded(str(self._last))


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; ValueError if it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone, so it is no moment: write datetime(…, tzinfo=UTC).")
    return moment.astimezone(UTC)


def padded(identifier: str) -> str:
    """`identifier` in the width of the house, so that a short number such as "0" or "1" compares as a number."""
    return identifier.zfill(DIGITS)

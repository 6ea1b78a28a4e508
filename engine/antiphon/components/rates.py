"""Rates: what a network says about how much it still takes, in whichever headers it says so.

Headers: `Retry-After` (RFC 9110, 10.2.3), `X-RateLimit-*` as most networks have them, `RateLimit-*` as Bluesky has
them, `RateLimit: "name";r=50;t=30` (draft-ietf-httpapi-ratelimit-headers-10). A reset is a moment in ISO 8601, seconds
since 1970, or seconds from now; the two numbers are told apart by their size. Moments are the network's, and are put
into our time by its `Date`, so that a clock that is wrong, theirs or ours, makes nobody wait for hours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

LONGEST_PATIENCE = timedelta(days=1)

FAMILIES = ("x-ratelimit-{}", "ratelimit-{}", "x-rate-limit-{}")
"""How networks spell `limit`, `remaining` and `reset`."""

_FROM_1970 = 1_000_000_000
"""A number of seconds from here on is a moment; below it is a length of time."""
_LISTED = re.compile(r"\b([rt])=(\d+)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """`remaining` requests of `limit` until a moment (UTC)."""

    limit: int
    remaining: int
    until: datetime


class RateWatch(Protocol):
    """Learns from answers how much a network still takes, and keeps requests back that it would refuse."""

    def free_at(self, method: str, path: str) -> datetime | None:
        """When such a request may go out; None for now."""

    def learn(self, method: str, path: str, status: int, headers: Mapping[str, str]) -> None:
        """Take an answer into account."""


def allowance_of(status: int, headers: Mapping[str, str], now: datetime) -> Allowance | None:
    """What an answer says is left; None when it says nothing. `headers` are found by names in small letters."""
    until = reset_at(headers, now)
    if status == 429:
        asked = retry_at(headers, now) or until
        return Allowance(_number(headers, "limit") or 0, 0, asked) if asked else None
    remaining, limit = _number(headers, "remaining"), _number(headers, "limit")
    if remaining is None and (listed := dict(_LISTED.findall(headers.get("ratelimit", "")))) and "r" in listed:
        remaining = int(listed["r"])
    return Allowance(limit or 0, remaining, until) if remaining is not None and until is not None else None


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When `Retry-After` lets us come back: after some seconds, or at a date."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,300}(\.\d+)?", text):
        return now + timedelta(seconds=min(float(text), LONGEST_PATIENCE.total_seconds()))
    date = _date(text)
    return date + _skew(headers, now) if date else None


def reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the allowance is whole again."""
    for name in ("x-ratelimit-reset-after", *(family.format("reset") for family in FAMILIES)):
        if (text := headers.get(name, "").strip()) and (moment := _moment(text, headers, now)):
            return moment
    listed = dict(_LISTED.findall(headers.get("ratelimit", "")))
    return now + timedelta(seconds=int(listed["t"])) if "t" in listed else None


def _moment(text: str, headers: Mapping[str, str], now: datetime) -> datetime | None:
    try:
        if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
            seconds = float(text)
            if seconds < _FROM_1970:
                return now + timedelta(seconds=seconds)
            return datetime.fromtimestamp(seconds, UTC) + _skew(headers, now)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) + _skew(headers, now)


def _skew(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How far our clock is before the network's, to the second its `Date` has."""
    date = _date(headers.get("date", ""))
    skew = now - date if date else timedelta()
    return skew if abs(skew) > timedelta(seconds=2) else timedelta()


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    for family in FAMILIES:
        text = headers.get(family.format(name), "").partition(",")[0].partition(";")[0].strip()
        if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
            return int(float(text))
    return None

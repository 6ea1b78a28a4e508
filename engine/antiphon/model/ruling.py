"""A ruling: what one rule of the workspace's policy says of one effect, and what the rules go by."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from antiphon.model.base import Noun


class Way(StrEnum):
    """What a rule wants of an effect, the mildest first."""

    PASS = "pass"  # noqa: S105 -- not a password
    HOLD = "hold"
    SKIP = "skip"
    REFUSE = "refuse"


class Ruling(Noun):
    """What one rule says, with its reason. A hold without `until` (UTC) waits for a person."""

    rule: str
    verdict: Way
    because: str
    until: datetime | None = None

    def __str__(self) -> str:
        return f"{self.rule}: {self.because}"


class Brake(Noun):
    """A hold on everything outward in a scope: `workspace`, `account:NAME` or `workflow:ID`."""

    scope: str
    reason: str
    at: datetime
    by: str = ""
    until: datetime | None = None
    lifted_at: datetime | None = None
    lifted_by: str = ""


class Suppression(Noun):
    """A person or address that must not be reached, by any channel or by one."""

    person: str
    channel: str = ""
    reason: str = ""
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much there may be of something that is counted; what was claimed after `since` counts.

    Counted are outward effects that were done or may have been: claimed, done, unknown, parked. An empty field counts
    all. It is free again when the oldest is `per` old, or at `ends`; with neither, only a person can help.
    """

    rule: str
    told: str
    max: float
    since: datetime
    per: timedelta | None = None
    ends: datetime | None = None
    otherwise: Literal["hold", "skip", "brake"] = "hold"
    counts: Literal["effects", "cost"] = "effects"
    amount: float = 1
    person: str = ""
    channel: str = ""
    connection: str = ""
    group: str = ""
    workflow: str = ""
    run: str = ""

    @property
    def name(self) -> str:
        """What is counted together: two limits with one name count the same, whatever their number and time."""
        counted = (self.counts, self.person, self.channel, self.connection, self.group, self.workflow, self.run)
        return "\n".join(counted)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit is used, and how many effects that have precedence wait for it."""

    used: float
    oldest: datetime | None = None
    waiting: int = 0

    def leaves_room(self, limit: Limit) -> bool:
        """Whether another effect fits in."""
        if limit.counts == "cost" and limit.amount == 0:  # its price is told afterwards only
            return self.used < limit.max
        return self.used + self.waiting + limit.amount <= limit.max

    def until(self, limit: Limit) -> datetime | None:
        """When to ask again."""
        if limit.per is not None and self.oldest is not None:
            return self.oldest + limit.per
        return limit.ends


def person_key(name: str) -> str:
    """One spelling of a person's id or address: small letters, no `@` before it."""
    return name.strip().lstrip("@").casefold()


KEYED = "hmac-sha256:"
"""How a digest begins that nobody can ask about without the key."""


def person_digest(name: str, key: bytes = b"") -> str:
    """What stands for somebody who was forgotten: it tells whether a name is theirs, and not who they were.

    HMAC-SHA256 of the name in one spelling under the workspace's key, so that nobody without it can try names. Without
    a key it is a SHA-256, about which whoever guesses a name can ask.
    """
    spelt = person_key(name).encode("utf-8", "replace")
    if key:
        return f"{KEYED}{hmac.new(key, spelt, hashlib.sha256).hexdigest()}"
    return f"sha256:{hashlib.sha256(spelt).hexdigest()}"

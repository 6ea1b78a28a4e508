"""An event: something happened, on a network, in the calendar, or in another workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """What was heard, once.

    `id` is the identity: two events with one id are the same event, however often they are delivered. It is made by
    the source from what the network calls it, such as `mastodon.mentions:example.org:1234`.
    `type` is a dotted past tense, such as `mention.received`. `at` is when it happened, aware, UTC.
    `data` is a JSON object; its keys are what expressions see as `event.…`.
    """

    id: str
    type: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

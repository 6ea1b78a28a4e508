"""Calling one address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from antiphon import Clock, Outcome, Receipt, attempt, outcome_of
from antiphon_networks.webhooks.signing import Signature, encoded


@dataclass(frozen=True, slots=True)
class Target:
    """What may be known of the receiver without calling it. The address itself may be as good as a password."""

    host: str
    deduplicates: bool


class Caller:
    """Calls one address, each time once."""

    def __init__(self, url: str, signature: Signature, client: httpx.Client, clock: Clock) -> None:
        self._url = url
        self._signature = signature
        self._client = client
        self._clock = clock

    def send(self, payload: Mapping[str, Any], key: str, done: Callable[[httpx.Response], Receipt]) -> Outcome:
        """POST a JSON object, signed, with `key` as its `Idempotency-Key`."""
        body = encoded(payload)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            **self._signature.headers(body, int(self._clock.now().timestamp())),
        }
        answer = attempt(lambda: self._client.post(self._url, content=body, headers=headers))
        return outcome_of(answer, done, self._clock)

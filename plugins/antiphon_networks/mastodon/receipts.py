"""What is kept of an act that Mastodon did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from antiphon import Clock, Receipt, payload_hash, rates
from antiphon_networks.mastodon.entities import Json, moment


def of_status(payload: Mapping[str, Any], status: Json, rate: dict[str, str] | None = None) -> Receipt:
    """The receipt of a status that is ours: a post, a reply or a boost."""
    data = {"visibility": str(status["visibility"]), "uri": str(status["uri"])}
    if status.get("reblog"):
        data["boosted"] = str(status["reblog"]["id"])
    return Receipt(
        remote_id=str(status["id"]),
        url=str(status.get("url") or status["uri"]),
        at=moment(status["created_at"]),
        payload_hash=payload_hash(payload),
        rate=rate or {},
        data=data,
    )


def of_reaction(payload: Mapping[str, Any], status: Json, at: datetime, rate: dict[str, str] | None = None) -> Receipt:
    """The receipt of something done to a status, which has no id of its own."""
    return Receipt(
        remote_id=str(status["id"]),
        url=str(status.get("url") or status.get("uri") or ""),
        at=at,
        payload_hash=payload_hash(payload),
        rate=rate or {},
    )


def of_account(payload: Mapping[str, Any], account: Json, at: datetime) -> Receipt:
    """The receipt of a profile that was set."""
    return Receipt(
        remote_id=str(account["id"]), url=str(account.get("url") or ""), at=at, payload_hash=payload_hash(payload)
    )


def published(payload: Mapping[str, Any]) -> Callable[[httpx.Response], Receipt]:
    """Reads the answer to a post or a boost."""
    return lambda answer: of_status(payload, answer.json(), rates(answer))


def reacted(
    payload: Mapping[str, Any], clock: Clock, flag: str = "", *, is_set: bool = True
) -> Callable[[httpx.Response], Receipt]:
    """Reads the answer to a reaction; a `flag` of the status must be set by then, or no longer be."""

    def read(answer: httpx.Response) -> Receipt:
        status: Any = answer.json()
        if flag and status[flag] is not is_set:
            raise ValueError(f"{flag} is {status[flag]}")
        return of_reaction(payload, status, clock.now(), rates(answer))

    return read

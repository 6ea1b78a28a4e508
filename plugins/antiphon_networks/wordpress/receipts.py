"""What is kept of an act that WordPress did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from antiphon import Receipt, payload_hash
from antiphon_networks.wordpress.entities import COMMENT, Json, moment


def of_post(form: Mapping[str, Any], post: Json) -> Receipt:
    """The receipt of a post; a draft has no address yet that others can see."""
    return Receipt(
        remote_id=str(post["id"]),
        url=str(post["link"]),
        at=moment(str(post["modified_gmt"])),
        payload_hash=payload_hash(form),
        data={"status": str(post["status"]), "slug": str(post["slug"])},
    )


def of_comment(form: Mapping[str, Any], comment: Json) -> Receipt:
    """The receipt of a comment."""
    return Receipt(
        remote_id=f"{COMMENT}{comment['id']}",
        url=str(comment["link"]),
        at=moment(str(comment["date_gmt"])),
        payload_hash=payload_hash(form),
        data={"status": str(comment["status"])},
    )


def gone(remote_id: str, at: datetime) -> Receipt:
    """The receipt of what lies in the trash now."""
    return Receipt(remote_id=remote_id, at=at, payload_hash=payload_hash({"post": remote_id}))


def read_as(
    make: Callable[[Mapping[str, Any], Json], Receipt], form: Mapping[str, Any]
) -> Callable[[httpx.Response], Receipt]:
    """Reads the answer to a post or comment that was made or changed."""
    return lambda answer: make(form, answer.json())

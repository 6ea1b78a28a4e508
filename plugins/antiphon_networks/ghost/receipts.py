"""What is kept of an act that Ghost did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import httpx

from antiphon import Receipt, payload_hash
from antiphon_networks.ghost.entities import COMMENT, Json, moment, permalink


def of_post(form: Json, post: Json) -> Receipt:
    """The receipt of a post; the address of a draft is that of its preview."""
    return Receipt(
        remote_id=str(post["id"]),
        url=str(post["url"]),
        at=moment(str(post["updated_at"])),
        payload_hash=payload_hash(form),
        data={"status": str(post["status"]), "slug": str(post["slug"])},
    )


def of_comment(form: Json, comment: Json) -> Receipt:
    """The receipt of a comment."""
    return Receipt(
        remote_id=f"{COMMENT}{comment['id']}",
        url=permalink(comment),
        at=moment(str(comment["created_at"])),
        payload_hash=payload_hash(form),
        data={"status": str(comment["status"])},
    )


def gone(remote_id: str, at: datetime) -> Receipt:
    """The receipt of what is there no more."""
    return Receipt(remote_id=remote_id, at=at, payload_hash=payload_hash({"post": remote_id}))


def read_as(kind: str, make: Callable[[Json, Json], Receipt], form: Json) -> Callable[[httpx.Response], Receipt]:
    """Reads the answer to a post or comment that was made or changed."""
    return lambda answer: make(form, answer.json()[kind][0])

"""Repositories: the records that accounts keep, over the world's statuses.

A post that was published elsewhere in the sandbox has a record too, made when it is first looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from antiphon.testing.sandbox.bluesky.identity import did, digest
from antiphon.testing.sandbox.records import Account, Draft, Media, Status
from antiphon.testing.sandbox.world import World

POST, LIKE, REPOST = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost"

_KEY_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Kept:
    """A record: its address, its fingerprint, its content, and the status that it made or is about."""

    uri: str
    cid: str
    value: Mapping[str, Any]
    status: Status


class Repositories:
    """The records of all accounts by their addresses."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Kept] = {}
        self._posts: dict[str, Kept] = {}
        self.blobs: dict[str, Media] = {}

    def get(self, uri: str) -> Kept | None:
        """The record at an address."""
        if uri not in self._kept:
            for status in self._world.statuses:
                self.of(status.reblog_of or status)
        kept = self._kept.get(uri)
        return kept if kept and self._world.statuses.get(kept.status.id) else None

    def of(self, status: Status) -> Kept:
        """The record of a status."""
        if status.id not in self._posts:
            value = {"$type": POST, "text": status.text, "createdAt": written(status.created_at)}
            self._post(f"at://{did(status.account)}/{POST}/{_key(status)}", value, status)
        return self._posts[status.id]

    def by(self, account: Account, collection: str, status: Status) -> Kept | None:
        """What an account did to a status."""
        start = f"at://{did(account)}/{collection}/"
        return next((kept for uri, kept in self._kept.items() if uri.startswith(start) and kept.status is status), None)

    def keep(self, account: Account, collection: str, key: str, value: Mapping[str, Any]) -> Kept | None:
        """Write a record, and do what it says; None when it is about a post that is not there."""
        about = value.get("subject") if collection in (LIKE, REPOST) else None
        status = self._status(about) if about else self._published(account, value)
        if status is None:
            return None
        if collection == LIKE:
            self._world.favourite(account, status)
        elif collection == REPOST:
            self._world.reblog(account, status)
        uri = f"at://{did(account)}/{collection}/{key}"
        if collection == POST:
            return self._post(uri, value, status)
        self._kept[uri] = Kept(uri, cid_of(value), value, status)
        return self._kept[uri]

    def remove(self, account: Account, uri: str) -> None:
        """Take a record away, and what it did back."""
        kept = self._kept.pop(uri, None)
        if kept is None:
            return
        if LIKE in uri:
            self._world.unfavourite(account, kept.status)
        elif REPOST in uri:
            self._world.unreblog(account, kept.status)
        else:
            self._world.delete(kept.status)

    def _published(self, account: Account, value: Mapping[str, Any]) -> Status:
        reply = value.get("reply")
        parent = self._status(reply["parent"]) if reply else None
        media = tuple(self._images(value.get("embed") or {}))
        languages = value.get("langs") or [None]
        return self._world.publish(
            account, Draft(value["text"], language=languages[0], in_reply_to=parent, media=media)
        )

    def _images(self, embed: Mapping[str, Any]) -> Iterator[Media]:
        for image in embed.get("media", embed).get("images", ()):
            media = self.blobs[image["image"]["ref"]["$link"]]
            media.description = image["alt"]
            yield media

    def _status(self, ref: Mapping[str, Any]) -> Status | None:
        kept = self.get(str(ref.get("uri")))
        return kept.status if kept and kept.cid == ref.get("cid") else None

    def _post(self, uri: str, value: Mapping[str, Any], status: Status) -> Kept:
        self._kept[uri] = self._posts[status.id] = Kept(uri, cid_of(value), value, status)
        return self._kept[uri]


def cid_of(value: Mapping[str, Any]) -> str:
    """The fingerprint of a record: another content, another fingerprint."""
    return f"bafyrei{digest(json.dumps(value, sort_keys=True))}"


def written(at: datetime) -> str:
    """A time as the protocol writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _key(status: Status) -> str:
    number = int(status.id) % 2**59
    return "3" + "".join(_KEY_DIGITS[number >> shift & 31] for shift in range(55, -1, -5))

"""The world as the network's index tells it (lexicons app.bsky.{actor,feed,notification}, 2026-08-20)."""

from __future__ import annotations

from typing import Any

from antiphon.testing.sandbox.bluesky.identity import did, handle
from antiphon.testing.sandbox.bluesky.repositories import LIKE, REPOST, Repositories, written
from antiphon.testing.sandbox.records import Account, Status

Json = dict[str, Any]


def profile(account: Account) -> Json:
    """An account, as it stands beside what it says."""
    return {"did": did(account), "handle": handle(account), "displayName": account.name}


def detailed(account: Account) -> Json:
    """An account with its numbers (app.bsky.actor.defs#profileViewDetailed)."""
    return {
        **profile(account),
        "description": account.note,
        "followersCount": account.followers_count,
        "followsCount": len(account.following),
        "postsCount": len(account.statuses),
        "createdAt": written(account.created_at),
        "indexedAt": written(account.created_at),
    }


def post(status: Status, reader: Account, repositories: Repositories) -> Json:
    """A post with its counts and with what the reader did to it."""
    kept = repositories.of(status)
    done = {"like": repositories.by(reader, LIKE, status), "repost": repositories.by(reader, REPOST, status)}
    return {
        "uri": kept.uri,
        "cid": kept.cid,
        "author": profile(status.account),
        "record": kept.value,
        "indexedAt": written(status.created_at),
        "likeCount": len(status.favourited_by),
        "repostCount": len(status.reblogs),
        "replyCount": len(status.replies),
        "quoteCount": 0,
        "viewer": {name: one.uri for name, one in done.items() if one},
    }


def item(status: Status, reader: Account, repositories: Repositories) -> Json:
    """A post or a repost in a timeline."""
    if status.reblog_of is None:
        return {"post": post(status, reader, repositories)}
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": profile(status.account)}
    indexed = {"indexedAt": written(status.created_at)}
    return {"post": post(status.reblog_of, reader, repositories), "reason": {**reason, **indexed}}


def notification(status: Status, reason: str, repositories: Repositories) -> Json:
    """Somebody wrote to the reader."""
    kept = repositories.of(status)
    return {
        "uri": kept.uri,
        "cid": kept.cid,
        "author": profile(status.account),
        "reason": reason,
        "record": kept.value,
        "isRead": False,
        "indexedAt": written(status.created_at),
    }


def reason(status: Status, reader: Account, repositories: Repositories) -> str:
    """Why a status concerns the reader: `mention`, `reply`, or nothing."""
    if status.account is reader or status.reblog_of:
        return ""
    if status.in_reply_to and status.in_reply_to.account is reader:
        return "reply"
    facets = repositories.of(status).value.get("facets", ())
    marked = {feature.get("did") for facet in facets for feature in facet["features"]}
    return "mention" if reader in status.mentions or did(reader) in marked else ""

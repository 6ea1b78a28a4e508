"""The shapes of the answers: records as Mastodon's JSON entities.

Source: mastodon/documentation, entities/*.md (2026-07-02). Keys about the reader (`favourited` …) are there only when
the reader has an account.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from antiphon.testing.sandbox import text
from antiphon.testing.sandbox.records import Account, Media, Notification, ScheduledStatus, Status
from antiphon.testing.sandbox.world import World

Json = dict[str, Any]

APPLICATION = {"name": "Antiphon sandbox", "website": None}


def moment(at: datetime) -> str:
    """A datetime as Mastodon writes it: UTC, milliseconds, `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def account(account: Account) -> Json:
    """entities/Account.md"""
    newest = account.statuses.newest()
    picture = f"https://{account.host}/avatars/original/missing.png"
    header = f"https://{account.host}/headers/original/missing.png"
    return {
        "id": account.id,
        "username": account.username,
        "acct": account.acct,
        "display_name": account.name,
        "locked": False,
        "bot": account.bot,
        "discoverable": True,
        "indexable": True,
        "group": False,
        "created_at": account.created_at.strftime("%Y-%m-%dT00:00:00.000Z"),
        "note": text.html(account.note, lambda name, host: None, f"https://{account.host}/tags"),
        "url": account.url,
        "uri": account.uri,
        "avatar": picture,
        "avatar_static": picture,
        "header": header,
        "header_static": header,
        "followers_count": account.followers_count,
        "following_count": len(account.following),
        "statuses_count": len(account.statuses),
        "last_status_at": newest.created_at.strftime("%Y-%m-%d") if newest else None,
        "emojis": [],
        "fields": fields(account),
    }


def fields(account: Account) -> list[Json]:
    """entities/Account.md#Field"""
    return [{"name": name, "value": value, "verified_at": None} for name, value in account.fields]


def credential_account(owner: Account) -> Json:
    """entities/Account.md#CredentialAccount"""
    return account(owner) | {
        "source": {
            "privacy": "public",
            "sensitive": False,
            "language": None,
            "note": owner.note,
            "fields": fields(owner),
            "follow_requests_count": 0,
            "indexable": True,
            "discoverable": True,
        },
        "role": {"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": False},
    }


def relationship(reader: Account, other: Account) -> Json:
    """entities/Relationship.md"""
    following = other.id in reader.following
    return {
        "id": other.id,
        "following": following,
        "showing_reblogs": following,
        "notifying": False,
        "languages": None,
        "followed_by": reader.id in other.following,
        "blocking": False,
        "blocked_by": False,
        "muting": False,
        "muting_notifications": False,
        "requested": False,
        "requested_by": False,
        "domain_blocking": False,
        "endorsed": False,
        "note": "",
    }


def media(file: Media, ready: bool = True) -> Json:
    """entities/MediaAttachment.md; `url` is null while the file is being processed."""
    return {
        "id": file.id,
        "type": file.kind,
        "url": file.url if ready else None,
        "preview_url": file.url.replace("/original/", "/small/"),
        "remote_url": None,
        "meta": None,
        "description": file.description,
        "blurhash": None,
    }


def mention(account: Account) -> Json:
    """entities/Status.md#Mention"""
    return {"id": account.id, "username": account.username, "url": account.url, "acct": account.acct}


def tag(name: str, world: World) -> Json:
    """entities/Status.md#Tag"""
    return {"name": name, "url": f"https://{world.domain}/tags/{name}"}


def status(post: Status, world: World, reader: Account | None) -> Json:
    """entities/Status.md"""

    def profile(name: str, host: str | None) -> str | None:
        found = world.find(f"{name}@{host}" if host else name)
        return found.url if found else None

    shown: Json = {
        "id": post.id,
        "created_at": moment(post.created_at),
        "in_reply_to_id": post.in_reply_to.id if post.in_reply_to else None,
        "in_reply_to_account_id": post.in_reply_to.account.id if post.in_reply_to else None,
        "sensitive": post.sensitive,
        "spoiler_text": post.spoiler_text,
        "visibility": post.visibility,
        "language": post.language,
        "uri": post.uri,
        "url": post.url,
        "replies_count": len(post.replies),
        "reblogs_count": len(post.reblogs),
        "favourites_count": len(post.favourited_by),
        "edited_at": moment(post.edited_at) if post.edited_at else None,
        "content": text.html(post.text, profile, f"https://{world.domain}/tags"),
        "reblog": status(post.reblog_of, world, reader) if post.reblog_of else None,
        "application": APPLICATION if post.account.local else None,
        "account": account(post.account),
        "media_attachments": [media(file) for file in post.media],
        "mentions": [mention(account) for account in post.mentions],
        "tags": [tag(name, world) for name in post.tags],
        "emojis": [],
        "card": None,
        "poll": None,
    }
    if reader is not None:
        original = post.reblog_of or post
        shown |= {
            "favourited": reader.id in original.favourited_by,
            "reblogged": reader.id in original.reblogs,
            "muted": False,
            "bookmarked": False,
            "filtered": [],
        }
        if post.account is reader:
            shown["pinned"] = False
    return shown


def scheduled_status(scheduled: ScheduledStatus) -> Json:
    """entities/ScheduledStatus.md"""
    draft = scheduled.draft
    return {
        "id": scheduled.id,
        "scheduled_at": moment(scheduled.at),
        "params": {
            "text": draft.text,
            "media_ids": [file.id for file in draft.media] or None,
            "sensitive": draft.sensitive,
            "spoiler_text": draft.spoiler_text or None,
            "visibility": draft.visibility,
            "language": draft.language,
            "scheduled_at": None,
            "poll": None,
            "idempotency": None,
            "with_rate_limit": False,
            "in_reply_to_id": int(draft.in_reply_to.id) if draft.in_reply_to else None,
            "application_id": 1,
        },
        "media_attachments": [media(file) for file in draft.media],
    }


def notification(happened: Notification, world: World, reader: Account) -> Json:
    """entities/Notification.md"""
    shown: Json = {
        "id": happened.id,
        "type": happened.kind,
        "group_key": f"ungrouped-{happened.id}",
        "created_at": moment(happened.created_at),
        "account": account(happened.account),
    }
    if happened.status is not None:
        shown["status"] = status(happened.status, world, reader)
    return shown

"""The methods that the sandbox answers, and the network's rules for a post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import regex

from antiphon.testing.sandbox.bluesky import views
from antiphon.testing.sandbox.bluesky.calls import Call, Complaint, Json
from antiphon.testing.sandbox.bluesky.identity import did, digest, handle, named
from antiphon.testing.sandbox.bluesky.repositories import POST, cid_of
from antiphon.testing.sandbox.records import Account, Status
from antiphon.testing.sandbox.series import Window

CHARACTERS, BYTES = 300, 3_000
"""The longest text (lexicon app.bsky.feed.post, 2026-08-20)."""

_GRAPHEME = regex.compile(r"\X")


def create_session(call: Call) -> Json:
    """A token of the account is its app password."""
    account = named(call.world, call.text("identifier"))
    token = call.world.token(call.text("password"))
    if account is None or token is None or token.account is not account:
        raise Complaint("AuthenticationRequired", "Invalid identifier or password", 401)
    return _session(call, account)


def refresh_session(call: Call) -> Json:
    """The refresh token is used up by it."""
    account = call.caller
    call.world.revoke(call.token)
    return _session(call, account)


def get_session(call: Call) -> Json:
    """Who calls."""
    return {"did": did(call.caller), "handle": handle(call.caller), "active": True}


def resolve_handle(call: Call) -> Json:
    """Whose handle it is."""
    account = named(call.world, call.text("handle"))
    if account is None:
        raise Complaint("InvalidRequest", "Unable to resolve handle")
    return {"did": did(account)}


def put_record(call: Call) -> Json:
    """Write a record where there is none; one that differs in nothing is as good."""
    caller, collection, key, value = _own(call), call.text("collection"), call.text("rkey"), call.asked["record"]
    there = call.repositories.get(f"at://{did(caller)}/{collection}/{key}")
    if there is not None and there.cid != cid_of(value):
        raise Complaint("InvalidSwap", f"Record was at {there.cid}")
    _check(collection, value)
    kept = there or call.repositories.keep(caller, collection, key, value)
    if kept is None:
        raise Complaint("InvalidRequest", "The subject is not there")
    return {"uri": kept.uri, "cid": kept.cid, "validationStatus": "valid"}


def get_record(call: Call) -> Json:
    """A record of anybody's."""
    owner = named(call.world, call.text("repo"))
    uri = f"at://{did(owner) if owner else call.text('repo')}/{call.text('collection')}/{call.text('rkey')}"
    kept = call.repositories.get(uri)
    if kept is None:
        raise Complaint("RecordNotFound", f"Could not locate record: {uri}")
    return {"uri": kept.uri, "cid": kept.cid, "value": kept.value}


def delete_record(call: Call) -> Json:
    """Take a record away; one that is not there is as good as deleted."""
    caller = _own(call)
    call.repositories.remove(caller, f"at://{did(caller)}/{call.text('collection')}/{call.text('rkey')}")
    return {}


def upload_blob(call: Call) -> Json:
    """Take a file in."""
    link = f"bafkrei{digest(call.content.hex())}"
    call.repositories.blobs[link] = call.world.upload(call.caller, link, call.kind, call.content, None)
    return {"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": call.kind, "size": len(call.content)}}


def list_notifications(call: Call) -> Json:
    """What was said to the caller, for the reasons that are asked for."""
    caller, wanted = call.caller, call.many.get("reasons", ["mention", "reply"])
    found, cursor = _page(call, call.world.statuses, lambda one: views.reason(one, caller, call.repositories) in wanted)
    reasons = [(one, views.reason(one, caller, call.repositories)) for one in found]
    return {"notifications": [views.notification(one, why, call.repositories) for one, why in reasons], **cursor}


def search_posts(call: Call) -> Json:
    """Posts that hold all the words."""
    caller, words = call.caller, call.text("q").lower().split()

    def holds(status: Status) -> bool:
        return not status.reblog_of and all(word in status.text.lower() for word in words)

    found, cursor = _page(call, call.world.statuses, holds)
    return {"posts": [views.post(one, caller, call.repositories) for one in found], **cursor}


def get_timeline(call: Call) -> Json:
    """What those say whom the caller follows, and the caller."""
    caller = call.caller
    found, cursor = _page(
        call, call.world.statuses, lambda one: one.account is caller or one.account.id in caller.following
    )
    return {"feed": [views.item(one, caller, call.repositories) for one in found], **cursor}


def get_author_feed(call: Call) -> Json:
    """What one account said."""
    caller, author = call.caller, named(call.world, call.text("actor"))
    if author is None:
        raise Complaint("InvalidRequest", "Profile not found")
    found, cursor = _page(call, author.statuses, lambda one: True)
    return {"feed": [views.item(one, caller, call.repositories) for one in found], **cursor}


def get_posts(call: Call) -> Json:
    """Some posts by their addresses; what is not there is left out."""
    caller = call.caller
    found = [kept for uri in call.many.get("uris", ()) if (kept := call.repositories.get(uri)) and POST in uri]
    return {"posts": [views.post(kept.status, caller, call.repositories) for kept in found]}


def get_profile(call: Call) -> Json:
    """An account with its numbers."""
    return views.detailed(_actor(call))


def get_profiles(call: Call) -> Json:
    """Some accounts; who is not there is left out."""
    found = [account for actor in call.many.get("actors", ()) if (account := named(call.world, actor))]
    return {"profiles": [views.detailed(account) for account in found]}


def get_followers(call: Call) -> Json:
    """Who follows an account, newest first; all on one page."""
    account = _actor(call)
    found = list(account.followers)[::-1]
    return {"subject": views.profile(account), "followers": [views.profile(one.follower) for one in found]}


def get_follows(call: Call) -> Json:
    """Whom an account follows, newest first; all on one page."""
    account = _actor(call)
    found = list(account.following.values())[::-1]
    return {"subject": views.profile(account), "follows": [views.profile(one.followed) for one in found]}


METHODS: dict[str, tuple[str, Callable[[Call], Json]]] = {
    "com.atproto.server.createSession": ("POST", create_session),
    "com.atproto.server.refreshSession": ("POST", refresh_session),
    "com.atproto.server.getSession": ("GET", get_session),
    "com.atproto.identity.resolveHandle": ("GET", resolve_handle),
    "com.atproto.repo.putRecord": ("POST", put_record),
    "com.atproto.repo.getRecord": ("GET", get_record),
    "com.atproto.repo.deleteRecord": ("POST", delete_record),
    "com.atproto.repo.uploadBlob": ("POST", upload_blob),
    "app.bsky.notification.listNotifications": ("GET", list_notifications),
    "app.bsky.feed.searchPosts": ("GET", search_posts),
    "app.bsky.feed.getTimeline": ("GET", get_timeline),
    "app.bsky.feed.getAuthorFeed": ("GET", get_author_feed),
    "app.bsky.feed.getPosts": ("GET", get_posts),
    "app.bsky.actor.getProfile": ("GET", get_profile),
    "app.bsky.actor.getProfiles": ("GET", get_profiles),
    "app.bsky.graph.getFollowers": ("GET", get_followers),
    "app.bsky.graph.getFollows": ("GET", get_follows),
}


def _session(call: Call, account: Account) -> Json:
    tokens = {name: call.world.grant(account) for name in ("accessJwt", "refreshJwt")}
    return {"did": did(account), "handle": handle(account), "active": True, **tokens}


def _actor(call: Call) -> Account:
    account = named(call.world, call.text("actor")) if call.caller else None
    if account is None:
        raise Complaint("InvalidRequest", "Profile not found")
    return account


def _own(call: Call) -> Account:
    caller = call.caller
    if named(call.world, call.text("repo")) is not caller:
        raise Complaint("AccountNotFound", "Account not found", 403)
    return caller


def _check(collection: str, value: Any) -> None:
    if collection != POST:
        return
    if not isinstance(value.get("text"), str):
        raise Complaint("InvalidRequest", f"Invalid {POST} record: Expected string value type at $.record.text")
    characters, size = sum(1 for _ in _GRAPHEME.finditer(value["text"])), len(value["text"].encode())
    for what, most, got in (("grapheme", CHARACTERS, characters), ("string", BYTES, size)):
        if got > most:
            told = f"{what} too big (maximum {most}, got {got}) at $.record.text"
            raise Complaint("InvalidRequest", f"Invalid {POST} record: {told}")


def _page(call: Call, statuses: Any, keep: Callable[[Status], bool]) -> tuple[Sequence[Status], dict[str, str]]:
    limit = min(int(call.asked.get("limit", 50)), 100)
    found = statuses.page(Window(limit, max_id=call.asked.get("cursor")), keep)
    return found, {"cursor": found[-1].id} if len(found) == limit else {}

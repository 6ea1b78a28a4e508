"""Accounts and who follows them (mastodon/documentation, methods/accounts.md, 2026-07-02)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox import views
from antiphon.testing.sandbox.mastodon import answers, entities, rules
from antiphon.testing.sandbox.mastodon.access import Called, Network
from antiphon.testing.sandbox.mastodon.parameters import Given
from antiphon.testing.sandbox.records import Account, Status
from antiphon.testing.sandbox.refusals import NotFound
from antiphon.testing.sandbox.world import World

router = APIRouter(prefix="/api/v1/accounts")

STATUSES = 20
FOLLOWERS = 40


@router.get("/verify_credentials")
def verify_credentials(caller: Called) -> JSONResponse:
    """Whose token this is."""
    return JSONResponse(entities.credential_account(caller.must("read:accounts", "profile")))


@router.patch("/update_credentials")
def update_credentials(caller: Called, given: Given) -> JSONResponse:
    """Change how the account presents itself; what is not given stays."""
    account = caller.must("write:accounts")
    presented = rules.presentation(given)
    account.name = presented.name if presented.name is not None else account.name
    account.note = presented.note if presented.note is not None else account.note
    account.fields = presented.fields if presented.fields is not None else account.fields
    account.images.update(presented.images)
    return JSONResponse(entities.credential_account(account))


@router.get("/lookup")
def lookup(world: Network, caller: Called, given: Given) -> JSONResponse:
    """The account of an address."""
    caller.may("read:accounts")
    found = world.find(given.text("acct") or "")
    if found is None:
        raise NotFound
    return JSONResponse(entities.account(found))


@router.get("/{identifier}")
def show(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """One account."""
    caller.may("read:accounts")
    return JSONResponse(entities.account(_account(identifier, world)))


@router.get("/{identifier}/statuses")
def statuses(request: Request, world: Network, caller: Called, given: Given, identifier: str) -> JSONResponse:
    """What the account wrote and reblogged, as far as the caller may see it."""
    reader = caller.may("read:statuses")
    author, window = _account(identifier, world), given.window(STATUSES)
    no_replies, no_reblogs = given.flag("exclude_replies"), given.flag("exclude_reblogs")
    only_media, pinned, tag = given.flag("only_media"), given.flag("pinned"), given.text("tagged")

    def keep(status: Status) -> bool:
        to_others = status.in_reply_to is not None and status.in_reply_to.account is not author
        left_out = (
            (no_replies and to_others)
            or (no_reblogs and status.reblog_of is not None)
            or (only_media and not status.media)
            or (tag is not None and tag.lower() not in status.tags)
            or pinned
        )
        return not left_out and views.visible(status, reader)

    found = author.statuses.page(window, keep)
    shown = [entities.status(status, world, reader) for status in found]
    return answers.page(request, found, shown, last=len(found) < window.limit)


@router.get("/{identifier}/followers")
def followers(request: Request, world: Network, caller: Called, given: Given, identifier: str) -> JSONResponse:
    """Who follows the account; its pages are reached by the links alone, which carry ids of follows."""
    caller.may("read:accounts")
    window = given.window(FOLLOWERS)
    found = _account(identifier, world).followers.page(window)
    shown = [entities.account(follow.follower) for follow in found]
    return answers.page(request, found, shown, newer="since_id", last=len(found) < window.limit)


@router.get("/{identifier}/following")
def following(request: Request, world: Network, caller: Called, given: Given, identifier: str) -> JSONResponse:
    """Whom the account follows, newest first."""
    caller.may("read:accounts")
    found = list(_account(identifier, world).following.values())[::-1][: given.limit(FOLLOWERS)]
    return answers.page(request, found, [entities.account(follow.followed) for follow in found], last=True)


@router.post("/{identifier}/follow")
def follow(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Follow; fine too when one does already."""
    reader, other = caller.must("write:follows", "follow"), _account(identifier, world)
    world.follow(reader, other)
    return JSONResponse(entities.relationship(reader, other))


@router.post("/{identifier}/unfollow")
def unfollow(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Follow no more; fine too when one did not."""
    reader, other = caller.must("write:follows", "follow"), _account(identifier, world)
    world.unfollow(reader, other)
    return JSONResponse(entities.relationship(reader, other))


def _account(identifier: str, world: World) -> Account:
    account = world.accounts.get(identifier)
    if account is None:
        raise NotFound
    return account

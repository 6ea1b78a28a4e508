"""Search (mastodon/documentation, methods/search.md, 2026-07-02)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.mastodon import entities
from antiphon.testing.sandbox.mastodon.access import Called, Network
from antiphon.testing.sandbox.mastodon.parameters import Given
from antiphon.testing.sandbox.records import Account, Status, Visibility
from antiphon.testing.sandbox.world import World

router = APIRouter()

PAGE = 20


@router.get("/api/v2/search")
def search(world: Network, caller: Called, given: Given) -> JSONResponse:
    """Accounts by name, hashtags by their beginning and, for a caller with a token, public statuses by their words."""
    reader = caller.may("read:search")
    asked, kind, window = (given.text("q") or "").strip().lower(), given.text("type"), given.window(PAGE)
    skip = int(given.text("offset") or 0) if kind and (given.text("offset") or "").isdecimal() else 0
    by = given.text("account_id")

    def matches(status: Status) -> bool:
        wanted = status.visibility is Visibility.PUBLIC and not status.reblog_of
        said = status.text.lower()
        return wanted and by in {None, status.account.id} and all(word in said for word in asked.split())

    found: entities.Json = {"accounts": [], "statuses": [], "hashtags": []}
    if not asked:
        return JSONResponse(found)

    def cut(results: Iterable[entities.Json]) -> list[entities.Json]:
        return list(islice(results, skip, skip + window.limit))

    if kind in {None, "accounts"}:
        found["accounts"] = cut(entities.account(account) for account in _accounts(asked, world))
    if kind in {None, "hashtags"}:
        found["hashtags"] = cut(_hashtag(name, world) for name in _hashtags(asked, world))
    if kind in {None, "statuses"} and reader is not None:
        wider = given.window(PAGE, extra=skip)
        found["statuses"] = cut(
            entities.status(status, world, reader) for status in world.statuses.page(wider, matches)
        )
    return JSONResponse(found)


def _accounts(asked: str, world: World) -> list[Account]:
    wanted = asked.removeprefix("@")
    return [
        account
        for account in list(world.accounts.values())
        if account.acct.lower().startswith(wanted) or account.handle.lower() == wanted or wanted in account.name.lower()
    ]


def _hashtags(asked: str, world: World) -> list[str]:
    wanted = asked.removeprefix("#")
    return sorted({tag for status in world.statuses for tag in status.tags if tag.startswith(wanted)})


def _hashtag(name: str, world: World) -> entities.Json:
    return entities.tag(name, world) | {"id": name, "history": [], "following": False}

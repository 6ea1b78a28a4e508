"""Timelines (mastodon/documentation, methods/timelines.md, 2026-07-02)."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox import views
from antiphon.testing.sandbox.mastodon import answers, entities
from antiphon.testing.sandbox.mastodon.access import Called, Network
from antiphon.testing.sandbox.mastodon.parameters import Given, Parameters
from antiphon.testing.sandbox.records import Status

router = APIRouter(prefix="/api/v1/timelines")

PAGE = 20


@router.get("/public")
def public(request: Request, world: Network, caller: Called, given: Given) -> JSONResponse:
    """What everybody says in public."""
    reader = caller.may("read:statuses")
    found = views.public(world, given.window(PAGE), _wanted(given))
    return answers.page(request, found, [entities.status(status, world, reader) for status in found])


@router.get("/tag/{tag}")
def tagged(request: Request, world: Network, caller: Called, given: Given, tag: str) -> JSONResponse:
    """What everybody says in public under a hashtag."""
    reader = caller.may("read:statuses")
    found = views.tagged(world, tag, given.window(PAGE), _wanted(given))
    return answers.page(request, found, [entities.status(status, world, reader) for status in found])


@router.get("/home")
def home(request: Request, world: Network, caller: Called, given: Given) -> JSONResponse:
    """What the caller and those they follow say."""
    reader = caller.must("read:statuses")
    found = views.home(world, reader, given.window(PAGE))
    return answers.page(request, found, [entities.status(status, world, reader) for status in found])


def _wanted(given: Parameters) -> Callable[[Status], bool]:
    local, remote, only_media = given.flag("local"), given.flag("remote"), given.flag("only_media")

    def keep(status: Status) -> bool:
        if (local and not status.account.local) or (remote and status.account.local):
            return False
        return bool(status.media) or not only_media

    return keep

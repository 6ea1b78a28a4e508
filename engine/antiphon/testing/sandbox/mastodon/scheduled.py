"""Statuses that wait for their time (mastodon/documentation, methods/scheduled_statuses.md, 2026-07-02)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.mastodon import answers, entities
from antiphon.testing.sandbox.mastodon.access import Called, Network
from antiphon.testing.sandbox.mastodon.parameters import Given
from antiphon.testing.sandbox.records import Account, ScheduledStatus
from antiphon.testing.sandbox.refusals import NotFound
from antiphon.testing.sandbox.world import World

router = APIRouter(prefix="/api/v1/scheduled_statuses")


@router.get("")
def index(request: Request, world: Network, caller: Called, given: Given) -> JSONResponse:
    """One's own scheduled statuses."""
    author = caller.must("read:statuses")
    found = world.scheduled.page(given.window(20), lambda scheduled: scheduled.account is author)
    return answers.page(request, found, [entities.scheduled_status(scheduled) for scheduled in found])


@router.get("/{identifier}")
def show(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """One of them."""
    return JSONResponse(entities.scheduled_status(_own(identifier, caller.must("read:statuses"), world)))


@router.delete("/{identifier}")
def cancel(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Never publish it."""
    world.cancel(_own(identifier, caller.must("write:statuses"), world))
    return JSONResponse({})


def _own(identifier: str, author: Account, world: World) -> ScheduledStatus:
    scheduled = world.scheduled.get(identifier)
    if scheduled is None or scheduled.account is not author:
        raise NotFound
    return scheduled

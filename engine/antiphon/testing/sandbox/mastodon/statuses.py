"""Publishing and reading statuses (mastodon/documentation, methods/statuses.md, 2026-07-02)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox import views
from antiphon.testing.sandbox.mastodon import entities, rules
from antiphon.testing.sandbox.mastodon.access import Called, Keys, Network
from antiphon.testing.sandbox.mastodon.parameters import Given
from antiphon.testing.sandbox.records import Account, Status, Visibility
from antiphon.testing.sandbox.refusals import Invalid, NotFound
from antiphon.testing.sandbox.world import World

router = APIRouter(prefix="/api/v1/statuses")

ANCESTORS_FOR_ANYBODY = 40
DESCENDANTS_FOR_ANYBODY = 60


@router.post("")
def create(
    world: Network, keys: Keys, caller: Called, given: Given, idempotency_key: Annotated[str | None, Header()] = None
) -> JSONResponse:
    """Publish or schedule; a repeated key answers with what its first request made, or 404 if that is gone."""
    author = caller.must("write:statuses")
    with world.lock:
        if idempotency_key and (made := keys.recall(author.id, idempotency_key)):
            return JSONResponse(_again(made, author, world))
        draft = rules.draft(given, author, world)
        at = rules.publication(given, world.clock.now())
        if at is not None:
            scheduled = world.schedule(author, draft, at)
            answer, made = entities.scheduled_status(scheduled), scheduled.id
        else:
            status = world.publish(author, draft)
            answer, made = entities.status(status, world, author), status.id
        if idempotency_key:
            keys.remember(author.id, idempotency_key, made)
    return JSONResponse(answer)


def _again(made: str, author: Account, world: World) -> entities.Json:
    if scheduled := world.scheduled.get(made):
        return entities.scheduled_status(scheduled)
    return entities.status(views.find(world, made, author), world, author)


@router.get("/{identifier}")
def show(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """One status."""
    reader = caller.may("read:statuses")
    return JSONResponse(entities.status(views.find(world, identifier, reader), world, reader))


@router.put("/{identifier}")
def edit(world: Network, caller: Called, given: Given, identifier: str) -> JSONResponse:
    """Change one's own status."""
    author = caller.must("write:statuses")
    status = _own(identifier, author, world)
    world.edit(status, rules.revision(given, status, world))
    return JSONResponse(entities.status(status, world, author))


@router.delete("/{identifier}")
def delete(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Remove one's own status; the answer has its source text, for a redraft."""
    author = caller.must("write:statuses")
    status = _own(identifier, author, world)
    answer = entities.status(status, world, author) | {"text": status.text}
    world.delete(status)
    return JSONResponse(answer)


@router.get("/{identifier}/source")
def source(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """The text as it was written."""
    status = views.find(world, identifier, caller.must("read:statuses"))
    return JSONResponse({"id": status.id, "text": status.text, "spoiler_text": status.spoiler_text})


@router.get("/{identifier}/context")
def context(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """The thread above and below; anybody without a token sees only so much of it."""
    reader = caller.may("read:statuses")
    status = views.find(world, identifier, reader)
    above, below = views.ancestors(status, reader), views.descendants(status, reader)
    if reader is None:
        above, below = above[-ANCESTORS_FOR_ANYBODY:], below[:DESCENDANTS_FOR_ANYBODY]
    return JSONResponse(
        {
            "ancestors": [entities.status(status, world, reader) for status in above],
            "descendants": [entities.status(status, world, reader) for status in below],
        }
    )


@router.post("/{identifier}/reblog")
def reblog(world: Network, caller: Called, given: Given, identifier: str) -> JSONResponse:
    """Reblog; what is already reblogged answers with the same reblog."""
    reader = caller.must("write:statuses")
    wanted = given.text("visibility") or "public"
    if wanted not in {"public", "unlisted", "private"}:
        raise Invalid("Validation failed: Visibility is not valid for a reblog")
    made = world.reblog(reader, views.find(world, identifier, reader), Visibility(wanted))
    return JSONResponse(entities.status(made, world, reader))


@router.post("/{identifier}/unreblog")
def unreblog(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Take a reblog back; fine too when there is none."""
    reader = caller.must("write:statuses")
    status = _original(identifier, reader, world)
    world.unreblog(reader, status)
    return JSONResponse(entities.status(status, world, reader))


@router.post("/{identifier}/favourite")
def favourite(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Favourite; fine too when it is one already."""
    reader = caller.must("write:favourites")
    status = _original(identifier, reader, world)
    world.favourite(reader, status)
    return JSONResponse(entities.status(status, world, reader))


@router.post("/{identifier}/unfavourite")
def unfavourite(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Take a favourite back; fine too when there is none."""
    reader = caller.must("write:favourites")
    status = _original(identifier, reader, world)
    world.unfavourite(reader, status)
    return JSONResponse(entities.status(status, world, reader))


def _original(identifier: str, reader: Account, world: World) -> Status:
    status = views.find(world, identifier, reader)
    return status.reblog_of or status


def _own(identifier: str, author: Account, world: World) -> Status:
    status = views.find(world, identifier, author)
    if status.account is not author:
        raise NotFound
    return status

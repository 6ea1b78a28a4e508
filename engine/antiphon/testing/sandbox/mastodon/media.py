"""Files to attach (mastodon/documentation, methods/media.md, 2026-07-02)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.mastodon import entities, rules
from antiphon.testing.sandbox.mastodon.access import Called, Network
from antiphon.testing.sandbox.mastodon.parameters import Given
from antiphon.testing.sandbox.records import Account, Media
from antiphon.testing.sandbox.refusals import NotFound
from antiphon.testing.sandbox.world import World

router = APIRouter()


@router.post("/api/v2/media")
def upload(world: Network, caller: Called, given: Given) -> JSONResponse:
    """Take a file: 200 when it is ready, 202 while it is being processed."""
    owner = caller.must("write:media")
    file = rules.check_file(given.files.get("file"))
    media = world.upload(owner, file.name, file.mime_type, file.content, rules.description(given))
    ready = world.ready(media)
    return JSONResponse(entities.media(media, ready), 200 if ready else 202)


@router.get("/api/v1/media/{identifier}")
def show(world: Network, caller: Called, identifier: str) -> JSONResponse:
    """Whether a file is ready: 200, or 206 while it is being processed."""
    media = _free(identifier, caller.must("write:media"), world)
    ready = world.ready(media)
    return JSONResponse(entities.media(media, ready), 200 if ready else 206)


@router.put("/api/v1/media/{identifier}")
def describe(world: Network, caller: Called, given: Given, identifier: str) -> JSONResponse:
    """Change the description of a file that is not attached yet."""
    media = _free(identifier, caller.must("write:media"), world)
    described = rules.description(given)
    if described is not None:
        media.description = described
    return JSONResponse(entities.media(media, world.ready(media)))


def _free(identifier: str, owner: Account, world: World) -> Media:
    media = world.media.get(identifier)
    if media is None or media.owner is not owner or media.attached:
        raise NotFound
    return media

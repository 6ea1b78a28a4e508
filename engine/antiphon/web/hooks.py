"""Webhooks: `POST /hooks/{path}`. What a sender is told, and nothing more; the trigger decides whom it trusts."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from antiphon.app import Antiphon
from antiphon.errors import InputError, SetupError, Untrusted

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
"""Bytes that a body may have; reading stops there."""


async def limited(request: Request) -> bytes | None:
    """The body, or None when it is too large. It is async since a stream cannot be read otherwise."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return bytes(body)


def router(app: Antiphon) -> APIRouter:
    """The door for other systems."""
    routes = APIRouter()

    @routes.post("/hooks/{path:path}")
    def receive(path: str, request: Request, body: Annotated[bytes | None, Depends(limited)]) -> JSONResponse:
        """202 when it was kept; the workflows answer soon after. A repeated delivery is the same event."""
        if body is None:
            return _refused(413, InputError(f"The body is larger than {LARGEST:,} bytes."))
        if not _takes(app, path):
            return _refused(404, InputError("No enabled workflow takes requests here."))
        try:
            event = app.receive(path, request.headers, body)
        except InputError as error:
            return _refused(401 if isinstance(error, Untrusted) else 400, error)
        except SetupError as error:
            log.error("The webhook %s is not set up: %s", path, error)
            return _refused(503, InputError("This webhook is not set up on our side. Try again later."))
        return JSONResponse({"event": event.id}, 202)

    return routes


def _takes(app: Antiphon, path: str) -> bool:
    kinds = app.registry.catalogue.triggers
    doors = (
        kinds[trigger.kind]().door(kinds[trigger.kind].Options.model_validate(trigger.options))
        for program in app.programs.values()
        for trigger in program.triggers
    )
    return path != "" and path in doors


def _refused(status: int, error: InputError) -> JSONResponse:
    document = {"error": error.sentence, **({"hint": error.hint} if error.hint else {})}
    return JSONResponse(document, status)

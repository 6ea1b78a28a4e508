"""The doorways that plugins bring: anybody may open them, and learns nothing but what the doorway answers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from antiphon.app import Antiphon
from antiphon.components.doorway import Doorway, Redirect, Visit

log = logging.getLogger(__name__)

LONGEST = 200
"""Characters of a key: what is longer is no key of ours."""


def router(app: Antiphon) -> APIRouter:
    """`/{path}/{key}` of every doorway."""
    routes = APIRouter()
    for door in app.registry.catalogue.doorways:
        methods = ["GET", "HEAD", *(["POST"] if door.posted else [])]
        routes.add_api_route(f"/{door.path}/{{key:path}}", _opened(app, door), methods=methods)
    return routes


def _opened(app: Antiphon, door: Doorway) -> Callable[[Request, str], Response]:
    def open_(request: Request, key: str) -> Response:
        address = request.client.host if request.client else ""
        try:
            visit = Visit(key, request.method, address, dict(request.headers), app.store, app.clock)
            answer = door.open(visit) if len(key) <= LONGEST else None
        except Exception as error:  # a stranger knocks at a stranger's door: neither may learn what is inside
            log.error("The doorway /%s failed: %s", door.path, app.secrets.conceal(f"{type(error).__name__}: {error}"))
            return PlainTextResponse("This cannot be answered now.", 503)
        match answer:
            case Redirect(to=to) if to.startswith(("https://", "http://")):
                return RedirectResponse(to, 302)
            case str():
                return PlainTextResponse(answer)
        return PlainTextResponse("There is nothing here.", 404)

    return open_

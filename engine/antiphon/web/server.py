"""The server: webhooks and pages of one workspace, on this machine only unless the settings say otherwise."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from antiphon.app import Antiphon
from antiphon.errors import AntiphonError, StoreError
from antiphon.web import (
    approvals,
    brought,
    by_link,
    connections,
    doorways,
    events,
    hooks,
    language,
    media,
    parked,
    runs,
    signing,
    today,
    why,
    workflows,
)
from antiphon.web.gate import Gate
from antiphon.web.guard import Guard
from antiphon.web.pages import Pages
from antiphon.web.sessions import Sessions

log = logging.getLogger(__name__)


def create(app: Antiphon) -> FastAPI:
    """The web application of a workspace; served by `antiphon up` at the address of its settings."""
    server = FastAPI(title="Antiphon", docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages(app)
    gate = Gate(Sessions.of_workspace(app), app.settings.web.port)
    for open_to_all in (
        hooks.router(app),
        doorways.router(app),
        by_link.router(app, pages),
        language.router(pages),
        signing.router(gate, pages),
    ):
        server.include_router(open_to_all)
    for ours in (today, approvals, parked, runs, events, why, workflows, connections, media, brought):
        server.include_router(ours.router(app, pages), dependencies=[Depends(gate)])

    @server.get("/health")
    def health() -> dict[str, Any]:
        """Whether the database answers."""
        app.store.runs.list(limit=1)
        return {"status": "ok", "workflows": len(app.programs)}

    @server.exception_handler(401)
    def signed_out(request: Request, error: Exception) -> Response:
        return pages.signed_out(request)

    @server.exception_handler(403)
    def not_ours(request: Request, error: Exception) -> Response:
        return pages.problem(request, 403, pages.words(request)["not_our_form"])

    @server.exception_handler(404)
    def missing(request: Request, error: Exception) -> Response:
        return pages.problem(request, 404, pages.words(request)["not_there"])

    @server.exception_handler(AntiphonError)
    def refused(request: Request, error: AntiphonError) -> Response:
        # The sentence is for the operator, who reads the log; whoever calls may be a stranger.
        # The route is logged and not the address, which may hold the token of a link.
        route = request.scope.get("route")
        log.error("%s %s: %s", request.method, getattr(route, "path", request.url.path), error)
        status = 503 if isinstance(error, StoreError) else 500
        return pages.problem(request, status, "This cannot be answered now. The log says why.")

    @server.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:
        return JSONResponse({"error": "Something went wrong here. The log says what."}, 500)

    public = urlsplit(app.settings.web.public_url).hostname or ""
    doors = tuple(f"/{door.path}/" for door in app.registry.catalogue.doorways)
    server.add_middleware(Guard, host=app.settings.web.host, style=pages.style, public=public, doors=doors)
    return server

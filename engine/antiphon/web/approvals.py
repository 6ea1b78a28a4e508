"""What waits for a person's word."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.model.approval import ApprovalState
from antiphon.web.pages import Pages


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The list of what waits."""
    routes = APIRouter()

    @routes.get("/approvals")
    def waiting(request: Request) -> Response:
        found = app.store.approvals.list(state=ApprovalState.PENDING)
        return pages.page(request, "approvals.html", approvals=found, windows=app.deciding.stoppable())

    return routes

"""The first page: the newest runs and effects, and what waits for a person."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.model.effect import EffectState
from antiphon.web.pages import Pages

SHOWN = 20
WAITING = (EffectState.UNKNOWN, EffectState.PARKED, EffectState.HELD)


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The page at `/`."""
    routes = APIRouter()

    @routes.get("/")
    def today(request: Request) -> Response:
        ledger = app.store.ledger
        return pages.page(
            request,
            "today.html",
            runs=app.store.runs.list(limit=SHOWN),
            entries=ledger.list(limit=SHOWN),
            waiting=[entry for state in WAITING for entry in ledger.list(state=state, limit=SHOWN)],
            workflows=[app.programs[name] for name in sorted(app.programs)],
        )

    return routes

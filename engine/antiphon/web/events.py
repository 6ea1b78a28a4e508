"""What was heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.web.lines import of_event
from antiphon.web.pages import Pages, Turn
from antiphon.web.runs import call_of

PER_PAGE = 50
KINDS_OF = timedelta(days=30)
"""Over how long is looked for types of events to choose from."""


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The list of events, and the page of one."""
    routes = APIRouter()

    @routes.get("/events")
    def newest(
        request: Request,
        type: Annotated[str, Query(max_length=120)] = "",
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> Response:
        now = app.clock.now()
        found = app.store.events.list(type=type, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
        types = app.store.events.count(since=now - KINDS_OF, until=now + timedelta(seconds=1))
        return pages.page(
            request,
            "events.html",
            events=[of_event(event) for event in found[:PER_PAGE]],
            type=type,
            types=sorted({*types, *([type] if type else [])}),
            turn=Turn(request, page, len(found) > PER_PAGE),
        )

    @routes.get("/events/{event_id:path}")
    def one(request: Request, event_id: str) -> Response:
        event = app.store.events.get(event_id)
        if event is None:
            return pages.problem(request, 404, pages.words(request)["no_such_event"])
        told = {**event.data, "id": event.id, "type": event.type, "at": event.at.isoformat(), "source": event.source}
        workflows = sorted(app.programs)
        return pages.page(request, "event.html", event=event, call=call_of(told), workflows=workflows)

    return routes

"""The trace of a run: what called, what was asked, what was answered, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from antiphon.app import Antiphon
from antiphon.errors import InputError
from antiphon.model.run import Run, RunState
from antiphon.runtime.tracing import trace
from antiphon.web.lines import author_of, of_run
from antiphon.web.pages import Pages, Turn, wants_json

PER_PAGE = 50
"""How many runs a page shows."""

_OWN = ("id", "type", "at", "source", "text", "title", "url")
"""What of an event has its own place on the page."""


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The list of runs, and the page of one."""
    routes = APIRouter()

    @routes.get("/runs")
    def newest(
        request: Request,
        workflow: Annotated[str, Query(max_length=80)] = "",
        state: RunState | Literal[""] = "",
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    ) -> Response:
        # One more than is shown tells whether there is another page.
        found = app.store.runs.list(
            workflow=workflow, state=state or None, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE
        )
        if wants_json(request):
            return JSONResponse([run.model_dump(mode="json") for run in found[:PER_PAGE]])
        return pages.page(
            request,
            "runs.html",
            runs=[of_run(run) for run in found[:PER_PAGE]],
            workflow=workflow,
            state=state,
            states=list(RunState),
            workflows=sorted({*app.compiled.programs, *([workflow] if workflow else [])}),
            turn=Turn(request, page, len(found) > PER_PAGE),
        )

    @routes.get("/runs/{run_id}")
    def page(request: Request, run_id: str) -> Response:
        try:
            run = app.store.runs.get(run_id)
        except InputError as error:
            return pages.problem(request, 400, str(error))
        if run is None:
            return pages.problem(request, 404, pages.words(request)["no_such_run"])
        entries = {entry.effect.key: entry for entry in _entries(app, run)}
        if wants_json(request):
            effects = [entry.model_dump(mode="json") for entry in entries.values()]
            return JSONResponse({"run": run.model_dump(mode="json"), "effects": effects})
        program = app.store.programs.get(run.program)
        return pages.page(
            request,
            "run.html",
            run=run,
            name=program.name if program else run.workflow,
            call=call_of(run.scope.get("event") or {}),
            entries=entries,
            sheets=trace(run, app.store, app.conceal_all, app.compiled.programs.get),
        )

    return routes


def _entries(app: Antiphon, run: Run) -> list[Any]:
    """The effects of the run's steps: those it performed, and those that stood in the ledger already."""
    found = (app.store.ledger.get(step.effect) for step in run.steps if step.effect)
    rulings = app.store.rulings
    return [
        entry.model_copy(update={"rulings": tuple(rulings.latest(entry.effect.key))})
        for entry in found
        if entry is not None
    ]


def call_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says of the event that called: every key is there, and what is not known is empty."""
    said = {key: str(event.get(key) or "") for key in ("type", "at", "url")}
    return {
        **said,
        "text": str(event.get("text") or event.get("title") or ""),
        "author": author_of(event),
        "more": {key: value for key, value in event.items() if key not in _OWN},
    }

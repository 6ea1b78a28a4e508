"""The workflows, and whether they live."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.model.duration import format_duration
from antiphon.model.program import Program
from antiphon.model.report import Block, Cell, Table
from antiphon.web.pages import Pages
from antiphon.web.words import WebWords


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The page of all workflows."""
    routes = APIRouter()

    @routes.get("/workflows")
    def workflows(request: Request) -> Response:
        words = pages.words(request)
        programs = sorted(app.compiled.programs.values(), key=lambda one: (not one.enabled, one.name))
        table = Table(
            headings=tuple(words[key] for key in ("workflow", "wakes", "next", "last_run", "liveness")),
            rows=tuple(_row(app, words, program) for program in programs),
            links=tuple(f"/runs?workflow={program.id}" for program in programs),
        )
        problems = len(app.compiled.problems)
        summary = words["workflows_summary" if not problems else "workflows_problems"].format(count=problems)
        blocks = [Block(heading=words["documents"], summary=summary, tables=(table,))]
        if rests := app.store.rests.standing():
            rows = tuple((one.workflow, one.trigger, one.at.isoformat(), one.because) for one in rests)
            resting = Table(
                headings=tuple(words[key] for key in ("workflow", "trigger", "since", "because")),
                rows=rows,
                links=tuple(f"/why?workflow={one.workflow}" for one in rests),
            )
            blocks.append(Block(heading=words["resting"], summary=words["resting_summary"], tables=(resting,)))
        return pages.blocks(request, words["workflows"], blocks)

    return routes


def _row(app: Antiphon, words: WebWords, program: Program) -> tuple[Cell, ...]:
    if not program.enabled:
        return program.name, words["disabled"], None, _last(app, program), None
    now = app.clock.now()
    ticks = [at for trigger in program.triggers for at in app.ticks(program.id, trigger.id, now, 1)]
    return (
        program.name,
        ", ".join(dict.fromkeys(trigger.kind for trigger in program.triggers)),
        min(ticks).isoformat() if ticks else None,
        _last(app, program),
        _liveness(app, words, program),
    )


def _last(app: Antiphon, program: Program) -> str | None:
    newest = app.store.runs.list(workflow=program.id, limit=1)
    return newest[0].created_at.isoformat() if newest else None


def _liveness(app: Antiphon, words: WebWords, program: Program) -> str | None:
    """How often it is to run, and whether it has."""
    wanted = program.liveness
    if wanted is None:
        return None
    newest = app.store.runs.newest(program.id, wanted.at_least)
    alive = len(newest) >= wanted.at_least and newest[-1] > app.clock.now() - wanted.per
    told = words["expected"].format(count=wanted.at_least, per=format_duration(wanted.per))
    return f"{words['alive' if alive else 'silent']} · {told}"

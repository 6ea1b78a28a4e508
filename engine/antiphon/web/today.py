"""The first page: what waits for me, what has happened today, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from fastapi import APIRouter, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.model.approval import ApprovalState
from antiphon.model.effect import EffectState
from antiphon.model.report import Figure
from antiphon.model.run import RunState
from antiphon.runtime.resolving import IN_DOUBT
from antiphon.web.lines import Line, of_approval, of_effect, of_run, short
from antiphon.web.pages import Pages
from antiphon.web.words import WebWords

SHOWN = 12
"""How many lines of a kind are shown."""

LATELY = timedelta(days=1)
"""For how long a run that has failed is told of."""


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The page at `/`."""
    routes = APIRouter()

    @routes.get("/")
    def today(request: Request) -> Response:
        words, now = pages.words(request), app.clock.now()
        return pages.page(
            request,
            "today.html",
            waiting=list(_waiting(app, now)),
            brakes=app.store.brakes.standing(),
            figures=list(_figures(app, words, _midnight(now, pages), now)),
            runs=[of_run(run) for run in app.store.runs.list(limit=SHOWN)],
            answers=[of_effect(entry) for entry in app.store.ledger.list(limit=SHOWN)],
            coming=sorted(_coming(app, now), key=lambda line: line.at or now)[:SHOWN],
            workflows=len(app.programs),
        )

    return routes


def _waiting(app: Antiphon, now: datetime) -> Iterator[Line]:
    """What only a person can settle: questions first, then what is in doubt, then what has gone wrong."""
    ledger = app.store.ledger
    yield from map(of_approval, app.store.approvals.list(state=ApprovalState.PENDING, limit=SHOWN))
    for state in IN_DOUBT:
        yield from (of_effect(entry, link="/parked") for entry in ledger.list(state=state, limit=SHOWN))
    held = (entry for entry in ledger.list(state=EffectState.HELD, limit=500) if entry.not_before is None)
    yield from map(of_effect, islice(held, SHOWN))
    for rest in app.store.rests.standing()[:SHOWN]:
        yield Line(rest.at, "held", f"{rest.workflow} · {rest.trigger}", short(rest.because), "/workflows")
    yield from map(of_run, app.store.runs.list(state=RunState.FAILED, since=now - LATELY, limit=SHOWN))


def _figures(app: Antiphon, words: WebWords, since: datetime, now: datetime) -> Iterator[Figure]:
    until = now + timedelta(seconds=1)
    runs = app.store.runs.count(since=since, until=until)
    acts = app.store.ledger.count(since=since, until=until)

    def counted(*states: RunState) -> int:
        return sum(count for (_, state), count in runs.items() if state in states)

    yield Figure(label=words["heard"], value=sum(app.store.events.count(since=since, until=until).values()))
    yield Figure(label=words["runs_begun"], value=sum(runs.values()) - counted(RunState.DECLINED))
    yield Figure(label=words["runs_failed"], value=counted(RunState.FAILED))
    yield Figure(
        label=words["acts_done"], value=sum(count for (_, state), count in acts.items() if state is EffectState.DONE)
    )


def _coming(app: Antiphon, now: datetime) -> Iterator[Line]:
    for waking in app.schedule_triggers():
        for at in app.ticks(waking.workflow, waking.trigger, now, 1):
            yield Line(at, "", waking.workflow, waking.trigger, f"/runs?workflow={waking.workflow}")
    windows = app.deciding.stoppable()[:SHOWN]
    yield from (of_effect(entry, at=entry.not_before, link="/approvals") for entry in windows)
    told = {entry.effect.run for entry in windows}
    for run in app.store.runs.upcoming(after=now, limit=SHOWN):
        if run.id not in told:
            yield of_run(run, at=run.not_before)


def _midnight(now: datetime, pages: Pages) -> datetime:
    return datetime.combine(now.astimezone(pages.zone).date(), time(), pages.zone).astimezone(UTC)

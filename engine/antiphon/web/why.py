"""Why a workflow fired, or did not: around a moment, or about one event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.model.run import Run, RunState
from antiphon.runtime.explaining import Explanation, Judged, Tick, Told
from antiphon.web.lines import of_effect, of_run
from antiphon.web.pages import Pages
from antiphon.web.words import WebWords

SHOWN = 5
"""How many events or reasons of one kind are shown."""

AROUND = {"5m": 5, "30m": 30, "3h": 180, "24h": 1440}
"""How far around a moment is looked, in minutes, by the words of the form."""

ABOUT_EVENT = timedelta(minutes=1)
"""How far around an event: what it came to is told trigger by trigger."""

Short = Annotated[str, Query(max_length=300)]


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The form, and the answer below it."""
    routes = APIRouter()

    @routes.get("/why")
    def why(
        request: Request, workflow: Short = "", at: Short = "", around: Short = "30m", event: Short = ""
    ) -> Response:
        words, program = pages.words(request), app.compiled.programs.get(workflow)
        heard = app.store.events.get(event) if event else None
        if event:
            period = (heard.at - ABOUT_EVENT, heard.at + ABOUT_EVENT) if heard else None
            refusal = "" if period else words["no_such_event"]
        else:
            period = _period(at, around, app.clock.now(), pages.zone)
            refusal = "" if period else words["no_such_moment"]
        answer = app.explainer.explain(program, *period) if program and period else None
        return pages.page(
            request,
            "why.html",
            status=400 if refusal else 200,
            workflows=sorted(app.compiled.programs),
            workflow=workflow,
            at=at,
            around=around,
            arounds=list(AROUND),
            event=event,
            refusal=refusal or ("" if program or not workflow else words["no_such_workflow"]),
            answer=answer,
            told=[(one, list(_notes(one, words))) for one in answer.triggers] if answer else [],
            others=[of_run(run) for run in _others(answer)] if answer else [],
            stopped=[of_effect(entry) for entry in answer.stopped[:SHOWN]] if answer else [],
        )

    return routes


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a trigger made of the period: whether it woke the workflow, in words, and where there is more."""

    holds: bool
    text: str
    link: str = ""


def _notes(told: Told, words: WebWords) -> Iterator[Note]:
    if told.rests:
        yield Note(False, words["rests_since"].format(at=words.exact(told.rests.at), because=told.rests.because))
    if told.together is not None:
        yield Note(told.together.holds, told.together.because)
    elif told.waits_for:
        yield from _heard(told, words)
    elif told.ticks:
        yield from (_tick(tick, words) for tick in told.ticks[: 2 * SHOWN])
    elif told.next_to:
        yield Note(False, words["not_due"].format(times=", ".join(map(words.exact, told.next_to))))
    else:
        yield Note(False, words["only_a_person"])


def _heard(told: Told, words: WebWords) -> Iterator[Note]:
    if not told.judged:
        last = words.exact(told.last_heard.at) if told.last_heard else words["never"]
        yield Note(False, words["none_heard"].format(type=told.waits_for, last=last))
        if told.kind == "poll":
            yield Note(
                False, words["source_asked"].format(at=words.exact(told.asked) if told.asked else words["never"])
            )
        return
    for one in [one for one in told.judged if one.miss is None][:SHOWN]:
        yield _answer(one, words)
    reasons = Counter(one.miss.reason for one in told.missed if one.miss)
    for reason, count in reasons.most_common(SHOWN):
        yield Note(False, words["not_so"].format(count=words.number(count), reason=reason))
    if told.missed and (near := told.missed[0]).miss:
        because = words["nearest"].format(at=words.exact(near.at), because=near.miss.because)
        yield Note(False, because, _event(near))


def _answer(one: Judged, words: WebWords) -> Note:
    if one.run is not None:
        return _run(one.run, words, called=words.exact(one.at))
    return Note(False, words["own_event" if one.own else "fits_no_run"].format(at=words.exact(one.at)), _event(one))


def _tick(tick: Tick, words: WebWords) -> Note:
    at = words.exact(tick.at)
    if tick.run is not None:
        return _run(tick.run, words, called=at)
    if tick.passed_over:
        return Note(False, words["passed_over"].format(at=at, because=tick.passed_over))
    return Note(False, words["nobody_came"].format(at=at))


def _run(run: Run, words: WebWords, called: str) -> Note:
    """A run, with the condition that declined it, both values in its words."""
    refused = next((verdict.because for verdict in run.verdicts if not verdict.holds), "")
    because = refused if run.state is RunState.DECLINED and refused else run.because
    good = run.state in (RunState.DONE, RunState.PENDING, RunState.RUNNING, RunState.HELD)
    return Note(good, f"{called} → {words.state(run.state)}. {because}".strip(), f"/runs/{run.id}")


def _others(answer: Explanation) -> list[Run]:
    """The runs that are not told of under their triggers."""
    told = [tick.run for one in answer.triggers for tick in one.ticks]
    told += [judged.run for one in answer.triggers for judged in one.judged]
    known = {run.id for run in told if run}
    return [run for run in answer.runs if run.id not in known][:SHOWN]


def _event(one: Judged) -> str:
    return f"/events/{quote(one.event, safe='')}"


def _period(at: str, around: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From when until when is looked: around a moment, or up to now; None when that is no moment."""
    reach = timedelta(minutes=AROUND.get(around, AROUND["30m"]))
    if not at:
        return now - reach, now
    try:
        moment = datetime.fromisoformat(at)
        middle = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        return middle - reach, middle + reach
    except (ValueError, OverflowError):
        return None

"""`antiphon why`: why a workflow fired, or did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.periods import length, moment_since
from antiphon.cli.plan import Workflow
from antiphon.cli.printing import line, moment, sheet, table
from antiphon.cli.rulings import of_runs, told
from antiphon.cli.shell import Shell, zone
from antiphon.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from antiphon.app import Antiphon
    from antiphon.cli.wakes import Offered
    from antiphon.model.program import Program
    from antiphon.model.run import Run

_RUNS = 3
_EVENTS = 10
_SEARCHED = 500
"""How many of the newest events are looked through."""


def why(
    shell: Shell,
    workflow: Workflow,
    event: Annotated[str, typer.Option(metavar="ID", help="Only about this event; see `antiphon events list`.")] = "",
    at: Annotated[str, typer.Option(metavar="TIME", help="Around this time, such as 14:05 or 2026-03-02T14:05.")] = "",
    around: Annotated[str, typer.Option(metavar="PERIOD", help="How far around it is looked.")] = "5m",
    since: Annotated[str, typer.Option(metavar="TIME", help="From this time until now, such as 14:00 or 2h.")] = "",
    trigger: Annotated[str, typer.Option(metavar="ID", help="Only about this trigger.")] = "",
) -> Exit | None:
    """Tell why a workflow fired, or did not: at a time, about one event, or the newest runs and events."""
    with shell.workspace() as app:
        program = app.program(workflow)
        if event:
            _about_one(shell, app, program, event)
        elif at or since or trigger:
            _about_time(shell, app, program, _period(app, at, around, since), trigger)
        else:
            _about_newest(shell, app, program)
    return None


def _about_one(shell: Shell, app: Antiphon, program: Program, event_id: str) -> None:
    from antiphon.cli.runs import shown
    from antiphon.cli.wakes import offer

    event = app.store.events.get(event_id)
    if event is None:
        raise InputError(f"There is no event {event_id}.", hint="See `antiphon events list`.")
    program = app.explainer.version(program, event.at)
    [offered] = offer(app, program, [event])
    run = _answer(app, program, offered)
    # Nothing was answered yet: what would be, as things stand now.
    preview = app.plan(program.id, events=[event], trigger=offered.trigger) if offered.trigger and run is None else None
    document = {
        "event": event,
        "triggers": [{"trigger": name, **verdict.model_dump()} for name, verdict in offered.answers],
        "run": run,
        "preview": preview,
        "rulings": (rulings := of_runs(app.store.rulings, [run])),
    }
    blocks: list[RenderableType] = [
        Text.assemble((program.id, "bold"), f"  {line(event.id)}"),
        sheet([("event", f"{event.type} at {moment(event.at, zone(app))}"), ("version", program.fingerprint)]),
        *_verdicts(offered),
    ]
    if run is not None:
        blocks += [Text(), *shown(run, zone(app)), *told(rulings)]
    elif preview is not None:
        blocks += [Text("\nIt has no run: it was not offered to the workflows, or a first poll only learnt it. Now:")]
        blocks += [part for one in preview.runs for part in shown(one, zone(app))]
    shell.answer(document, *blocks)


def _about_newest(shell: Shell, app: Antiphon, program: Program) -> None:
    from antiphon.cli.runs import shown
    from antiphon.cli.wakes import concerns, offer

    here = zone(app)
    listed = app.store.runs.list(workflow=program.id, limit=_RUNS)
    runs = [app.store.runs.get(run.id) or run for run in listed]
    heard = [event for event in app.store.events.list(limit=_SEARCHED) if concerns(app, program, event)]
    passed = [one for one in offer(app, program, heard) if not one.trigger][:_EVENTS]
    upcoming, rests = _upcoming(app, program), app.store.rests.standing(program.id)
    document = {
        "workflow": program.id,
        "enabled": program.enabled,
        "runs": runs,
        "rulings": (rulings := of_runs(app.store.rulings, runs)),
        "passed_over": [{"event": one.event.id, "because": one.because} for one in passed],
        "rests": rests,
        "upcoming": [{"trigger": name, "at": at} for name, at in upcoming],
    }
    blocks: list[RenderableType] = [Text(f"{program.id}: {'enabled' if program.enabled else 'disabled'}", style="bold")]
    blocks += (
        [sheet([("next", f"{moment(at, here)} {here.key} by {name}") for name, at in upcoming])] if upcoming else []
    )
    blocks += [
        Text(f"Trigger {rest.trigger} rests since {moment(rest.at, here)}: {line(rest.because)}") for rest in rests
    ]
    blocks += [] if runs else [Text("It has no runs yet.")]
    for run in runs:
        blocks += [Text(), *shown(run, here)]
    blocks += told(rulings)
    if passed:
        rows = ((one.event.id, one.event.type, line(one.because, 120)) for one in passed)
        blocks += [Text("\nOf the newest events, these do not wake it:"), table(("event", "type", "because"), rows)]
    shell.answer(document, *blocks)


def _about_time(shell: Shell, app: Antiphon, program: Program, period: tuple[datetime, datetime], trigger: str) -> None:
    from antiphon.cli.explained import explained

    if trigger and trigger not in [one.id for one in program.triggers]:
        known = ", ".join(one.id for one in program.triggers)
        raise InputError(f"`{program.id}` has no trigger `{trigger}`.", hint=f"It has {known}.")
    what = app.explainer.explain(program, *period, trigger)
    shell.answer(what, *explained(what, zone(app)))


def _period(app: Antiphon, at: str, around: str, since: str) -> tuple[datetime, datetime]:
    """From when until when is looked; without a time it is the last day."""
    now, here = app.clock.now(), zone(app)
    if at:
        middle, reach = moment_since(at, now, here), length(around)
        return middle - reach, middle + reach
    return moment_since(since or "1d", now, here), now


def _verdicts(offered: Offered) -> Iterator[Text]:
    for trigger, verdict in offered.answers:
        sign, style = ("✓", "green") if verdict.holds else ("✗", "red")
        yield Text.assemble("  ", (sign, style), f" trigger {trigger}: {line(verdict.because)}")


def _answer(app: Antiphon, program: Program, offered: Offered) -> Run | None:
    """The run that answered the event, whichever trigger it came by: an author may have changed them since."""
    for trigger, _ in offered.answers:
        named = app.opening.run(program, trigger, offered.event.id, {})
        if (found := app.store.runs.get(named.id)) is not None:
            return found
    return None


def _upcoming(app: Antiphon, program: Program) -> list[tuple[str, Any]]:
    now = app.clock.now()
    return [(trigger.id, at) for trigger in program.triggers for at in app.ticks(program.id, trigger.id, now, 1)]

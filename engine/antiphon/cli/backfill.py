"""`antiphon backfill`: what was missed is made up for, at a measured pace."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.periods import stretch
from antiphon.cli.plan import Full, Workflow
from antiphon.cli.printing import counted, line, moment, sheet, state, table
from antiphon.cli.shell import Shell, plain, zone
from antiphon.errors import InputError
from antiphon.model.run import RunState

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.backfill import Backfill
    from antiphon.model.program import Program
    from antiphon.model.run import Run

MOST = 10_000
"""How many calls a plan looks at."""

SHOWN = 20
"""How many runs a plan lives through."""

Id = Annotated[str, typer.Argument(help="The id of a backfill, or its beginning.", show_default=False)]


def start(
    shell: Shell,
    workflow: Workflow,
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, or an ISO 8601 time.")],
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, or the time up to which.")],
    trigger: Annotated[str, typer.Option(help="Which trigger; its one schedule, if left out.")] = "",
    events: Annotated[
        bool, typer.Option("--events", help="Answer the events that were heard, not a schedule.")
    ] = False,
    label: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="For people; repeatable.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many runs may be under way at once.")] = 5,
    again: Annotated[bool, typer.Option("--again", help="Also what was answered at its time.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Really do it.")] = False,
    full: Full = False,
) -> Exit | None:
    """Make up for the ticks of a schedule, or for events. It only plans, unless --live is given."""
    from antiphon.runtime.identity import person

    labels = dict(_label(one) for one in label or ())
    with shell.workspace() as app:
        program = app.program(workflow)
        if trigger and trigger not in (known := [one.id for one in program.triggers]):
            raise InputError(f"`{workflow}` has no trigger `{trigger}`.", hint=f"It has {', '.join(known)}.")
        since, until = stretch(from_, to, ZoneInfo(program.timezone))
        backfill = app.backfilling.draft(
            program,
            since,
            until,
            trigger=trigger,
            events=events,
            labels=labels,
            at_once=limit,
            again=again,
            by=person(),
        )
        if not live:
            return _planned(shell, app, program, backfill, full=full)
        app.store.backfills.begin(backfill)
        app.audit("backfill start", workflow, None, plain(backfill))
        return _carried_on(shell, app, backfill)


def list_(shell: Shell) -> Exit | None:
    """List the backfills, and how far each is."""
    with shell.workspace() as app:
        found = [(one, app.store.backfills.runs(one.id)) for one in app.store.backfills.list()]
        here = zone(app)
    rows = (
        (one.id, one.workflow, state(one.state), *_progress(one, runs), moment(one.at, here), _labels(one))
        for one, runs in found
    )
    head = ("backfill", "workflow", "state", "opened", "passed over", "runs", f"up to ({here.key})", "labels")
    document = [{**one.model_dump(mode="json"), "runs": plain(runs)} for one, runs in found]
    shell.answer(document, table(head, rows) if found else Text("Nothing was made up for yet."))
    return None


def pause(shell: Shell, backfill: Id) -> Exit | None:
    """Open nothing more for now; what was opened goes on."""
    return _turned(shell, backfill, "paused")


def cancel(shell: Shell, backfill: Id) -> Exit | None:
    """Open nothing more, for good; what was opened goes on."""
    return _turned(shell, backfill, "cancelled")


def resume(shell: Shell, backfill: Id) -> Exit | None:
    """Go on where it stood, now. It is live."""
    from antiphon.model.backfill import BackfillState

    with shell.workspace() as app:
        found = _found(app, backfill)
        after = app.store.backfills.turn(found.id, BackfillState.RUNNING)
        app.audit("backfill resume", found.workflow, plain(found), plain(after))
        return _carried_on(shell, app, after)


def _planned(shell: Shell, app: Antiphon, program: Program, backfill: Backfill, *, full: bool) -> Exit:
    from antiphon.cli.activations import shown, summary

    calls = list(islice(_calls(app, program, backfill), MOST))
    new = [run for run, known in calls if not known]
    activation = app.rehearse(program, [run.model_copy(update={"live": False}) for run in new[:SHOWN]])
    more = f", of which the first {SHOWN} are planned here" if len(new) > SHOWN else ""
    told = [
        ("calls", f"{len(calls):,}{' or more' if len(calls) == MOST else ''}, from {_ends(calls)}"),
        ("answered", f"{len(calls) - len(new):,} already"),
        ("to do", f"{len(new):,}{more}, {backfill.at_once} at once"),
    ]
    document = {"calls": len(calls), "answered": len(calls) - len(new), "to_do": [run.cause for run in new]}
    document |= {"summary": summary(activation), **activation.model_dump(mode="json")}
    shell.answer(document, sheet(told), *shown(program, activation, full=full))
    shell.note("This was a plan: nothing was sent. Add --live to do it.", style="bold black on yellow")
    return Exit.AUTHOR if activation.failed else Exit.DONE


def _calls(app: Antiphon, program: Program, backfill: Backfill) -> Iterator[tuple[Run, bool]]:
    """The runs that would be opened, and whether each is there already."""
    for place in app.backfilling.calls(backfill, program):
        for run in place.runs:
            yield run, app.store.runs.get(run.id) is not None


def _ends(calls: list[tuple[Run, bool]]) -> str:
    return f"{calls[0][0].cause} to {calls[-1][0].cause}" if calls else "none"


def _carried_on(shell: Shell, app: Antiphon, backfill: Backfill) -> Exit:
    """Work for as long as there is something to do now; what has to wait goes on with `antiphon up`."""
    with shell.progress() as bar:
        task = bar.add_task(f"{backfill.workflow}", total=None, told="")
        while app.backfilling.advance() | {run.workflow for run in app.activate(backfill.workflow).runs}:
            runs = app.store.backfills.runs(backfill.id)
            bar.update(task, told=f"{sum(runs.values()):,} opened")
    found = _found(app, backfill.id)
    runs = app.store.backfills.runs(found.id)
    opened, passed, told = _progress(found, runs)
    rows = [("backfill", found.id), ("state", state(found.state)), ("opened", opened), ("passed over", passed)]
    shell.answer({**found.model_dump(mode="json"), "runs": plain(runs)}, sheet([*rows, ("runs", told)]))
    if left := sum(count for one, count in runs.items() if not one.ended):
        shell.note(f"{counted(left, 'run')} cannot go on yet; the rest goes on with `antiphon up`.")
        return Exit.PERSON
    return Exit.AUTHOR if runs.get(RunState.FAILED) else Exit.DONE


def _turned(shell: Shell, name: str, to: str) -> Exit | None:
    from antiphon.model.backfill import BackfillState

    with shell.workspace() as app:
        found = _found(app, name)
        after = app.store.backfills.turn(found.id, BackfillState(to))
        app.audit(f"backfill {to}", found.workflow, plain(found), plain(after))
    shell.answer(after, Text(f"Backfill {after.id} is {after.state}."))
    return None


def _found(app: Antiphon, name: str) -> Backfill:
    found = app.store.backfills.get(name)
    if found is None:
        raise InputError(f"There is no backfill {name}.", hint="See `antiphon backfill list`.")
    return found


def _progress(backfill: Backfill, runs: Any) -> tuple[str, str, str]:
    opened = sum(runs.values())
    told = ", ".join(f"{count:,} {one}" for one, count in runs.items())
    return f"{opened:,}", f"{max(0, backfill.calls - opened):,}", told


def _labels(backfill: Backfill) -> str:
    return line(", ".join(f"{key}={value}" for key, value in backfill.labels.items()), 60)


def _label(written: str) -> tuple[str, str]:
    key, sign, value = written.partition("=")
    if not sign or not key:
        raise InputError(f"--label {written!r} is not key=value.", hint="Write it like --label reason=outage.")
    return key, value

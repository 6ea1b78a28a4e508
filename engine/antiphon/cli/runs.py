"""`antiphon runs`: what the workflows did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import RenderableType
from rich.text import Text

from antiphon.cli.exits import Exit, of_activations
from antiphon.cli.periods import since_if
from antiphon.cli.printing import line, moment, sheet, state, table
from antiphon.cli.shell import Shell, plain, zone
from antiphon.errors import InputError
from antiphon.model.run import RunState

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.activation import Activation
    from antiphon.model.run import Run

_MOST = 10_000
"""How many failed runs are resumed at once."""

Since = Annotated[str, typer.Option(metavar="PERIOD", help="Only as far back as this, such as 7d.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="How many, the newest first.")]
OfWorkflow = Annotated[str, typer.Option("--workflow", metavar="ID", help="Only of this workflow.")]


def list_(
    shell: Shell,
    workflow: OfWorkflow = "",
    backfill: Annotated[str, typer.Option(metavar="ID", help="Only of this backfill.")] = "",
    state_: Annotated[RunState | None, typer.Option("--state", help="Only in this state.")] = None,
    since: Since = "",
    limit: Limit = 30,
) -> Exit | None:
    """List the newest runs."""
    with shell.workspace() as app:
        found = app.store.runs.list(
            workflow=workflow, state=state_, backfill=backfill, since=since_if(since, app.clock.now()), limit=limit
        )
        here = zone(app)
    rows = (
        (run.id, moment(run.created_at, here), run.workflow, state(run.state), line(run.because, 100)) for run in found
    )
    shell.answer(found, table(("run", f"when ({here.key})", "workflow", "state", "because"), rows))
    return None


def show(
    shell: Shell,
    run: Annotated[str, typer.Argument(help="The id of a run, or its beginning.", show_default=False)],
    bundle: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it, with all that it came by, into one redacted file.")
    ] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Give strangers other names in that file.")] = False,
) -> Exit | None:
    """Show one run: its cause, the verdicts with their reasons, every step, and its path through the document."""
    from antiphon.cli import bundles
    from antiphon.cli.traces import path
    from antiphon.runtime.tracing import trace

    with shell.workspace() as app:
        found = app.store.runs.get(run)
        if found is None:
            raise InputError(f"There is no run {run}.", hint="See `antiphon runs list`.")
        if bundle is not None:
            bundles.write(shell, app, found, bundle, pseudonyms=anonymous)
            return None
        sheets = trace(found, app.store, app.conceal_all, app.compiled.programs.get)
        shell.answer({**plain(found), "trace": sheets}, *shown(found, zone(app)), *path(sheets))
    return None


def resume(
    shell: Shell,
    run: Annotated[str, typer.Argument(help="A run that is held or has failed; else all that were left behind.")] = "",
    workflow: OfWorkflow = "",
    failed: Annotated[bool, typer.Option("--failed", help="All that have failed, and not those left behind.")] = False,
    since: Since = "",
    retry_rejected: Annotated[
        bool, typer.Option("--retry-rejected", help="Try again what a network has refused.")
    ] = False,
    current: Annotated[
        bool, typer.Option("--current", help="Go on with the document as it is now, not as it was.")
    ] = False,
) -> Exit | None:
    """Go on with runs: those left behind by a crash, or one that is held, or those that have failed, once the cause is
    mended. What was done stays done."""
    from antiphon.cli.activations import shown as activation_shown
    from antiphon.cli.activations import summary

    with shell.workspace() as app:
        if run or failed:
            named = [run] if run else _failed(app, workflow, since)
            done = list(_resumed(shell, app, named, retry_rejected=retry_rejected, current=current))
        else:
            done = [app.activate(one) for one in app.unfinished() if workflow in ("", one)]
        if not done:
            shell.answer({"activations": []}, Text("Nothing was left behind."))
            return None
        blocks = [block for one in done for block in activation_shown(app.program(one.workflow), one)]
        shell.answer(
            {"activations": [{"summary": summary(one), **one.model_dump(mode="json")} for one in done]}, *blocks
        )
        return of_activations(done)


def _failed(app: Antiphon, workflow: str, since: str) -> list[str]:
    """The runs that have failed, the oldest first, as they were called."""
    began = since_if(since, app.clock.now())
    found = app.store.runs.list(workflow=workflow, state=RunState.FAILED, since=began, limit=_MOST)
    return [run.id for run in reversed(found)]


def _resumed(
    shell: Shell, app: Antiphon, runs: list[str], *, retry_rejected: bool, current: bool
) -> Iterator[Activation]:
    """Each run resumed; of several, one that cannot be is told of, and the others go on."""
    for run in runs:
        try:
            yield app.resume(run, retry_rejected=retry_rejected, current=current)
        except InputError as error:
            if len(runs) == 1:
                raise
            shell.note(f"{run}: {error}", style="yellow")


def _labels(run: Run) -> str:
    labels = run.scope.get("trigger", {}).get("backfill", {}).get("labels", {})
    return "".join(f", {key}={value}" for key, value in labels.items())


def shown(run: Run, here: ZoneInfo) -> Iterator[RenderableType]:
    """A run as a few lines on what called it, and a table of what it did."""
    yield Text.assemble((f"{run.workflow} ", "bold"), f"{run.id}  ", state(run.state))
    rows: list[tuple[str, str]] = [
        ("cause", f"{run.trigger}: {run.cause}"),
        ("begun", f"{moment(run.created_at, here)} {here.key}, version {run.program}"),
    ]
    if run.finished_at:
        rows.append(("ended", moment(run.finished_at, here)))
    if run.backfill:
        rows.append(("makes up", f"for what was missed: backfill {run.backfill}{_labels(run)}"))
    if run.slot:
        rows.append(("slot", run.slot))
    if run.not_before:
        rows.append(("goes on", f"by itself, at {moment(run.not_before, here)}"))
    if run.ends_as and not run.state.ended:
        rows.append(("is to end", run.ends_as))
    if run.because:
        rows.append(("because", run.because))
    yield sheet(rows)
    for verdict in run.verdicts:
        sign, style = ("✓", "green") if verdict.holds else ("✗", "red")
        yield Text.assemble("  ", (sign, style), f" {line(verdict.because)}")
    if run.steps:
        steps = ((one.path, one.kind, state(one.state), line(one.because or one.result, 160)) for one in run.steps)
        yield Text()
        yield table(("step", "kind", "state", "because"), steps)

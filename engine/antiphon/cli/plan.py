"""`antiphon plan`: every effect that a workflow would have, before it has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from antiphon.cli import calls
from antiphon.cli.exits import Exit
from antiphon.cli.shell import Shell

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.event import Event

Workflow = Annotated[str, typer.Argument(help="The id of a workflow.", show_default=False)]
Full = Annotated[bool, typer.Option("--full", help="Show every effect with its exact content.")]


def plan(
    shell: Shell,
    workflow: Workflow,
    event: calls.EventFile = None,
    events: calls.EventsFile = None,
    input: calls.Inputs = None,
    full: Full = False,
) -> Exit | None:
    """Show every effect that a workflow would have, and keep the plan, so that it can be applied; send nothing."""
    with shell.workspace() as app:
        heard = calls.events(event, events, app.clock.now())
        return planned(shell, app, workflow, heard, calls.inputs(input), full=full, keep=True)


def planned(
    shell: Shell,
    app: Antiphon,
    workflow: str,
    heard: Sequence[Event],
    inputs: Mapping[str, Any],
    *,
    full: bool,
    keep: bool = False,
) -> Exit:
    """Plan and show it; runs that fail in a plan would fail for real. A plan with something to do can be kept."""
    from antiphon.cli.activations import shown, summary
    from antiphon.cli.planning import as_document, saved
    from antiphon.cli.wakes import rehearse
    from antiphon.model.plan import Call

    program = app.program(workflow)
    offered, asked = rehearse(app, program, heard, inputs)
    plan = app.planner.draft(program, asked if heard else [Call.of(None, inputs=inputs)])
    keep = keep and bool(plan.outstanding)
    if keep:
        app.store.plans.keep(plan)
    document = {
        "summary": summary(plan.activation),
        **plan.activation.model_dump(mode="json"),
        "plan": as_document(plan, kept=keep),
        "offered": [{"event": one.event.id, "trigger": one.trigger, "because": one.because} for one in offered],
    }
    shell.answer(
        document, *shown(program, plan.activation, offered, full=full, plan=plan), *([saved(plan)] if keep else [])
    )
    return Exit.AUTHOR if plan.activation.failed else Exit.DONE

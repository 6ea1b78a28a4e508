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
    from antiphon.model.activation import Activation
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
    """Show every effect that a workflow would have; send nothing."""
    with shell.workspace() as app:
        heard = calls.events(event, events, app.clock.now())
        return planned(shell, app, workflow, heard, calls.inputs(input), full=full)


def planned(
    shell: Shell, app: Antiphon, workflow: str, heard: Sequence[Event], inputs: Mapping[str, Any], *, full: bool
) -> Exit:
    """Plan and show it; runs that fail in a plan would fail for real."""
    from antiphon.cli.activations import shown, summary
    from antiphon.cli.wakes import by_trigger, offer

    program = app.program(workflow)
    offered = offer(app, program, heard)
    if heard:
        made = [
            app.plan(workflow, events=some, inputs=inputs, trigger=trigger)
            for trigger, some in by_trigger(offered).items()
        ]
    else:
        made = [app.plan(workflow, inputs=inputs)]
    activation = joined(workflow, made)
    document = {
        "summary": summary(activation),
        **activation.model_dump(mode="json"),
        "offered": [{"event": one.event.id, "trigger": one.trigger, "because": one.because} for one in offered],
    }
    shell.answer(document, *shown(program, activation, offered, full=full))
    return Exit.AUTHOR if activation.failed else Exit.DONE


def joined(workflow: str, activations: Sequence[Activation], *, live: bool = False) -> Activation:
    """Several activations of one workflow as one."""
    from antiphon.model.activation import Activation

    runs = tuple(run for one in activations for run in one.runs)
    entries = tuple(entry for one in activations for entry in one.entries)
    return Activation(workflow=workflow, live=live, runs=runs, entries=entries)

"""`antiphon run`: one run now, which only plans unless it is told to be live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from antiphon.cli import calls
from antiphon.cli.exits import Exit, of_activations
from antiphon.cli.plan import Full, Workflow, planned
from antiphon.cli.shell import Shell
from antiphon.model.run import RunState

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.activation import Activation
    from antiphon.model.run import Run


def run(
    shell: Shell,
    workflow: Workflow,
    event: calls.EventFile = None,
    events: calls.EventsFile = None,
    input: calls.Inputs = None,
    live: Annotated[bool, typer.Option("--live", help="Really do it.")] = False,
    as_: Annotated[str, typer.Option("--as", metavar="NAME", help="Who starts it; you, if left out.")] = "",
    full: Full = False,
) -> Exit | None:
    """Run a workflow once, now. It only plans, unless --live is given."""
    from antiphon.cli.activations import shown, summary
    from antiphon.cli.wakes import by_trigger, offer

    with shell.workspace() as app:
        heard, inputs = calls.events(event, events, app.clock.now()), calls.inputs(input)
        if not live:
            code = planned(shell, app, workflow, heard, inputs, full=full)
            shell.note("This was a plan: nothing was sent. Add --live to do it.", style="bold black on yellow")
            return code
        program = app.program(workflow)
        offered = offer(app, program, heard)
        if heard:
            answers = [(trigger, one) for trigger, some in by_trigger(offered).items() for one in some]
            started = [
                app.start(workflow, inputs=inputs, event=one, trigger=trigger, by=as_) for trigger, one in answers
            ]
        else:
            started = [app.start(workflow, inputs=inputs, by=as_)]
        activation = app.activate(workflow)
        activation = activation.model_copy(update={"runs": (*_left(app, started, activation), *activation.runs)})
        if heard and not activation.runs:
            shell.note("There was nothing new to do: these events wake nothing, or were answered before.")
        document = {"summary": summary(activation), **activation.model_dump(mode="json")}
        shell.answer(document, *shown(program, activation, offered, full=full))
        return of_activations([activation])


def _left(app: Antiphon, started: Sequence[Run], done: Activation) -> Iterator[Run]:
    """Of the runs that were started, those that could not begin because of others of their workflow, as they stand."""
    walked = {run.id for run in done.runs}
    for run in started:
        if run.state is not RunState.PENDING and run.id not in walked:
            yield app.store.runs.get(run.id) or run

"""`antiphon triggers`: what wakes the workflows, and what rests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from antiphon.cli.exits import Exit
from antiphon.cli.plan import Workflow
from antiphon.cli.printing import line, moment, table
from antiphon.cli.shell import Shell, plain, zone
from antiphon.errors import InputError
from antiphon.suggest import nearest

if TYPE_CHECKING:
    from antiphon.app import Antiphon

Trigger = Annotated[str, typer.Argument(help="The id of one of its triggers.", show_default=False)]


def list_(shell: Shell) -> Exit | None:
    """List the triggers of all workflows, and since when and why those rest that do."""
    with shell.workspace() as app:
        rests = {(rest.workflow, rest.trigger): rest for rest in app.store.rests.standing()}
        found = [(program, trigger) for program in app.programs.values() for trigger in program.triggers]
        here = zone(app)
    document = [
        {
            "workflow": program.id,
            "trigger": trigger.id,
            "kind": trigger.kind,
            "rest": plain(rests.get((program.id, trigger.id))),
        }
        for program, trigger in found
    ]
    rows = []
    for program, trigger in found:
        rest = rests.get((program.id, trigger.id))
        told = (moment(rest.at, here), line(rest.because, 100)) if rest else ("", "")
        rows.append((program.id, trigger.id, trigger.kind, *told))
    shell.answer(document, table(("workflow", "trigger", "kind", f"rests since ({here.key})", "because"), rows))
    return None


def start(shell: Shell, workflow: Workflow, trigger: Trigger) -> Exit | None:
    """Let a trigger that rests answer again. What came meanwhile is not made up for; see `antiphon backfill`."""
    from antiphon.runtime.identity import person

    with shell.workspace() as app:
        _known(app, workflow, trigger)
        rest = app.store.rests.start(workflow, trigger, by=person())
        if rest is not None:
            app.audit("triggers start", f"{workflow}/{trigger}", plain(rest))
    told = f"{workflow}/{trigger} answers again." if rest else f"{workflow}/{trigger} did not rest."
    shell.answer({"started": rest}, told)
    return None


def stop(
    shell: Shell,
    workflow: Workflow,
    trigger: Trigger,
    reason: Annotated[
        str, typer.Option(help="Why; it is shown with every call that is declined.")
    ] = "a person said so",
) -> Exit | None:
    """Lay a trigger to rest. Its calls are declined, and a poll does not ask, until it is started again."""
    from antiphon.runtime.identity import person

    with shell.workspace() as app:
        _known(app, workflow, trigger)
        rest = app.resting.stop(workflow, trigger, reason, by=person())
        if rest is not None:
            app.audit("triggers stop", f"{workflow}/{trigger}", None, plain(rest))
    told = f"{workflow}/{trigger} rests." if rest else f"{workflow}/{trigger} rests already."
    shell.answer({"stopped": rest}, told)
    return None


def _known(app: Antiphon, workflow: str, trigger: str) -> None:
    names = [one.id for one in app.program(workflow).triggers]
    if trigger not in names:
        hint = nearest(trigger, names) or f"There are {', '.join(names)}."
        raise InputError(f"`{workflow}` has no trigger `{trigger}`.", hint=hint)

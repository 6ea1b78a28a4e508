"""`antiphon apply`: exactly what a plan has shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from antiphon.cli import periods
from antiphon.cli.agreement import Yes, agreed
from antiphon.cli.exits import Exit, of_activations
from antiphon.cli.printing import counted, safe
from antiphon.cli.shell import Shell
from antiphon.errors import InputError, Vetoed

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.plan import Plan


def apply(
    shell: Shell,
    plan: Annotated[str, typer.Argument(help="The id of a plan, or its beginning.", show_default=False)],
    yes: Yes = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Perform also what the plan could not show, once it is known.")
    ] = False,
    oldest: Annotated[str, typer.Option(metavar="LENGTH", help="How old the plan may be.")] = "24h",
    full: Annotated[bool, typer.Option("--full", help="Show every effect with its exact content.")] = False,
) -> Exit | None:
    """Perform exactly what a plan has shown. It refuses when anything in it has changed, and says what.

    Applied again, it goes on where it was interrupted; nothing is done twice.
    """
    from antiphon.cli.activations import shown, summary

    with shell.workspace() as app:
        found = _found(app, plan)
        program = app.program(found.workflow)
        length = periods.length(oldest)
        if found.applied_at is None and (changes := app.planner.changes(found, length)):
            return _refused(shell, found, changes)
        told = {"plan": found.id, "applied": False, **found.activation.model_dump(mode="json")}
        if not agreed(
            shell,
            yes,
            f"Perform {counted(len(found.outstanding), 'effect')} now?",
            lambda: shell.answer(told, *shown(program, found.activation, full=full, plan=found)),
        ):
            shell.note(f"Nothing was done. `antiphon apply {found.id} --yes` does it.")
            return Exit.PERSON
        # Written down before anything is done, so that no crash can hide who wanted it; what it came to follows.
        app.audit("plan apply", found.id, None, {"workflow": found.workflow, "follow": follow})
        try:
            done = app.applier.apply(found, oldest=length, follow=follow)
        except Vetoed as refusal:
            app.audit("plan refused", found.id, None, {"changes": list(refusal.reasons)})
            return _refused(shell, found, refusal.reasons)
        app.audit("plan applied", found.id, None, {"effects": dict(done.effects)})
        if not done.entries:
            shell.note(f"Plan {found.id} has been applied already: there was nothing left to do.")
        document = {"plan": found.id, "applied": True, "summary": summary(done), **done.model_dump(mode="json")}
        shell.answer(document, *shown(program, done, full=full))
        return of_activations([done])


def _found(app: Antiphon, beginning: str) -> Plan:
    found = app.store.plans.get(beginning)
    if found is None:
        known = [f"{one.id} ({one.workflow})" for one in app.store.plans.list(limit=3)]
        hint = f"The newest are {', '.join(known)}." if known else "`antiphon plan WORKFLOW` makes one."
        raise InputError(f"There is no plan {beginning}.", hint=hint)
    return found


def _refused(shell: Shell, plan: Plan, changes: Sequence[str]) -> Exit:
    hint = f"Look at it anew: `antiphon plan {plan.workflow} …`"
    shell.answer({"plan": plan.id, "applied": False, "changes": list(changes), "hint": hint})
    shell.note(f"Plan {plan.id} does not stand any more, and nothing was done:", style="bold red")
    for change in changes:
        shell.note(f"  {safe(change)}")
    shell.note(hint)
    return Exit.POLICY

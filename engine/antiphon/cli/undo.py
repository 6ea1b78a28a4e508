"""`antiphon undo`: what was done is reversed where the network allows it, and what is still to come is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from antiphon.cli.agreement import Yes, agreed
from antiphon.cli.exits import Exit
from antiphon.cli.periods import moment_since
from antiphon.cli.printing import counted, line, state, table
from antiphon.cli.runs import OfWorkflow
from antiphon.cli.shell import Shell, zone
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.effect import LedgerEntry
    from antiphon.model.run import Run
    from antiphon.model.undo import Undoing


def undo(
    shell: Shell,
    run: Annotated[str, typer.Argument(help="The id of a run, or its beginning.")] = "",
    since: Annotated[
        str, typer.Option(metavar="TIME", help="Everything since then instead: 14:00, 2h, 2026-03-02T14:00.")
    ] = "",
    workflow: OfWorkflow = "",
    yes: Yes = False,
) -> Exit | None:
    """Reverse what a run did, where the network allows it; first it lists what can be undone, and what cannot and why.

    Runs that have not ended are stopped. Nothing is undone twice, however often it is asked.
    """
    from antiphon.model.undo import UndoWay
    from antiphon.runtime.identity import person

    if bool(run) == bool(since):
        raise InputError("Say what to undo.", hint="`antiphon undo RUN`, or `antiphon undo --since 2h`.")
    with shell.workspace() as app:
        found, runs = _survey(app, run, since, workflow)
        possible = [one for one in found if one.way is not UndoWay.NONE]
        open_runs = [one for one in runs if not one.state.ended]
        told = {"done": False, "undoings": found, "stops": [one.id for one in open_runs]}
        if not possible and not open_runs:
            shell.answer(told, *_shown(found, open_runs))
            shell.note("There is nothing left to undo.")
            return Exit.DONE if all(one.undone and one.undone.settled_at for one in found) else Exit.PERSON
        if not agreed(shell, yes, "Undo this now?", lambda: shell.answer(told, *_shown(found, open_runs))):
            shell.note("Nothing was done. --yes does it.")
            return Exit.PERSON
        # Written down before anything is done, so that no crash can hide who wanted it; what it came to follows.
        subject, stops = run or since, [one.id for one in open_runs]
        app.audit("undo", subject, None, {"effects": [one.entry.effect.key for one in possible], "stops": stops})
        because = f"undone by {person()}"
        busy = [why for one in open_runs if (why := app.undoer.stop(one, because))]
        if busy:
            raise InputError(f"Nothing was undone: {busy[0]}.")
        done = app.undoer.undo(possible, because)
        app.audit("undone", subject, None, {one.effect.key: str(one.state) for one in done})
        shell.answer(
            {"done": True, "undoings": found, "stops": stops, "entries": done},
            *_outcome(possible, done),
            *_shown([one for one in found if one.way is UndoWay.NONE], []),
        )
        # Looked at anew: while the question stood here, the run may have gone on.
        left, _ = _survey(app, run, since, workflow)
        return _exit(left, done)


def _survey(app: Antiphon, run: str, since: str, workflow: str) -> tuple[list[Undoing], list[Run]]:
    """What there is to undo, and the runs that it is of."""
    if run:
        found = app.store.runs.get(run)
        if found is None:
            raise InputError(f"There is no run {run}.", hint="See `antiphon runs list`.")
        return app.undoer.of_run(found), [found]
    undoings = app.undoer.since(moment_since(since, app.clock.now(), zone(app)), workflow)
    ids = dict.fromkeys(one.entry.effect.run for one in undoings)
    return undoings, [known for one in ids if (known := app.store.runs.get(one))]


def _shown(undoings: Sequence[Undoing], stops: Sequence[Run]) -> list[RenderableType]:
    """What will be undone and how, then what cannot be and why."""
    from antiphon.model.undo import UndoWay

    blocks: list[RenderableType] = []
    can = [one for one in undoings if one.way is not UndoWay.NONE]
    cannot = [one for one in undoings if one.way is UndoWay.NONE]
    if can:
        rows = ((line(one.entry.effect.summary, 80), line(one.told, 120)) for one in can)
        blocks += [Text(f"{counted(len(can), 'effect')} can be undone", style="bold"), table(("what", "how"), rows)]
    if cannot:
        rows = ((line(one.entry.effect.summary, 80), line(one.told, 120)) for one in cannot)
        head = Text(f"{counted(len(cannot), 'effect')} cannot be undone", style="bold yellow")
        blocks += [head, table(("what", "why"), rows)]
    if stops:
        blocks.append(Text(f"{counted(len(stops), 'run')} would be stopped: {', '.join(one.id for one in stops)}"))
    return blocks


def _outcome(undoings: Sequence[Undoing], done: Sequence[LedgerEntry]) -> list[RenderableType]:
    rows = (
        (line(one.entry.effect.summary, 80), state(entry.state), line(entry.reason or entry.effect.summary, 120))
        for one, entry in zip(undoings, done, strict=True)
    )
    return [table(("what", "state", "how"), rows)] if done else [Text("The run was stopped.")]


def _exit(undoings: Sequence[Undoing], done: Sequence[LedgerEntry]) -> Exit:
    """Done when nothing is left standing; else a person must look."""
    from antiphon.model.effect import EffectState

    left = any(one.undone is None for one in undoings)
    failed = any(entry.state not in (EffectState.DONE, EffectState.VETOED) for entry in done)
    return Exit.PERSON if left or failed else Exit.DONE

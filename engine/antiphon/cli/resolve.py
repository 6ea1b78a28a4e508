"""`antiphon effects resolve`: a person who has looked at the network settles what nobody else could."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from antiphon.cli.effects import find
from antiphon.cli.exits import Exit, of_activations
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.runtime.resolving import Answer


def resolve(
    shell: Shell,
    key: Annotated[str, typer.Argument(help="The key of an effect, or a part that only one has.", show_default=False)],
    done: Annotated[bool, typer.Option("--done", help="It is there: nothing more is sent.")] = False,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="It is not there: send it now.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It is not there, and is not to be sent.")] = False,
    url: Annotated[str, typer.Option(help="With --done: where it can be seen.")] = "",
) -> Exit | None:
    """Say what became of an effect that is parked or unknown; its run goes on at once.

    Look at the network first: after `--not-sent` the effect is sent, however often it is there already.
    """
    from antiphon.cli.activations import shown, summary
    from antiphon.runtime.identity import person
    from antiphon.runtime.resolving import resolve as settle

    answer = _answer(done, not_sent, reject)
    if url and not done:
        raise InputError("--url says where something is that was done.", hint="Write --done with it.")
    with shell.workspace() as app:
        before = find(app.store.ledger, key)
        after = settle(app.store.ledger, before, answer, app.clock, url=url, who=person())
        app.audit("effects resolve", after.effect.key, {"state": str(before.state)}, {"state": str(after.state)})
        activation = app.resume(after.effect.run) if _waits(app, after.effect.run) else None
        entry = app.store.ledger.get(after.effect.key) or after
        told = {"entry": entry.model_dump(mode="json"), "activation": None}
        if activation is None:
            shell.answer(told, f"{entry.effect.key} is {entry.state}. Its run is not waiting for it.")
            return None
        told["activation"] = {"summary": summary(activation), **activation.model_dump(mode="json")}
        shell.answer(told, *shown(app.program(activation.workflow), activation))
        return of_activations([activation])


def _answer(done: bool, not_sent: bool, reject: bool) -> Answer:
    from antiphon.runtime.resolving import Answer

    given = {Answer.DONE: done, Answer.NOT_SENT: not_sent, Answer.REJECT: reject}
    chosen = [answer for answer, asked in given.items() if asked]
    if len(chosen) != 1:
        raise InputError("Say what became of it.", hint="Exactly one of --done, --not-sent and --reject.")
    return chosen[0]


def _waits(app: Antiphon, run_id: str) -> bool:
    run = app.store.runs.get(run_id)
    return run is not None and not run.state.ended

"""`antiphon alerts`: what people were told when something needed them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import line, moment, state, table
from antiphon.cli.shell import Shell, zone
from antiphon.errors import SettingsError


def list_(
    shell: Shell,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, the newest first.")] = 30,
) -> Exit | None:
    """List the newest messages. One that is `sending` for long was interrupted, and may have arrived."""
    with shell.workspace() as app:
        found, here = app.store.alerts.list(limit), zone(app)
    rows = (
        (moment(one.at, here), one.kind, state(one.state), str(one.tries), line(one.title, 80), line(one.because, 100))
        for one in found
    )
    head = (f"when ({here.key})", "kind", "state", "tries", "title", "because")
    shell.answer(found, table(head, rows) if found else Text("Nobody was told anything yet."))
    return None


def test(shell: Shell) -> Exit | None:
    """Send a message to everybody under `to` of [alerts], to see that it arrives."""
    with shell.workspace() as app:
        if not app.settings.alerts.to:
            raise SettingsError("Nobody is to be told: [alerts] names no address.", hint="Add `to` in antiphon.toml.")
        answers = app.alerts.try_out()
    document = [{"address": number, "taken": not told, "because": told} for number, told in enumerate(answers, 1)]
    rows = ((str(number), line(told) or "taken") for number, told in enumerate(answers, 1))
    shell.answer(document, table(("address", "answer"), rows))
    return Exit.OPERATOR if any(answers) else Exit.DONE

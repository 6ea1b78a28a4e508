"""`antiphon db`: the database."""

from __future__ import annotations

from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.shell import Shell


def upgrade(shell: Shell) -> Exit | None:
    """Make the database, or bring it up to the version of this Antiphon."""
    with shell.workspace() as app:
        _ = app.store  # opening it is what brings it up to date
    shell.answer({"done": True}, Text("The database is up to date."))
    return None

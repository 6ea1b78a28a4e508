"""`antiphon connections`: accounts on networks. The values of their options are never shown."""

from __future__ import annotations

from typing import Annotated

import typer

from antiphon.cli.exits import Exit
from antiphon.cli.printing import safe, table
from antiphon.cli.shell import Shell
from antiphon.errors import AntiphonError, InputError


def list_(shell: Shell) -> Exit | None:
    """List the connections of antiphon.toml with the names of their options."""
    with shell.workspace() as app:
        found = app.settings.connections
        known = app.registry.catalogue.connectors
    document = [
        {
            "connection": name,
            "connector": one.connector,
            "known": one.connector in known,
            "options": sorted(one.options),
        }
        for name, one in found.items()
    ]
    rows = (
        (
            name,
            one.connector if one.connector in known else f"{one.connector} (unknown)",
            ", ".join(sorted(one.options)),
        )
        for name, one in found.items()
    )
    shell.answer(document, table(("connection", "connector", "options"), rows))
    if not found:
        shell.note("There are no connections; add a [connections.NAME] to antiphon.toml.")
    return None


def check(
    shell: Shell,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Connections; else all.")] = None,
) -> Exit | None:
    """Ask each network who we are there."""
    with shell.workspace() as app:
        known = app.connections.names()
        if unknown := [name for name in names or () if name not in known]:
            hint = f"The connections are {', '.join(known)}." if known else "There are none in antiphon.toml."
            raise InputError(f"There is no connection `{unknown[0]}`.", hint=hint)
        answers: list[tuple[str, bool, str]] = []
        for name in names or known:
            shell.note(f"asking {name} …", style="dim")
            try:
                answers.append((name, True, app.connections.connector(name).check()))
            except AntiphonError as error:
                answers.append((name, False, str(error)))
            except Exception as error:  # a stranger's connector; what it raises may hold a secret, its type does not
                answers.append((name, False, f"The connector failed in its own code: {type(error).__name__}."))
    rows = ((name, "works" if works else "fails", safe(told)) for name, works, told in answers)
    shell.answer(
        [{"connection": name, "works": works, "told": told} for name, works, told in answers],
        table(("connection", "", "answer"), rows),
    )
    return None if all(works for _, works, _ in answers) else Exit.OPERATOR

"""`antiphon connections`: accounts on networks. The values of their options are never shown."""

from __future__ import annotations

from typing import Annotated

import typer

from antiphon.cli.exits import Exit
from antiphon.cli.printing import safe, table
from antiphon.cli.shell import Shell
from antiphon.errors import AntiphonError, InputError


def list_(shell: Shell) -> Exit | None:
    """List the connections, of antiphon.toml and stored, with the names of their options."""
    with shell.workspace() as app:
        known = app.registry.catalogue.connectors
        found = [
            *((name, one.connector, sorted(one.options), False) for name, one in app.settings.connections.items()),
            *(
                (name, one.connector, sorted([*one.options, *one.hidden]), True)
                for name, one in app.vault.connections().items()
            ),
        ]
    document = [
        {"connection": name, "connector": connector, "known": connector in known, "options": options, "stored": stored}
        for name, connector, options, stored in found
    ]
    rows = (
        (
            name,
            connector if connector in known else f"{connector} (unknown)",
            ", ".join(options),
            "stored" if stored else "antiphon.toml",
        )
        for name, connector, options, stored in found
    )
    shell.answer(document, table(("connection", "connector", "options", "from"), rows))
    if not found:
        shell.note("There are no connections; see `antiphon connections add --help`.")
    return None


def check(
    shell: Shell,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Connections; else all.")] = None,
) -> Exit | None:
    """Ask each network who we are there."""
    with shell.workspace() as app:
        known = app.connections.names()
        if unknown := [name for name in names or () if name not in known]:
            hint = f"The connections are {', '.join(known)}." if known else "There are none."
            raise InputError(f"There is no connection `{unknown[0]}`.", hint=hint)
        answers: list[tuple[str, bool, str]] = []
        for name in names or list(known):
            shell.note(f"asking {name} …", style="dim")
            try:
                answers.append((name, True, app.connections.connector(name).check()))
            except AntiphonError as error:
                answers.append((name, False, app.secrets.conceal(str(error))))
            except Exception as error:  # a stranger's connector; what it raises may hold a secret, its type does not
                answers.append((name, False, f"The connector failed in its own code: {type(error).__name__}."))
    rows = ((name, "works" if works else "fails", safe(told)) for name, works, told in answers)
    shell.answer(
        [{"connection": name, "works": works, "told": told} for name, works, told in answers],
        table(("connection", "", "answer"), rows),
    )
    return None if all(works for _, works, _ in answers) else Exit.OPERATOR

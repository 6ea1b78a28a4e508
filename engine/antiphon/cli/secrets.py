"""`antiphon secrets`: values for `${{ secrets.name }}` that are stored sealed. They are never shown."""

from __future__ import annotations

import re

from rich.text import Text

from antiphon.cli.asking import ask
from antiphon.cli.credentials import FromStdin, Name
from antiphon.cli.exits import Exit
from antiphon.cli.printing import moment, table
from antiphon.cli.shell import Shell, zone
from antiphon.errors import InputError


def set_(shell: Shell, name: Name, secret_stdin: FromStdin = False) -> Exit | None:
    """Store a secret, in the place of one of the same name. A variable ANTIPHON_SECRET_NAME goes before it."""
    if not re.fullmatch(r"[A-Za-z0-9_]+", name):
        raise InputError(f"{name!r} is no name of a secret.", hint="Use letters, digits and _.")
    with shell.workspace() as app:
        before = any(one.name == name for one in app.vault.secrets())
        value = ask([name], from_stdin=secret_stdin)[name]
        app.secrets.learn(value, f"${{{{ secrets.{name} }}}}")
        app.vault.keep_secret(name, value)
        app.audit("secrets set", name, {"stored": before}, {"stored": True})
        hidden = app.registry.secret(name) is not None
    if hidden:
        shell.note(f"A plugin or the environment gives {name} too, and goes before what is stored.", style="yellow")
    shell.answer({"secret": name}, Text(f"Stored {name}: write ${{{{ secrets.{name} }}}}."))
    return None


def list_(shell: Shell) -> Exit | None:
    """List the names of the stored secrets."""
    with shell.workspace() as app:
        found = app.vault.secrets()
        here = zone(app)
    shell.answer(
        [{"secret": one.name, "updated_at": one.updated_at, "key": one.key} for one in found],
        table(
            ("secret", f"stored ({here.key})", "under key"),
            ((o.name, moment(o.updated_at, here), o.key) for o in found),
        ),
    )
    return None


def remove(shell: Shell, name: Name) -> Exit | None:
    """Forget a stored secret."""
    with shell.workspace() as app:
        app.vault.remove("secret", name)
        app.audit("secrets remove", name, {"stored": True}, {"stored": False})
    shell.answer({"removed": name}, Text(f"Removed {name}."))
    return None

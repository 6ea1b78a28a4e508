"""`antiphon plugins`: who brought what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import counted, sheet, table
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.catalogue import Plugin
    from antiphon.registry import Registry


def list_(shell: Shell) -> Exit | None:
    """List the plugins with what they brought, and those that could not be used."""
    with shell.workspace() as app:
        catalogue, words = app.registry.catalogue, _words(app.registry)
    rows = ((one.name, one.version, one.origin, _tally(one)) for one in catalogue.plugins)
    shell.answer(
        {
            "plugins": [_document(one) for one in catalogue.plugins],
            "words": words,
            "problems": [{"plugin": one.plugin, "hook": one.hook, "sentence": str(one)} for one in catalogue.problems],
        },
        table(("plugin", "version", "from", "brought"), rows),
        *([Text(f"\nWords they add to the command line: {', '.join(words)}")] if words else []),
    )
    return Exit.OPERATOR if catalogue.problems else None


def show(
    shell: Shell, name: Annotated[str, typer.Argument(help="The name of a plugin.", show_default=False)]
) -> Exit | None:
    """Show everything that one plugin brought."""
    with shell.workspace() as app:
        plugins = {one.name: one for one in app.registry.catalogue.plugins}
    if (found := plugins.get(name)) is None:
        raise InputError(f"There is no plugin `{name}`.", hint=f"The plugins are {', '.join(plugins)}.")
    kinds: dict[str, list[str]] = {}
    for kind, component in found.brought:
        kinds.setdefault(kind, []).append(component)
    shell.answer(
        _document(found),
        Text.assemble((found.name, "bold"), f" {found.version}  from {found.origin}"),
        sheet([(kind, ", ".join(names)) for kind, names in kinds.items()]),
    )
    return None


def _words(registry: Registry) -> Sequence[str]:
    from antiphon.cli.strangers import commands_of

    return sorted(commands_of(registry))


def _tally(plugin: Plugin) -> str:
    kinds = [kind for kind, _ in plugin.brought]
    return (
        ", ".join(counted(kinds.count(kind), kind.rstrip("s"), kind) for kind in dict.fromkeys(kinds)) or "hooks only"
    )


def _document(plugin: Plugin) -> dict[str, object]:
    return {
        "plugin": plugin.name,
        "version": plugin.version,
        "origin": plugin.origin,
        "brought": [{"kind": kind, "name": name} for kind, name in plugin.brought],
    }

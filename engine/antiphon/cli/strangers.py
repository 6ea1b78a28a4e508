"""Words that plugins bring.

Plugins are imported only when a word is none of ours. To list their words in `antiphon --help` would mean importing
every plugin for every help (0.2 to 0.3 s of CPU with the bundled ones, as much again as the help itself), so help
points to `antiphon plugins list` instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

if TYPE_CHECKING:
    from antiphon.registry import Registry


class Words(TyperGroup):
    """Our words, and behind them those of the plugins installed and of the current folder's plugin.py."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        return super().get_command(ctx, cmd_name) or self._strangers(cmd_name)

    def _strangers(self, name: str) -> Any:
        if name.startswith("-"):
            return None
        from antiphon.registry import Registry

        return commands_of(Registry.load(Path.cwd())).get(name)


def commands_of(registry: Registry) -> dict[str, Any]:
    """The commands that plugins bring, by word; a plugin that fails at it brings none."""
    added = typer.Typer(pretty_exceptions_enable=False)
    registry.commands(added)
    if not (added.registered_commands or added.registered_groups):
        return {}
    # A typer with one command and no callback would be that command itself.
    added.callback()(lambda: None)
    group: Any = get_command(added)
    return dict(group.commands)

"""The demonstration: the whole story on real posts, as a plugin that adds the word `demo` to the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from antiphon.hookspecs import hookimpl

if TYPE_CHECKING:
    import typer


@hookimpl
def register_commands(cli: typer.Typer) -> None:
    """`antiphon demo`."""
    from antiphon.demonstration.command import demo

    cli.command("demo")(demo)

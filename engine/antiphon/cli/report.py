"""`antiphon report`: what a period came to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.periods import since
from antiphon.cli.shell import Shell
from antiphon.errors import InputError


def report(
    shell: Shell,
    sections: Annotated[list[str] | None, typer.Argument(metavar="[SECTION]...", help="Sections; else all.")] = None,
    period: Annotated[str, typer.Option(help="How far back, such as 24h or 7d.")] = "7d",
    title: Annotated[str, typer.Option(help="What stands above it.")] = "",
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file that ends in .html, .md, .csv or .json; else here.")
    ] = None,
) -> Exit | None:
    """Tell what a period came to, here or in a file."""
    from antiphon.report import FORMATS, to_markdown, write

    ending = to.suffix.removeprefix(".") if to else ""
    if to is not None and ending not in FORMATS:
        hint = f"Let the file end in one of {', '.join(f'.{name}' for name in FORMATS)}."
        raise InputError(f"{to} does not say which form the report is to have.", hint=hint)
    with shell.workspace() as app:
        now, workspace = app.clock.now(), app.settings.workspace
        made = app.reports.build(
            sections or list(app.registry.catalogue.sections),
            title=title or workspace.name,
            since=since(period, now),
            until=now,
            language=workspace.language,
        )
    if to is not None:
        [file] = write(made, to.with_suffix(""), [ending])
        shell.answer({"file": file}, Text(f"made {file}"))
        return None
    shell.answer(made, _page(to_markdown(made), shell))
    return None


def _page(markdown: str, shell: Shell) -> Any:
    """Drawn on a terminal, and as it stands in a pipe."""
    if not shell.out.is_terminal:
        return Text(markdown.rstrip("\n"))
    from rich.markdown import Markdown

    return Markdown(markdown, hyperlinks=False)

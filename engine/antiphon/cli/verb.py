"""What makes a function a word of the command line: the shared options, and what becomes of an error."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Annotated, Any

import typer

from antiphon.cli.exits import Exit, of_error
from antiphon.cli.shell import Shell
from antiphon.errors import AntiphonError

Folder = Annotated[
    Path,
    typer.Option(
        "--folder", "-C", help="The workspace: work as if started in this folder.", exists=True, file_okay=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document on standard output.")]

_SHARED = (
    inspect.Parameter("folder", inspect.Parameter.KEYWORD_ONLY, default=Path(), annotation=Folder),
    inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json),
)


def verb(group: typer.Typer, function: Callable[..., Exit | None], *, panel: str = "", name: str = "") -> None:
    """Add a function to a group of words.

    Its first argument is the Shell; the others become arguments and options, as typer reads them. The first paragraph
    of its docstring is its help. What it returns is the exit code; an AntiphonError becomes a sentence, a hint and a
    code, and any other exception stays what it is: a mistake of ours.
    """
    signature = inspect.signature(function, eval_str=True)
    asked = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in list(signature.parameters.values())[1:]
    ]

    @functools.wraps(function)
    def command(*, folder: Path, json: bool, **given: Any) -> None:
        shell = Shell(folder.resolve(), json)
        try:
            with chdir(shell.folder):
                code = function(shell, **given) or Exit.DONE
        except AntiphonError as error:
            shell.complain(error)
            code = of_error(error)
        except KeyboardInterrupt:
            shell.note("Stopped.")
            code = Exit.INTERRUPTED
        raise typer.Exit(code)

    parameters = [*asked, *_SHARED]
    # Typer looks at these two to learn what to ask for.
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    group.command(name or function.__name__.rstrip("_"), rich_help_panel=panel or None)(command)

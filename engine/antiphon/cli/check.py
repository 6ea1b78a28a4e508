"""`antiphon check`: every problem of every document, and no database or network touched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import counted
from antiphon.cli.problems import as_document, shown
from antiphon.cli.shell import Shell
from antiphon.errors import Problem


def check(
    shell: Shell,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Documents and folders of them; else workflows/ and recipes/."),
    ] = None,
) -> Exit | None:
    """Compile every document and list every problem, those of files that plugins read too; change nothing."""
    with shell.workspace() as app:
        compiled = app.check(paths or [folder for folder in (Path("workflows"), Path("recipes")) if folder.is_dir()])
        others = [] if paths else app.registry.check(app.settings.folder)
    problems, warnings = sorted([*compiled.problems, *others]), sorted(compiled.warnings)
    document = {
        "documents": compiled.documents,
        "workflows": {name: program.fingerprint for name, program in compiled.programs.items()},
        "problems": [as_document(problem) for problem in problems],
        "warnings": [as_document(warning) for warning in warnings],
    }
    blocks = [*shown(warnings, "warning"), *shown(problems, "error")]
    shell.answer(document, *(line for block in blocks for line in (block, Text())), _verdict(document, problems))
    if not compiled.documents and not paths:
        shell.note("There are no documents here; `antiphon init` makes a workspace.")
    return Exit.AUTHOR if problems else None


def _verdict(document: dict[str, object], problems: list[Problem]) -> Text:
    count = document["documents"]
    assert isinstance(count, int)
    if not problems:
        return Text(f"{counted(count, 'document')}, no problems", style="green")
    files = len({problem.place.file for problem in problems})
    return Text(f"{counted(count, 'document')}, {counted(len(problems), 'problem')} in {files} of them", style="red")

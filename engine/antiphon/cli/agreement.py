"""Agreement: what is done to the world outside is agreed to by a person, or by `--yes` in a script."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from antiphon.cli.shell import Shell

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]


def agreed(shell: Shell, yes: bool, question: str, show: Callable[[], None]) -> bool:
    """Whether it may be done, after `show` has shown it. Where nobody can be asked, it may not."""
    if yes:
        return True
    show()
    if shell.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(question, err=True)

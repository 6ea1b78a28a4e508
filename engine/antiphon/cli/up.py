"""`antiphon up`: everything on this machine."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from antiphon.cli.exits import Exit
from antiphon.cli.shell import Shell


def up(
    shell: Shell,
    pages: Annotated[bool, typer.Option(help="Serve webhooks and pages too.")] = True,
) -> Exit | None:
    """Run everything on this machine until Ctrl-C: schedules, polling, webhooks, workflows, pages. It is live."""
    from antiphon.orchestrator.up import up as serve

    with shell.workspace() as app:
        server = None
        if pages:
            from antiphon.web.server import create

            server = create(app)
        serve(app, on_progress=shell.note, stop=threading.Event(), pages=server)
    return None

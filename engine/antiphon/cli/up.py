"""`antiphon up`: everything on this machine."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from antiphon.cli.exits import Exit
from antiphon.cli.page import link_of, show
from antiphon.cli.shell import Shell


def up(
    shell: Shell,
    pages: Annotated[bool, typer.Option(help="Serve webhooks and pages too.")] = True,
    open_: Annotated[bool, typer.Option("--open", help="Open the pages in your browser, signed in.")] = False,
) -> Exit | None:
    """Run everything on this machine until Ctrl-C: schedules, polling, webhooks, workflows, pages. It is live."""
    from antiphon.orchestrator.up import up as serve

    with shell.workspace() as app:
        server = None
        if pages:
            from antiphon.web.server import create

            server = create(app)

        def welcome() -> None:
            address = link_of(app)
            shell.note(f"Sign in, once and within 15 minutes: {address}")
            shell.note("A new link: antiphon page link", style="dim")
            if open_:
                show(address)

        serve(app, on_progress=shell.note, stop=threading.Event(), pages=server, on_pages=welcome)
    return None
